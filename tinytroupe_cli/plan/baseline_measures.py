"""Which measures baselines are compared by: those asked about each person, with answers that can be counted."""

from __future__ import annotations

from collections.abc import Mapping

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.plan.types import Plan, PlannedQuery


def baseline_fields(query: PlannedQuery) -> tuple[PlannedField, ...]:
    """Return the fields of a query that have a distribution of answers; rankings and lists have none."""
    if query.procedure == "judge" or query.include_personas or not query.people:
        return ()
    return tuple(field for field in query.fields if not field.is_auxiliary and has_distribution(field))


def has_distribution(field: PlannedField) -> bool:
    """Return whether its answers are one of a few, or a number."""
    kind = type_of(field)
    return kind.shape in ("ordinal", "numeric") or (kind.shape in ("binary", "nominal") and bool(kind.answers(field)))


def can_be_forecast(field: PlannedField) -> bool:
    """Return whether there are a few answers, whose shares can be asked for."""
    return has_distribution(field) and len(type_of(field).answers(field)) > 1


def baseline_measures(plan: Plan) -> Mapping[tuple[str, str], PlannedField]:
    """Return query and field name -> every field that baselines are compared by, in the order written."""
    return {
        (query.name, field.name): field
        for trial in plan.trials
        for query in trial.queries
        for field in baseline_fields(query)
    }
