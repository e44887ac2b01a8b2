"""What a person's events add up to; a pure fold, the same live and from the journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce

from tinytroupe_cli.events.types import Event, Felt, Perceived, TrialBegan

_HEARD = ("say", "show", "read", "social")
"""Senses by which an outside voice makes itself known."""


@dataclass(frozen=True, slots=True)
class PersonState:
    """Where a person is, in place and mind."""

    place: str = ""
    goal: str = ""
    feeling: str = ""
    voices: tuple[str, ...] = ()
    """Outside voices that have reached them, first heard first."""
    is_stimulated: bool = False
    """Something has reached them since their last turn."""


def apply(state: PersonState, event: Event, person: str, cast: Iterable[str]) -> PersonState:
    """Return the state of a person after an event."""
    match event:
        case TrialBegan():
            return replace(state, place=event.place)
        case Perceived() if person in event.people:
            return _perceive(replace(state, is_stimulated=True), event, cast)
        case Felt() if event.person == person:
            goal, feeling = event.goal or state.goal, event.emotion or state.feeling
            return replace(state, goal=goal, feeling=feeling)
        case _:
            return state


def fold(events: Iterable[Event], person: str, cast: Iterable[str]) -> PersonState:
    """Return the state of a person after a whole log."""
    return reduce(lambda state, event: apply(state, event, person, cast), events, PersonState())


def _perceive(state: PersonState, event: Perceived, cast: Iterable[str]) -> PersonState:
    if event.sense == "goal":
        return replace(state, goal=event.text)
    if event.sense == "move":
        return replace(state, place=event.text)
    is_voice = event.sense in _HEARD and event.source not in cast
    if is_voice and event.source and event.source not in state.voices:
        return replace(state, voices=(*state.voices, event.source))
    return state
