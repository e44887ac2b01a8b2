"""Fields by their measure's name, and those that are not written down: the one that sorting makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.outputs import NOT_MAPPED, PlannedCategories
from tinytroupe_cli.plan.types import Plan, PlannedField

FieldsByQuery = Mapping[str, Iterable[PlannedField]]
NamedFields = Mapping[str, Mapping[str, PlannedField]]
"""Query -> field -> its definition."""


def main_field(fields: Iterable[PlannedField]) -> PlannedField | None:
    """Return the field a query's bare name stands for: that of a proposition, and any query's only one."""
    main = [field for field in fields if not field.is_auxiliary]
    return main[0] if len(main) == 1 else None


def field_named(fields: FieldsByQuery, measure: str) -> tuple[str, PlannedField] | None:
    """Return query and field of a measure, `query.field` or a query with one field; None: there is none."""
    query, _, name = measure.partition(".")
    own = {field.name: field for field in fields.get(query, ())}
    field = own.get(name) if name else main_field(own.values())
    return None if field is None else (query, field)


def why_absent(plan: Plan, query: str) -> str:
    """Return why a planned measure of a query has no field in the plan that figures are made with."""
    asked = {own.name for trial in plan.trials for own in trial.queries}
    is_nobody_left = plan.exclude and query not in asked
    return "everybody who was asked is left out" if is_nobody_left else "its answers were not sorted into categories"


def comparable_measures(fields: FieldsByQuery) -> list[str]:
    """Return the measures that can be compared between conditions."""
    return [f"{query}.{field.name}" for query, own in fields.items() for field in own if type_of(field).scale]


def sorted_field(planned: PlannedCategories, categories: Sequence[str]) -> PlannedField:
    """Return the field that sorting makes; without categories its options are open."""
    kind = "list" if planned.is_list else "choice"
    return PlannedField(name=planned.name, kind=kind, options=(*categories, NOT_MAPPED) if categories else ())
