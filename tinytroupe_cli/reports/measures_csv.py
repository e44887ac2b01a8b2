"""data/measures.csv: a row for each planned answer, with all that a statistics program wants beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.fields.field_type import place_of
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.reports.csv_files import as_csv, free_name
from tinytroupe_cli.reports.figures import answer
from tinytroupe_cli.reports.results import Results

_BEFORE = ("run", "trial", "condition")
_WHO = ("replicate", "sample", "wording", "person", "name", "block", "group", "weight")
_WHAT = (
    "query",
    "field",
    "kind",
    "outcome",
    "value",
    "code",
    "label",
    "unit",
    "raw",
    "method",
    "words",
    "why",
    "contradicts",
    "shown",
    "item_position",
    "model",
)

PERIODS = ("period", "preceding")
"""Columns of experiments in which people experience conditions one after another."""
QUANTILES = ("q10", "q50", "q90")
"""Columns of numbers whose quantiles were asked for."""


def measures_csv(results: Results) -> bytes:
    """Write every planned value, whatever its outcome; columns of factors and attributes bear their names."""
    return as_csv(*_table(results))


def baselines_csv(results: Results) -> bytes:
    """Write the answers of baselines in the columns of measures.csv, after one with the baseline; empty without any.

    `person` is whose place it is: a life without a persona has the place, and nothing of the person.
    """
    kinds = [kind for kind, rows in results.baseline_rows.items() for _ in rows]
    every = tuple(row for rows in results.baseline_rows.values() for row in rows)
    head, lines = _table(results.model_copy(update={"rows": every}))
    return (
        as_csv(["baseline", *head], ([kind, *line] for kind, line in zip(kinds, lines, strict=True))) if kinds else b""
    )


def _table(results: Results) -> tuple[list[str], Iterator[list[JsonValue]]]:
    """Return the columns and the lines."""
    factors = list(dict.fromkeys(factor for condition in results.conditions for factor in condition.levels))
    attributes = list(dict.fromkeys(key for person in results.participants for key in person.attributes))
    head = [
        *_BEFORE,
        *(free_name(factor, "factor", {*_BEFORE, *_WHO, *_WHAT}) for factor in factors),
        *_WHO,
        *(f"person.{key}" for key in attributes),
        *_WHAT,
        *_distribution_columns(results),
        *(["excluded"] if results.exclusions else []),
        *(PERIODS if has_periods(results) else ()),
    ]
    return head, _rows(results, factors, attributes)


def _distribution_columns(results: Results) -> list[str]:
    """Return the columns of answers that are distributions; none where no answer is one."""
    most = max((len(row.pmf) for row in results.rows), default=0)
    names = [*(f"pmf_{point}" for point in range(1, most + 1)), *(QUANTILES if _has_quantiles(results) else ())]
    return ["score", *names] if names else []


def _has_quantiles(results: Results) -> bool:
    return any(row.quantiles for row in results.rows)


def _rows(results: Results, factors: list[str], attributes: list[str]) -> Iterator[list[JsonValue]]:
    people = {person.id: person for person in results.participants}
    fields = {(query.query, field.name): field for query in results.queries for field in query.fields}
    has_distributions, has_quantiles = bool(_distribution_columns(results)), _has_quantiles(results)
    most = max((len(row.pmf) for row in results.rows), default=0)
    in_periods = has_periods(results)
    for row in results.rows:
        person = people.get(row.person)
        field = fields.get((row.query, row.field))
        known: Mapping[str, JsonValue] = person.attributes if person else {}
        yield [
            *(results.provenance.run, row.trial, row.condition, *(row.levels.get(factor) for factor in factors)),
            *(row.replicate, row.sample, row.wording or None, row.person, person.name if person else ""),
            *((person.block, person.group or None, person.weight) if person else ("", None, None)),
            *(known.get(key) for key in attributes),
            *(row.query, row.field, field.kind if field else "", row.outcome, row.value),
            *(
                code_of(row, field),
                label_of(row, field),
                field.unit if field else "",
                row.raw,
                row.method,
                row.words,
                row.why,
                row.contradicts,
            ),
            *(row.shown or None, row.item_position or None, row.model),
            *((row.score, *row.pmf, *[None] * (most - len(row.pmf))) if has_distributions else ()),
            *((row.quantiles[1:-1] or [None] * len(QUANTILES)) if has_quantiles else ()),
            *([row.excluded] if results.exclusions else []),
            *((row.period, row.preceding) if in_periods else ()),
        ]


def has_periods(results: Results) -> bool:
    """Return whether people experience conditions one after another."""
    return any(row.period for row in results.rows)


def code_of(row: Observation, field: PlannedField | None) -> JsonValue:
    """Return an answer as a number: an option's place as written, counted from 1; yes 1 and no 0; a number itself.

    A date is its days since 1970-01-01. None where there is no one number: texts, lists, rankings, and answers that
    are missing.
    """
    if field is None or row.outcome != "stated":
        return None
    kind = type_of(field)
    match kind.shape:
        case "nominal" | "ordinal":
            return place_of(field.options, row.value)
        case "binary":
            return int(row.value) if isinstance(row.value, bool) else None
        case "numeric":
            return kind.as_number(field, row.value)
        case "ranking" | "entries" | "words":
            return None


def label_of(row: Observation, field: PlannedField | None) -> str:
    """Return an answer's words: an option as written, yes or no, and what an end of a scale is called."""
    if field is None or row.outcome != "stated":
        return ""
    match type_of(field).shape:
        case "nominal" | "ordinal" | "binary":
            return answer(row.value)
        case "numeric":
            ends = type_of(field).ends(field) or ()
            return next((end.label for end in ends if end.value == row.value), "")
        case "ranking" | "entries" | "words":
            return ""
