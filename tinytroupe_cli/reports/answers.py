"""The answers as tables, and each field in a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence

from pydantic import JsonValue

from tinytroupe_cli.analysis.descriptive import Summary
from tinytroupe_cli.analysis.weighted_summaries import WeightedNumbers
from tinytroupe_cli.core.number_format import count, number
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.reports.figures import answer, enumeration, humanized, percent, ranking
from tinytroupe_cli.reports.participants import QuerySummary
from tinytroupe_cli.reports.results import Results

MAX_COLUMNS = 6
"""With more conditions than this a table turns: a condition is a row."""
MAX_CHARACTERS = 400
"""Of an answer in words that is told at the top."""
MAX_ENTRIES = 12
"""Of lists; the rest is in results.json."""


def condition_label(condition: Condition) -> str:
    """Write a condition by its levels: `price 399 + ad calm`."""
    levels = [f"{humanized(factor)} {answer(level)}" for factor, level in condition.levels.items()]
    return " + ".join(levels) or humanized(condition.name)


def answer_table(results: Results, query: str, field: PlannedField) -> list[list[str]]:
    """Return a field's table: a row for each answer and figure, a column for each condition."""
    columns = _columns(results, query, field)
    grid = [[humanized(field.name), *(_heading(results, column) for column in columns)]]
    grid += [[name, *(figure(column) for column in columns)] for name, figure in _figures(field, columns)]
    return [list(row) for row in zip(*grid, strict=True)] if len(columns) > MAX_COLUMNS else grid


def person_table(results: Results, asked: QuerySummary) -> list[list[str]]:
    """Return everybody's answers to one query: a row for each answer sheet, a column for each field."""
    names = {person.id: person.name for person in results.participants}
    labels = {condition.name: condition_label(condition) for condition in results.conditions}
    rooms = {trial.id: str(trial.group or "") for trial in results.trials}
    is_of_rooms = not asked.is_of_people and any(rooms.values())
    shows = (asked.is_of_people, is_of_rooms, len(labels) > 1, results.replicates > 1, asked.samples > 1)
    head = ["person", "room", "condition", "replicate", "sample"]
    grid = [[*_kept(head, shows), *(humanized(field.name) for field in asked.fields)]]
    rows = [row for row in results.rows if row.query == asked.query]
    for start in range(0, len(rows), len(asked.fields)):
        sheet = rows[start : start + len(asked.fields)]
        first = sheet[0]
        lead = [
            names.get(first.person, first.person),
            rooms[first.trial],
            labels[first.condition],
            str(first.replicate),
        ]
        cells = [_cell(row.outcome, row.value, field) for row, field in zip(sheet, asked.fields, strict=True)]
        grid.append([*_kept([*lead, str(first.sample + 1)], shows), *cells])
    return grid


def findings(results: Results, without: Collection[tuple[str, str]] = ()) -> Iterator[tuple[str, str]]:
    """Yield field and sentence for each field that can be summed up, but for some of a query and a field."""
    names = Counter(field.name for query in results.queries for field in query.fields)
    for query in results.queries:
        for field in query.fields:
            is_told = field.is_auxiliary or (query.query, field.name) in without
            if sentence := "" if is_told else _finding(results, query, field):
                name = humanized(query.query if query.procedure in ("judge", "score") else field.name)
                is_clear = names[field.name] == 1 or query.procedure in ("judge", "score")
                yield name if is_clear else f"{humanized(query.query)}, {name}", sentence


def has_table(results: Results, asked: QuerySummary, field: PlannedField) -> bool:
    """Return whether there is more to count than that something was said."""
    is_counted = type_of(field).shape != "words" and not field.is_auxiliary
    return is_counted and _columns(results, asked.query, field)[-1].planned > 1


def with_end_label(field: PlannedField, value: JsonValue) -> str:
    """Write an answer; at an end of a scale with what the end stands for: `7 (very)`."""
    ends = type_of(field).ends(field) or ()
    words = next((end.label for end in ends if end.value == value), "")
    return f"{answer(value)} ({words})" if words and words != answer(value) else answer(value)


def _kept(cells: Sequence[str], shows: Sequence[bool]) -> list[str]:
    return [cell for cell, is_shown in zip(cells, shows, strict=True) if is_shown]


def _cell(outcome: str, value: object, field: PlannedField) -> str:
    match outcome:
        case "stated":
            return ranking(value) if type_of(field).shape == "ranking" else answer(value)  # pyright: ignore[reportArgumentType] - JSON
        case "not_stated":
            return "not stated"
        case "refused":
            return "(declined)"
        case "failed":
            return "(no usable answer)"
        case _:
            return "(not asked)"


def _columns(results: Results, query: str, field: PlannedField) -> list[Summary]:
    """Return each condition's summary, then that of all; the one there is where there is one condition."""
    own = [summary for summary in results.summaries if (summary.query, summary.field) == (query, field.name)]
    return [*own[1:], own[0]]


def _heading(results: Results, summary: Summary) -> str:
    if not summary.condition:
        return "all" if len(results.conditions) > 1 else "answers"
    return next(condition_label(condition) for condition in results.conditions if condition.name == summary.condition)


_Figures = Iterator[tuple[str, Callable[[Summary], str]]]


def _figures(field: PlannedField, columns: Sequence[Summary]) -> _Figures:
    if type_of(field).shape == "ranking":
        yield from _place_figures(columns[-1])
    else:
        yield from _share_figures(field, columns[-1])
    if any(column.numbers for column in columns):
        yield from _number_figures(field, columns[-1])
    yield "stated", lambda column: f"{column.stated} of {column.planned}"
    for name in ("not_stated", "refused", "failed", "unasked"):
        if any(_missing(column, name) for column in columns):
            yield _MISSING[name], lambda column, name=name: str(_missing(column, name))


_MISSING = {
    "not_stated": "not stated",
    "refused": "declined by the model",
    "failed": "no usable answer",
    "unasked": "not asked",
}


def _missing(summary: Summary, name: str) -> int:
    match name:
        case "not_stated":
            return summary.not_stated
        case "refused":
            return summary.refused
        case "failed":
            return summary.failed
        case _:
            return summary.unasked


def _share_figures(field: PlannedField, whole: Summary) -> _Figures:
    shown = whole.shares[:MAX_ENTRIES] if type_of(field).shape == "entries" else whole.shares
    for share in shown:

        def figure(summary: Summary, wanted: object = share.value) -> str:
            found = next((share for share in summary.shares if share.value == wanted), None)
            if found is None:
                return "0"
            if found.share is None:
                return str(found.count)
            share = f"{percent(found.share)}{_weighted_share(summary, found.value)}"
            return share if summary.is_distribution else f"{found.count} ({share})"

        yield with_end_label(field, share.value), figure


def weighted_in_brackets(summary: Summary, value: JsonValue) -> str:
    """Return ` (weighted 52%)`; empty without weights."""
    words = _weighted_share(summary, value).removeprefix(", ")
    return f" ({words})" if words else ""


def _weighted_share(summary: Summary, value: JsonValue) -> str:
    """Return `, weighted 52%`; empty without weights."""
    shares = summary.weighted.shares if summary.weighted else ()
    return next((f", weighted {percent(share.share)}" for share in shares if share.value == value), "")


def _weighted(summary: Summary) -> WeightedNumbers | None:
    return summary.weighted.numbers if summary.weighted else None


def _place_figures(whole: Summary) -> _Figures:
    for place in sorted(whole.places, key=lambda place: place.mean):

        def figure(summary: Summary, option: object = place.option) -> str:
            found = next((rank for rank in summary.places if rank.option == option), None)
            if found is None:
                return "none"
            places = summary.weighted.places if summary.weighted else ()
            weighted = next((f", weighted {number(rank.mean)}" for rank in places if rank.option == option), "")
            return f"{number(found.mean)} ({count(found.first_places, 'time')} first{weighted})"

        yield f"{answer(place.option)}: mean place", figure


def _number_figures(field: PlannedField, whole: Summary) -> _Figures:
    kind = type_of(field)
    yield "mean", lambda column: kind.figure(column.numbers.mean) if column.numbers else "none"
    if whole.weighted is not None:
        yield "weighted mean", lambda column: kind.figure(found.mean) if (found := _weighted(column)) else "none"
    if whole.stated < 2:  # noqa: PLR2004 - one answer is its own mean, and has no spread
        return
    yield "median", lambda column: kind.figure(column.numbers.median) if column.numbers else "none"
    yield (
        "standard deviation",
        lambda column: kind.spread(column.numbers.sd) if column.numbers and column.numbers.sd is not None else "none",
    )
    yield (
        "least to most",
        lambda column: (
            f"{kind.figure(column.numbers.min)} to {kind.figure(column.numbers.max)}" if column.numbers else "none"
        ),
    )


def _finding(results: Results, asked: QuerySummary, field: PlannedField) -> str:
    columns = _columns(results, asked.query, field)
    whole = columns[-1]
    if whole.planned == 1:
        return _only_answer(results, asked, field)
    if not has_table(results, asked, field):
        return ""
    if not whole.stated:
        return "nobody stated an answer."
    parts = [_sentence(field, whole)]
    if type_of(field).shape not in ("entries", "ranking") and 1 < len(columns) <= MAX_COLUMNS + 1:
        each = [f"{_heading(results, column)}: {_short(field, column)}" for column in columns[:-1]]
        parts.append(f" ({'; '.join(each)})")
    if whole.planned > whole.stated:
        parts.append(f"; {_missing_of(whole)}")
    return "".join(parts) + "."


def _missing_of(whole: Summary) -> str:
    missing = whole.planned - whole.stated
    return f"{missing} of {whole.planned} answers {'is' if missing == 1 else 'are'} missing"


def _only_answer(results: Results, asked: QuerySummary, field: PlannedField) -> str:
    """Return the only answer: a text as it is, a choice with its count."""
    row = next(row for row in results.rows if (row.query, row.field) == (asked.query, field.name))
    cell = _cell(row.outcome, row.value, field)
    if type_of(field).shape == "words" and row.outcome == "stated":
        return f"“{cell}”" if len(cell) <= MAX_CHARACTERS else ""
    if type_of(field).shape in ("nominal", "binary") and row.outcome == "stated":
        return f"{cell} 1 of 1."
    unit = f" {field.unit}" if field.unit and row.outcome == "stated" else ""
    return f"{cell}{unit}{_ends(field)}".removesuffix(".") + "."


def _sentence(field: PlannedField, summary: Summary) -> str:
    match type_of(field).shape:
        case "nominal" | "binary" | "entries":
            ordered = sorted((share for share in summary.shares if share.count), key=lambda share: -share.count)
            named = [
                f"{answer(share.value)} {share.count}{weighted_in_brackets(summary, share.value)}" for share in ordered
            ]
            return f"{enumeration(named)} of {summary.stated}" if named else "nothing was named"
        case "ranking":
            ordered = sorted(summary.places, key=lambda place: place.mean)
            return "in order of mean place: " + enumeration(
                [f"{answer(place.option)} ({number(place.mean)})" for place in ordered]
            )
        case "numeric" | "ordinal" | "words":
            return _average(field, summary)


def _average(field: PlannedField, summary: Summary) -> str:
    if summary.numbers is None:
        return ""
    unit = f" {field.unit}" if field.unit else ""
    figure = type_of(field).figure
    spread = f", from {figure(summary.numbers.min)} to {figure(summary.numbers.max)}"
    weighted = f" (weighted {figure(numbers.mean)})" if (numbers := _weighted(summary)) else ""
    mean = f"{figure(summary.numbers.mean)}{unit} on average{weighted}"
    return f"{mean} of {count(summary.stated, 'answer')}{spread}{_ends(field)}"


def _ends(field: PlannedField) -> str:
    ends = type_of(field).ends(field) or ()
    written = [f"{answer(end.value)} = {end.label}" if end.label else answer(end.value) for end in ends]
    return f", on a scale of {' to '.join(written)}" if written else ""


def _short(field: PlannedField, summary: Summary) -> str:
    if not summary.stated:
        return "none"
    if summary.numbers is not None:
        return type_of(field).figure(summary.numbers.mean)
    if type_of(field).shape == "binary":
        return f"yes {summary.shares[0].count} of {summary.stated}"
    most = max((share.count for share in summary.shares), default=0)
    best = [answer(share.value) for share in summary.shares if share.count == most]
    return f"{enumeration(best)} {most} of {summary.stated}{' each' * (len(best) > 1)}"
