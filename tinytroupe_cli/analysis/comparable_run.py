"""What a comparison of two runs needs of each: people with their units, measures, and every answer.

Made from a run, or read from a reference file that holds the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import Field, JsonValue

from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.units import units_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.personas.edits import single_value
from tinytroupe_cli.plan.planned_comparisons import PlannedInference
from tinytroupe_cli.plan.types import CastMember, Plan

IDENTITY: Final = ("age", "gender", "nationality", "residence", "occupation.title")
"""Attributes that two people of one id and name must share to be the same person, as far as both have them."""


class ComparablePerson(Frozen):
    """A person of a run."""

    id: str
    """Id of the person."""
    name: str
    """Full name."""
    unit: str
    """Id of the unit of analysis: the person, or the first of the people who could reach each other."""
    identity: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    """Attributes that tell them from others of the same name."""
    persona: str = ""
    """Hash of the persona."""

    def is_same_as(self, other: ComparablePerson) -> bool:
        """Return whether both are the same person."""
        shared = self.identity.keys() & other.identity.keys()
        same = all(self.identity[key] == other.identity[key] for key in shared)
        return (self.id, self.name) == (other.id, other.name) and same


class ComparableRun(Frozen):
    """A run, as far as others can be compared with it."""

    run: str
    """Name of the experiment and of the run's folder."""
    name: str
    """Name of the experiment."""
    seed: int
    """Seed of the experiment."""
    conditions: tuple[str, ...]
    """Names of the conditions."""
    fields: dict[str, PlannedField]
    """Measure, as `query.field` -> its field."""
    world_measures: tuple[str, ...] = ()
    """Measures about the whole world; `person` of their answers is the unit."""
    people: tuple[ComparablePerson, ...]
    """The people, in cast order, without those whom `exclude` leaves out."""
    rows: tuple[Observation, ...]
    """Every planned answer of these people."""
    inference: PlannedInference = PlannedInference()
    """How differences are tested."""
    is_weighted: bool = False
    """Whether its own report weights people."""
    settings: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    """Models, seed and versions, by dotted name."""
    spec: str = ""
    """Text of the experiment's file."""


def comparable_run(
    plan: Plan, rows: Sequence[Observation], run: str, *, settings: Mapping[str, JsonValue], spec: str
) -> ComparableRun:
    """Return a run as others can be compared with it; `plan` has the fields that were made of other answers."""
    units = units_of(plan, "people")
    left_out = {row.person for row in rows if row.excluded}
    world = {f"{row.query}.{row.field}" for row in rows if not row.person}
    kept = [
        row if row.person else row.model_copy(update={"person": units.unit(row)})
        for row in rows
        if row.person not in left_out
    ]
    return ComparableRun(
        run=run,
        name=plan.name,
        seed=plan.seed,
        conditions=tuple(condition.name for condition in plan.conditions),
        fields={f"{query}.{name}": field for (query, name), field in plan.fields.items()},
        world_measures=tuple(sorted(world)),
        people=tuple(_person(member, units.of[member.id]) for member in plan.cast if member.id not in left_out),
        rows=tuple(row for row in kept if row.person),
        inference=plan.inference.model_copy(update={"about": "people", "families": {}, "rest": ""}),
        is_weighted=plan.weights is not None,
        settings=dict(settings),
        spec=spec,
    )


def _person(member: CastMember, unit: str) -> ComparablePerson:
    found = {key: single_value(member.persona, key) for key in IDENTITY}
    text = json.dumps(member.persona, sort_keys=True, ensure_ascii=False)
    return ComparablePerson(
        id=member.id,
        name=member.name,
        unit=unit,
        identity={key: value for key, value in found.items() if value is not None},
        persona=hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest(),
    )
