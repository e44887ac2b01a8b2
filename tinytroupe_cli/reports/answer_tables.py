"""The answers to a query as tables: by condition, and by person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import JsonValue

from tinytroupe_cli.analysis.descriptive import Summary
from tinytroupe_cli.analysis.weighted_summaries import WeightedNumbers
from tinytroupe_cli.core.number_format import count, number
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.reports.codings import code_forms
from tinytroupe_cli.reports.data_tables import MISSING_WORDS, MissingAnswer
from tinytroupe_cli.reports.figures import answer, humanized, percent, ranking
from tinytroupe_cli.reports.labels import condition_label, measure_name, with_end_label
from tinytroupe_cli.reports.participants import QuerySummary
from tinytroupe_cli.reports.results import Results

MISSING_CELLS: Final[Mapping[str, str]] = {
    "not_stated": "not stated",
    "refused": "(declined)",
    "failed": "(no usable answer)",
    "unasked": "(not asked)",
}
"""What stands in a cell without an answer, by outcome."""
MAX_COLUMNS = 6
"""With more conditions, conditions are rows."""
MAX_ENTRIES = 12
"""Entries of lists; results.json has all."""


def query_sheet(results: Results, asked: QuerySummary) -> dict[str, Any]:
    """Return what the report shows of a query: its fields, a table for each, and a table of people."""
    forms = code_forms(results.codings)
    sorted_fields = {category.name for category in results.categories}
    return {
        "asked": asked,
        "name": humanized(asked.query),
        "fields": [
            (humanized(field.name), forms.get(f"{asked.query}.{field.name}") or type_of(field).phrase(field))
            for field in asked.fields
            if not field.is_auxiliary and f"{asked.query}.{field.name}" not in sorted_fields
        ],
        "tables": [
            {"name": humanized(field.name), "rows": answer_table(results, asked, field)}
            for field in asked.fields
            if has_table(results, asked, field)
        ],
        "sheet": person_table(results, asked),
    }


def answer_table(results: Results, asked: QuerySummary, field: PlannedField) -> list[list[str]]:
    """Return a field's table: a row for each answer and figure, a column for each condition."""
    columns = field_summaries(results, asked.query, field)
    grid = [[measure_name(asked, field), *(column_heading(results, column) for column in columns)]]
    grid += [[name, *(figure(column) for column in columns)] for name, figure in _figures(field, columns)]
    return [list(row) for row in zip(*grid, strict=True)] if len(columns) > MAX_COLUMNS else grid


def person_table(results: Results, asked: QuerySummary) -> list[list[str]]:
    """Return everybody's answers to one query: a row for each answer sheet, a column for each field."""
    left_out = {one.person for one in results.exclusions.people} if results.exclusions else set[str]()
    names = {
        person.id: f"{person.name}{' (left out)' if person.id in left_out else ''}" for person in results.participants
    }
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
        cells = [cell_text(row.outcome, row.value, field) for row, field in zip(sheet, asked.fields, strict=True)]
        grid.append([*_kept([*lead, str(first.sample + 1)], shows), *cells])
    return grid


def has_table(results: Results, asked: QuerySummary, field: PlannedField) -> bool:
    """Return whether there is more to count than that something was said."""
    is_counted = type_of(field).shape != "words" and not field.is_auxiliary
    columns = field_summaries(results, asked.query, field) if is_counted else []
    return bool(columns) and columns[-1].planned > 1


def weighted_in_brackets(summary: Summary, value: JsonValue) -> str:
    """Return ` (weighted 52%)`; empty without weights."""
    words = _weighted_share(summary, value).removeprefix(", ")
    return f" ({words})" if words else ""


def field_summaries(results: Results, query: str, field: PlannedField) -> list[Summary]:
    """Return the summary of each condition, then that of all; a single one if there is one condition.

    Empty where `exclude` leaves out everybody who was asked.
    """
    own = [summary for summary in results.summaries if (summary.query, summary.field) == (query, field.name)]
    return [*own[1:], *own[:1]]


def _kept(cells: Sequence[str], shows: Sequence[bool]) -> list[str]:
    return [cell for cell, is_shown in zip(cells, shows, strict=True) if is_shown]


def cell_text(outcome: str, value: object, field: PlannedField) -> str:
    """Write an answer, or why there is none."""
    if outcome != "stated":
        return MISSING_CELLS[outcome]
    if told := type_of(field).told(field, value):  # pyright: ignore[reportArgumentType] - JSON
        return told
    return ranking(value) if type_of(field).shape == "ranking" else answer(value)  # pyright: ignore[reportArgumentType] - JSON


def column_heading(results: Results, summary: Summary) -> str:
    """Return the label of the condition that a summary is of."""
    if not summary.condition:
        return "all" if len(results.conditions) > 1 else "answers"
    return next(condition_label(condition) for condition in results.conditions if condition.name == summary.condition)


_Figures = Iterator[tuple[str, Callable[[Summary], str]]]


def _figures(field: PlannedField, columns: Sequence[Summary]) -> _Figures:
    if type_of(field).shape == "amounts":
        yield from _amount_figures(columns[-1])
    elif type_of(field).shape == "ranking":
        yield from _place_figures(columns[-1])
    else:
        yield from _share_figures(field, columns[-1])
    if any(column.numbers for column in columns):
        yield from _number_figures(field, columns[-1])
    yield "stated", lambda column: f"{column.stated} of {column.planned}"
    for name in ("not_stated", "refused", "failed", "unasked"):
        if any(_missing(column, name) for column in columns):
            yield MISSING_WORDS[MissingAnswer(name)], lambda column, name=name: str(_missing(column, name))


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


def _weighted_share(summary: Summary, value: JsonValue) -> str:
    """Return `, weighted 52%`; empty without weights."""
    shares = summary.weighted.shares if summary.weighted else ()
    return next((f", weighted {percent(share.share)}" for share in shares if share.value == value), "")


def weighted_numbers(summary: Summary) -> WeightedNumbers | None:
    """Return the weighted figures of a numeric field; None without weights."""
    return summary.weighted.numbers if summary.weighted else None


def weighted_place(summary: Summary, option: object) -> str:
    """Return `, weighted 1.7`, of an option's mean place, amount or score; empty without weights."""
    places = summary.weighted.places if summary.weighted else ()
    return next((f", weighted {number(rank.mean)}" for rank in places if rank.option == option), "")


def _place_figures(whole: Summary) -> _Figures:
    for place in sorted(whole.places, key=lambda place: place.mean):

        def figure(summary: Summary, option: object = place.option) -> str:
            found = next((rank for rank in summary.places if rank.option == option), None)
            if found is None:
                return "none"
            weighted = weighted_place(summary, option)
            return f"{number(found.mean)} ({count(found.first_places, 'time')} first{weighted})"

        yield f"{answer(place.option)}: mean place", figure


def _amount_figures(whole: Summary) -> _Figures:
    for one in sorted(whole.amounts, key=lambda one: -one.mean):

        def figure(summary: Summary, option: object = one.option) -> str:
            found = next((own for own in summary.amounts if own.option == option), None)
            if found is None:
                return "none"
            interval = f" [{number(found.low)}, {number(found.high or 0)}]" if found.low is not None else ""
            weighted = weighted_place(summary, option)
            return f"{number(found.mean)}{interval}{weighted}"

        yield f"{answer(one.option)}: mean", figure


def _number_figures(field: PlannedField, whole: Summary) -> _Figures:
    kind = type_of(field)
    of = f"{kind.counted_as}: " if kind.counted_as else ""
    yield f"{of}mean", lambda column: kind.figure(column.numbers.mean) if column.numbers else "none"
    if whole.weighted is not None:
        yield (
            f"{of}weighted mean",
            lambda column: kind.figure(found.mean) if (found := weighted_numbers(column)) else "none",
        )
    if whole.stated < 2:  # noqa: PLR2004 - one answer is its own mean, and has no spread
        return
    yield f"{of}median", lambda column: kind.figure(column.numbers.median) if column.numbers else "none"
    yield (
        f"{of}standard deviation",
        lambda column: kind.spread(column.numbers.sd) if column.numbers and column.numbers.sd is not None else "none",
    )
    yield (
        f"{of}least to most",
        lambda column: (
            f"{kind.figure(column.numbers.min)} to {kind.figure(column.numbers.max)}" if column.numbers else "none"
        ),
    )
