"""The answers to each field in a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from tinytroupe_cli.analysis.descriptive import Summary
from tinytroupe_cli.core.number_format import count, number
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.reports.answer_tables import (
    MAX_COLUMNS,
    cell_text,
    column_heading,
    field_summaries,
    has_table,
    weighted_in_brackets,
    weighted_numbers,
    weighted_place,
)
from tinytroupe_cli.reports.figures import answer, enumeration, humanized
from tinytroupe_cli.reports.labels import measure_name
from tinytroupe_cli.reports.participants import QuerySummary
from tinytroupe_cli.reports.results import Results

MAX_CHARACTERS = 400
"""Of an answer in words."""


def findings(results: Results, without: Collection[tuple[str, str]] = ()) -> Iterator[tuple[str, str]]:
    """Yield field and sentence for each field that can be summed up, but for some of a query and a field."""
    names = Counter(field.name for query in results.queries for field in query.fields)
    for query in results.queries:
        for field in query.fields:
            is_told = field.is_auxiliary or (query.query, field.name) in without
            if sentence := "" if is_told else finding(results, query, field):
                name = measure_name(query, field)
                is_clear = names[field.name] == 1 or query.procedure in ("judge", "score")
                yield name if is_clear else f"{humanized(query.query)}, {name}", sentence


def finding(results: Results, asked: QuerySummary, field: PlannedField) -> str:
    """Return the answers to a field in a sentence; empty: they can't be summed up."""
    columns = field_summaries(results, asked.query, field)
    if not columns:  # everybody is left out
        return ""
    whole = columns[-1]
    if whole.planned == 1:
        return _only_answer(results, asked, field)
    if not has_table(results, asked, field):
        return ""
    if not whole.stated:
        return "nobody stated an answer."
    parts = [_sentence(field, whole)]
    if type_of(field).shape not in ("entries", "ranking", "amounts") and 1 < len(columns) <= MAX_COLUMNS + 1:
        each = [f"{column_heading(results, column)}: {_short(field, column)}" for column in columns[:-1]]
        parts.append(f" ({'; '.join(each)})")
    own = [ladder for ladder in results.ladders if ladder.measure == f"{asked.query}.{field.name}"]
    parts += [f"; no price was accepted in {ladder.none_accepted}" for ladder in own if not ladder.condition]
    if whole.planned > whole.stated:
        parts.append(f"; {_missing_of(whole)}")
    return "".join(parts) + "."


def _missing_of(whole: Summary) -> str:
    missing = whole.planned - whole.stated
    return f"{missing} of {whole.planned} answers {'is' if missing == 1 else 'are'} missing"


def _only_answer(results: Results, asked: QuerySummary, field: PlannedField) -> str:
    """Return the only answer: a text as it is, a choice with its count."""
    row = next(row for row in results.rows if (row.query, row.field) == (asked.query, field.name))
    cell = cell_text(row.outcome, row.value, field)
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
                [
                    f"{answer(place.option)} ({number(place.mean)}{weighted_place(summary, place.option)})"
                    for place in ordered
                ]
            )
        case "amounts":
            ordered = sorted(summary.amounts, key=lambda one: -one.mean)
            what = "mean amount" if type_of(field).scale == "amount" else "mean best-worst score"
            return f"in order of {what}: " + enumeration(
                [f"{answer(one.option)} ({number(one.mean)}{weighted_place(summary, one.option)})" for one in ordered]
            )
        case "numeric" | "ordinal" | "words":
            return _average(field, summary)


def _average(field: PlannedField, summary: Summary) -> str:
    if summary.numbers is None:
        return ""
    unit = f" {field.unit}" if field.unit else ""
    figure = type_of(field).figure
    spread = f", from {figure(summary.numbers.min)} to {figure(summary.numbers.max)}"
    weighted = f" (weighted {figure(numbers.mean)})" if (numbers := weighted_numbers(summary)) else ""
    what = f"{counted}: " if (counted := type_of(field).counted_as) else ""
    mean = f"{figure(summary.numbers.mean)}{unit} on average{weighted}"
    return f"{what}{mean} of {count(summary.stated, 'answer')}{spread}{_ends(field)}"


def _ends(field: PlannedField) -> str:
    ends = type_of(field).ends(field) or ()
    written = [f"{answer(end.value)} = {end.label}" if end.label else answer(end.value) for end in ends]
    return f", on a scale of {' to '.join(written)}" if written else ""


def _short(field: PlannedField, summary: Summary) -> str:
    if not summary.stated:
        return "none"
    if summary.numbers is not None:
        figure = type_of(field).figure
        weighted = f", weighted {figure(numbers.mean)}" if (numbers := weighted_numbers(summary)) else ""
        return f"{figure(summary.numbers.mean)}{weighted}"
    if type_of(field).shape == "binary":
        return f"yes {summary.shares[0].count} of {summary.stated}"
    most = max((share.count for share in summary.shares), default=0)
    best = [answer(share.value) for share in summary.shares if share.count == most]
    return f"{enumeration(best)} {most} of {summary.stated}{' each' * (len(best) > 1)}"
