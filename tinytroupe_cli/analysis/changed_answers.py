"""Answers that the same people gave to the same questions in two runs, and which of them differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from tinytroupe_cli.analysis.comparable_run import ComparablePerson, ComparableRun
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.models.port import Frozen

SamePeople = Mapping[str, tuple[ComparablePerson, ComparablePerson]]
"""Id -> a person in both runs."""


class ChangedAnswer(Frozen):
    """An answer that one person gave differently in the second run."""

    measure: str
    """The measure, as `query.field`."""
    person: str
    """Id of the person; empty: the answer is about the whole world."""
    name: str
    """Full name of the person."""
    condition: str
    """Name of the condition."""
    replicate: int
    """Number of the replicate."""
    sample: int
    """Number of the sample, from 0."""
    before: JsonValue
    """The answer in A; null: it is missing."""
    after: JsonValue
    """The answer in B; null: it is missing."""
    outcome_before: str
    """`outcome` of the answer in A."""
    outcome_after: str
    """`outcome` of the answer in B."""


def same_people(before: ComparableRun, after: ComparableRun) -> SamePeople:
    """Return id -> a person in both runs."""
    others = {person.id: person for person in after.people}
    return {
        person.id: (person, other)
        for person in before.people
        if (other := others.get(person.id)) is not None and person.is_same_as(other)
    }


def answer_pairs(
    before: ComparableRun,
    after: ComparableRun,
    same: SamePeople,
) -> Iterator[tuple[Observation, Observation]]:
    """Yield each answer of the same person to the same question, in both runs; texts nearly always differ."""
    known = {
        name for name in before.fields.keys() & after.fields.keys() if type_of(before.fields[name]).shape != "words"
    }
    others = {_key(row): row for row in after.rows}
    people = {person.id: place for place, person in enumerate(before.people)}
    order = {name: place for place, name in enumerate((*before.fields, *before.conditions))}

    def place(row: Observation) -> tuple[int, ...]:
        about = (people.get(row.person, -1), order[row.condition], row.replicate, row.wording, row.sample)
        return *about, order[f"{row.query}.{row.field}"]

    for row in sorted(before.rows, key=place):
        other = others.get(_key(row))
        if other is not None and row.person in same and f"{row.query}.{row.field}" in known:
            yield row, other


def _key(row: Observation) -> tuple[str, str, str, str, int, int, int]:
    return row.query, row.field, row.condition, row.person, row.replicate, row.wording, row.sample


def changed_answer(
    one: Observation,
    other: Observation,
    after: ComparableRun,
    same: SamePeople,
) -> ChangedAnswer:
    """Return what changed between two answers of the same person."""
    measure = f"{one.query}.{one.field}"
    is_of_world = measure in after.world_measures
    return ChangedAnswer(
        measure=measure,
        person="" if is_of_world else one.person,
        name="" if is_of_world else same[one.person][1].name,
        condition=one.condition,
        replicate=one.replicate,
        sample=one.sample,
        before=one.value,
        after=other.value,
        outcome_before=one.outcome,
        outcome_after=other.outcome,
    )
