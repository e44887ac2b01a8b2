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


def measures_left_out(plan: Plan) -> dict[str, str]:
    """Return measure -> why no baseline is compared by it; free texts, which are not counted, aside."""
    compared, asked = baseline_measures(plan), {query.name: query for trial in plan.trials for query in trial.queries}
    return {
        f"{query}.{field.name}": _why_left_out(asked.get(query), field)
        for (query, _), field in plan.fields.items()
        if (query, field.name) not in compared and not field.is_auxiliary and type_of(field).shape != "words"
    }


def _why_left_out(query: PlannedQuery | None, field: PlannedField) -> str:
    if query is None or not any(field.name == own.name for own in query.fields):
        return "it is made from other answers"
    if query.procedure == "judge" or query.include_personas:
        return "it is judged from what the simulated people said and who they are"
    if not query.people:
        return "it is not asked about each person"
    return f"{type_of(field).noun} has no distribution over a few answers"


def has_distribution(field: PlannedField) -> bool:
    """Return whether its answers are one of a few, or a number."""
    kind = type_of(field)
    is_listed = kind.shape in ("binary", "nominal") and bool(kind.answers(field))
    return kind.is_one_value and (kind.shape in ("ordinal", "numeric") or is_listed)


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
