"""Which comparison and which field answer an experiment's title: a rule, not a taste.

It is the first comparison of conditions that the experiment declares, and its field; without one, the first field that
is held against human answers; then the field that the first expectation is about. Where there is none of these, or its
field can't be counted, it is the first field of the extractions that can be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tinytroupe_cli.analysis.descriptive import Summary
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.fields.field_type import Shape
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.language.expressions import Call, ExpressionError, Name, outer_calls, parse
from tinytroupe_cli.plan.query_fields import main_field
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.reports.labels import measure_name
from tinytroupe_cli.reports.leading_comparison import leading_comparisons
from tinytroupe_cli.reports.participants import QuerySummary
from tinytroupe_cli.reports.results import Results, confidence_level

COUNTED: Final[tuple[Shape, ...]] = ("binary", "nominal", "ordinal", "numeric", "ranking", "amounts")
"""Answers that can be counted or averaged."""


@dataclass(frozen=True, slots=True)
class LeadingMeasure:
    """A field with all that was answered to it."""

    asked: QuerySummary
    field: PlannedField
    whole: Summary
    """Over all conditions."""
    parts: tuple[tuple[Condition, Summary], ...]
    """Each condition's, where there are several."""
    rows: tuple[Observation, ...]
    level: str = "95%"
    """Confidence level of intervals."""

    @property
    def name(self) -> str:
        """Return what it is called."""
        return measure_name(self.asked, self.field)

    def stated(self, condition: str = "") -> list[Observation]:
        """Return the answers that were given, of one condition or of all."""
        return [row for row in self.rows if row.outcome == "stated" and condition in {"", row.condition}]


def leading_measure(results: Results) -> LeadingMeasure | None:
    """Return the measure that answers the title; None where nothing is measured, or everybody is left out."""
    fields = list(_fields(results))
    for wanted in (COUNTED, ("entries",), ("words",)):
        for asked, field in (*_told(results), *_expected(results), *fields):
            if type_of(field).shape in wanted and (found := measure_of(results, asked, field)):
                return found
    return None


def next_measure(results: Results, first: LeadingMeasure) -> LeadingMeasure | None:
    """Return the next field of the same query that can be counted; None where there is none."""
    later = first.asked.fields[first.asked.fields.index(first.field) + 1 :]
    found = next((field for field in later if type_of(field).shape in COUNTED and not field.is_auxiliary), None)
    return measure_of(results, first.asked, found) if found else None


def measure_of(results: Results, asked: QuerySummary, field: PlannedField) -> LeadingMeasure | None:
    """Return a field with its summaries and rows; None where `exclude` leaves out everybody who was asked."""
    key = (asked.query, field.name)
    own = {summary.condition: summary for summary in results.summaries if (summary.query, summary.field) == key}
    if "" not in own:
        return None
    parts = tuple((condition, own[condition.name]) for condition in results.conditions if condition.name in own)
    rows = tuple(row for row in results.rows if (row.query, row.field) == key and not row.excluded)
    return LeadingMeasure(asked, field, own[""], parts, rows, confidence_level(results))


def _fields(results: Results) -> Iterator[tuple[QuerySummary, PlannedField]]:
    yield from ((asked, field) for asked in results.queries for field in asked.fields if not field.is_auxiliary)


def _told(results: Results) -> Iterator[tuple[QuerySummary, PlannedField]]:
    """Yield the field that the sentence above everything else is about, if that is a comparison."""
    compared = [one.measure for one in leading_comparisons(results)]
    held = [fidelity.measure for fidelity in results.fidelity if fidelity.figures]
    for measure in [*compared, *held][:1]:
        query, _, name = measure.partition(".")
        yield from ((asked, field) for asked, field in _fields(results) if (asked.query, field.name) == (query, name))


def _expected(results: Results) -> Iterator[tuple[QuerySummary, PlannedField]]:
    """Yield the field that the first expectation begins with."""
    if not results.expectations:
        return
    try:
        calls = outer_calls(parse(results.expectations[0].text, calls=True))
    except ExpressionError:  # the report's own table tells what is wrong with it
        return
    for call in calls[:1]:
        query, *rest = _name(call).path
        asked = next((candidate for candidate in results.queries if candidate.query == query), None)
        field = None if asked is None else _field(asked, rest)
        if asked is not None and field is not None:
            yield asked, field


def _field(asked: QuerySummary, rest: list[str]) -> PlannedField | None:
    return next((field for field in asked.fields if [field.name] == rest), None) if rest else main_field(asked.fields)


def _name(call: Call) -> Name:
    target = call.target
    while isinstance(target, Call):
        target = target.target
    return target
