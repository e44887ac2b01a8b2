"""A measure of a run and the human answers it is held against: rows, units, twins, levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.analysis.comparison_questions import groups_of_people
from tinytroupe_cli.analysis.fidelity_result import FidelityResult
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.twins import twins_of
from tinytroupe_cli.analysis.units import Units, units_of
from tinytroupe_cli.analysis.weights import weighed_people
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.said_values import is_same, label
from tinytroupe_cli.plan.human_data import PlannedFidelity
from tinytroupe_cli.plan.types import Plan

MIN_HUMANS: Final = 30
"""People below which there is no verdict."""
MIN_UNITS: Final = 6
"""Simulated units below which there is no verdict."""


@dataclass(frozen=True, slots=True)
class Held:
    """A measure and the human answers it is held against."""

    plan: Plan
    planned: PlannedFidelity
    field: PlannedField
    units: Units
    rows: Sequence[Observation]
    """The measure's own rows, in the conditions that count."""
    twins: Mapping[int, str]
    """Row of the file -> person."""
    weights: Mapping[str, float] | None
    """Person -> weight of the simulated people; None: all count the same."""
    seed: int

    def weight_of(self, unit: str) -> float:
        """Return how much a unit counts: the sum of its people's weights where people are weighted."""
        if self.weights is None:
            return 1.0
        return sum(weight for person, weight in self.weights.items() if self.units.of.get(person) == unit)

    @property
    def levels(self) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        """Return level of `by` -> its conditions and its people."""
        everywhere = frozenset(condition.name for condition in self.plan.conditions)
        members = self.plan.cast
        everyone = frozenset(member.id for member in members)
        if self.planned.attribute:
            groups = groups_of_people(members, self.planned.attribute, self.planned.bands)
            return {name: (everywhere, people) for name, people in groups.items()}
        factor = self.planned.factor
        return {
            label(level): (
                frozenset(candidate.name for candidate in self.plan.conditions if candidate.levels[factor] == level),
                everyone,
            )
            for level in self.plan.factors.get(factor, ())
        }


def blank_result(planned: PlannedFidelity) -> FidelityResult:
    """Return a result without figures."""
    humans = planned.humans
    measure = f"{planned.query}.{planned.field}"
    return FidelityResult(measure=measure, data=humans.data, column=humans.column, hash=humans.hash)


def numbers_of(field: PlannedField) -> list[float] | None:
    """Return the numbers of a measure's possible answers; None: it is a choice. Yes is 1 and no is 0."""
    kind = type_of(field)
    if kind.shape == "binary":
        return [1.0, 0.0]
    found = [kind.as_number(field, option) for option in kind.answers(field)]
    return None if kind.shape == "nominal" else [number for number in found if number is not None]


def place_among(options: Sequence[JsonValue], value: JsonValue) -> int | None:
    """Return the place of an answer among the options."""
    return next((place for place, option in enumerate(options) if is_same(option, value)), None)


def held_measure(plan: Plan, rows: Sequence[Observation], planned: PlannedFidelity, field: PlannedField) -> Held:
    """Return a measure with its rows in the conditions that count, and the twins of the people in the file."""
    kept = {
        condition.name
        for condition in plan.conditions
        if all(is_same(condition.levels.get(name), level) for name, level in planned.at.items())
    }
    own = [row for row in rows if (row.query, row.field) == (planned.query, field.name) and row.condition in kept]
    humans = planned.humans
    twins = twins_of(plan.cast, humans.key, humans.keys) if humans.keys else {}
    seed = Stream(plan.seed, "fidelity", planned.query, field.name).integer()
    weighed = weighed_people(plan)
    weights = weighed.for_figures if weighed else None
    return Held(plan, planned, field, units_of(plan, "people"), own, twins, weights or None, seed)
