"""The two sides of a rectification: people's own numbers, and those of their twins and of further simulated people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from tinytroupe_cli.analysis.measure_values import number_of, number_of_value
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.twins import twins_of
from tinytroupe_cli.analysis.units import Units, cell_values, pooled
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.plan.planned_rectification import PlannedRectification
from tinytroupe_cli.plan.types import Plan

UnitScores = Mapping[str, float]
"""Person -> number."""


@dataclass(frozen=True, slots=True)
class RectifiedArm:
    """The answers of people and simulated people, in one condition or over all."""

    humans: UnitScores
    """Twin's id -> the person's own number."""
    simulated: UnitScores
    """Simulated person -> number."""
    weights: UnitScores
    """Twin's id -> the person's weight."""
    simulated_weights: UnitScores
    """Simulated person -> weight."""


@dataclass(frozen=True, slots=True)
class ArmSource:
    """What the arms of one measure are made of."""

    plan: Plan
    rows: Sequence[Observation]
    """The measure's own rows."""
    planned: PlannedRectification
    field: PlannedField
    units: Units
    simulated_weights: UnitScores
    """Simulated person -> weight; who is not in it has 1."""

    def arm(self, option: JsonValue, level: JsonValue = None) -> RectifiedArm:
        """Return both sides' numbers at one level of the factor, or over all conditions."""
        factor, humans = self.planned.factor, self.planned.humans
        kept = {
            condition.name for condition in self.plan.conditions if not factor or condition.levels.get(factor) == level
        }
        rows = [row for row in self.rows if row.condition in kept]
        simulated = pooled(cell_values(rows, self.units, number_of(self.field, option)))
        own: dict[str, float] = {}
        weights: dict[str, float] = {}
        for row, person in twins_of(self.plan.cast, humans.key, humans.keys).items():
            is_here = not factor or humans.groups[row] == label(level)
            value = humans.answers[row]
            number = number_of_value(self.field, value, option) if value is not None and is_here else None
            if number is not None and person in simulated:
                own[person] = number
                weights[person] = humans.weights[row] if humans.weights else 1.0
        return RectifiedArm(own, simulated, weights, self.simulated_weights)


def differences(first: RectifiedArm, second: RectifiedArm) -> RectifiedArm:
    """Return what each person, and each simulated person, answered differently at the second level."""
    return RectifiedArm(
        {person: second.humans[person] - value for person, value in first.humans.items() if person in second.humans},
        {
            person: second.simulated[person] - value
            for person, value in first.simulated.items()
            if person in second.simulated
        },
        first.weights,
        first.simulated_weights,
    )
