"""What a comparison is adjusted for: fields of people, and measures that no condition can have changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from pydantic import JsonValue

from tinytroupe_cli.analysis.comparison_questions import groups_of_people
from tinytroupe_cli.analysis.contrast_questions import numbers_of
from tinytroupe_cli.analysis.level_values import LevelValues
from tinytroupe_cli.analysis.measure_values import measured_options, number_of
from tinytroupe_cli.analysis.person_fields import columns_of
from tinytroupe_cli.analysis.units import Units, cell_values, pooled
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.cast_members import CastMember
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.types import Plan

PERSON = "person."
"""Prefix of a field of people."""


@dataclass(frozen=True, slots=True)
class Covariate:
    """A covariate as numbers: itself, or whether it is each of its categories but the first."""

    name: str
    columns: tuple[Mapping[str, float], ...]
    """Unit -> value; units without a value are not in it. No columns: it is neither a number nor a category."""


def covariates_of(plan: Plan, planned: PlannedComparison, values: LevelValues, units: Units) -> tuple[Covariate, ...]:
    """Return the covariates of a comparison, averaged over the people (and answers) of each unit."""
    return tuple(
        _attribute(plan, name, units) if name.startswith(PERSON) else _measure(plan, name, values, units)
        for name in planned.adjust
    )


def attribute_kind(people: Iterable[CastMember], attribute: str) -> Literal["", "number", "category", "text"]:
    """Return what a field of people is; empty: nobody has a single value."""
    members = list(people)
    if numbers_of(members, attribute):
        return "number"
    column = next((one for one in columns_of([member.persona for member in members]) if one.name == attribute), None)
    if column is None:
        return ""
    return "category" if column.kind == "labels" else "text"


def _attribute(plan: Plan, name: str, units: Units) -> Covariate:
    cast, attribute = plan.cast, name.removeprefix(PERSON)
    kind = attribute_kind(cast, attribute)
    if kind == "number":
        return Covariate(name, (_of_units(numbers_of(cast, attribute), units),))
    if kind != "category":
        return Covariate(name, ())
    groups = groups_of_people(cast, attribute, ())
    known = [person for people in groups.values() for person in people]
    columns = [{person: float(person in people) for person in known} for people in groups.values()]
    return Covariate(name, tuple(_of_units(column, units) for column in columns[1:]))


def _of_units(values: Mapping[str, float], units: Units) -> dict[str, float]:
    """Return unit -> mean of its people who have a value."""
    found: dict[str, list[float]] = {}
    for person, value in values.items():
        found.setdefault(units.of[person], []).append(value)
    return {unit: fmean(own) for unit, own in found.items()}


def _measure(plan: Plan, name: str, values: LevelValues, units: Units) -> Covariate:
    query, _, field_name = name.partition(".")
    field = plan.fields[query, field_name]
    own = values.answers(query, field_name)
    options: Sequence[JsonValue] = measured_options(field)
    options = options[1:] if type_of(field).shape == "nominal" else options
    return Covariate(name, tuple(pooled(cell_values(own, units, number_of(field, option))) for option in options))
