"""Names of conditions and answers, as reports write them."""

from __future__ import annotations

from pydantic import JsonValue

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.reports.figures import answer, humanized
from tinytroupe_cli.reports.participants import QuerySummary


def measure_name(query: QuerySummary, field: PlannedField) -> str:
    """Return what a measure is called: a claim by its own name, its field's being the same for every claim."""
    return humanized(query.query if query.procedure in ("judge", "score") else field.name)


def measure_words(measure: str) -> str:
    """Write a measure, `query.field`; a score or claim by its own name, its field's being the same for all of them."""
    query, _, field = measure.rpartition(".")
    if field == "holds" and query:
        return humanized(query)
    return f"{humanized(query)} (score)" if field == "score" and query else humanized(field)


def condition_label(condition: Condition) -> str:
    """Write a condition by its levels: `price 399 + ad calm`."""
    levels = [f"{humanized(factor)} {answer(level)}" for factor, level in condition.levels.items()]
    return " + ".join(levels) or humanized(condition.name)


def with_end_label(field: PlannedField, value: JsonValue) -> str:
    """Write an answer; at an end of a scale with what the end stands for: `7 (very)`."""
    ends = type_of(field).ends(field) or ()
    words = next((end.label for end in ends if end.value == value), "")
    return f"{answer(value)} ({words})" if words and words != answer(value) else answer(value)
