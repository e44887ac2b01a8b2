"""Turns whose words were none of the person's: how many, of whom, what was wrong, and what asking again took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from tinytroupe_cli.events.faults import turn_faults
from tinytroupe_cli.events.types import Event, Fault, TurnScored
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.reports.usage import RunUsage


class PersonFaults(Frozen):
    """One person's turns, over all trials."""

    person: str
    """Id of the person."""
    turns: int
    """Number of turns played."""
    faults: dict[Fault, int]
    """Fault -> number of turns with it."""


class Guards(Frozen):
    """Turns checked by guards, over all trials; judging.md describes the faults."""

    turns: int
    """Number of turns played."""
    faulty: int
    """Of these, turns kept although they have a fault."""
    faults: dict[Fault, int]
    """Fault -> number of turns with it."""
    asked_again: int
    """Turns tried more than once because of a fault, whether or not that helped."""
    calls: int
    """Calls for trying again; `accounts` includes them."""
    usd: float | None
    """Cost of these calls; null: unknown."""
    people: tuple[PersonFaults, ...]
    """Everybody with a faulty turn, in cast order."""


def guards(plan: Plan, events: Mapping[str, Sequence[Event]], accounts: RunUsage) -> Guards | None:
    """Count the turns; None where nobody looked."""
    looked = [trial for trial in plan.trials if trial.quality is None or trial.quality.guards]
    if not looked:
        return None
    people = [
        person
        for trial in looked
        for person in _people([member.id for member in trial.people], events.get(trial.id, ()))
    ]
    cost = next((purpose for purpose in accounts.purposes if purpose.what == "guard"), None)
    return Guards(
        turns=sum(counted.turns for counted in people),
        faulty=sum(sum(counted.faults.values()) for counted in people),
        faults=_sum(people),
        asked_again=sum(_asked_again(events.get(trial.id, ())) for trial in looked),
        calls=cost.calls if cost else 0,
        usd=cost.usd if cost else 0.0,
        people=tuple(counted for counted in _by_person(people) if counted.faults),
    )


def _people(ids: Sequence[str], events: Sequence[Event]) -> list[PersonFaults]:
    found = turn_faults(events)
    return [
        PersonFaults(person=person, turns=len(found[person].turns), faults=Counter(found[person].faults.values()))
        for person in ids
        if person in found
    ]


def _by_person(people: Sequence[PersonFaults]) -> list[PersonFaults]:
    """Add up the trials of each person."""
    ids = dict.fromkeys(counted.person for counted in people)
    own = {person: [counted for counted in people if counted.person == person] for person in ids}
    return [
        PersonFaults(person=person, turns=sum(part.turns for part in parts), faults=_sum(parts))
        for person, parts in own.items()
    ]


def _sum(people: Sequence[PersonFaults]) -> dict[Fault, int]:
    total = Counter[Fault]()
    for person in people:
        total.update(person.faults)
    return dict(sorted(total.items(), key=lambda pair: -pair[1]))


def _asked_again(events: Sequence[Event]) -> int:
    """Count the turns that were taken more than once, one of their tries being faulty."""
    faulty = {
        (event.person, event.step) for event in events if isinstance(event, TurnScored) and event.fault is not None
    }
    again = {(event.person, event.step) for event in events if isinstance(event, TurnScored) and event.attempt > 1}
    return len(faulty & again)
