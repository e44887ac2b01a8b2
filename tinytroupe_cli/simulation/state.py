"""What events add up to: a person's state, and the world's; pure folds, the same live and from the journal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce

from tinytroupe_cli.events.action_names import Action
from tinytroupe_cli.events.perceptions import PERCEPTIONS
from tinytroupe_cli.events.types import (
    Acted,
    AppointmentScheduled,
    Event,
    MentalStateReported,
    Moved,
    Perceived,
    StateSet,
    StepBegan,
    TieFormed,
    TrialBegan,
)


@dataclass(frozen=True, slots=True)
class PersonState:
    """Where a person is, in place and mind."""

    place: str = ""
    goal: str = ""
    feeling: str = ""
    attention: str = ""
    context: str = ""
    outside_speakers: tuple[str, ...] = ()
    """Outside voices that have reached them, first heard first."""
    is_stimulated: bool = False
    """Something has reached them since their last turn."""


@dataclass(frozen=True, slots=True)
class WorldState:
    """Where everyone is and whom they know, and how much is said; times and texts are in the log."""

    people: Mapping[str, PersonState] = field(default_factory=dict[str, PersonState])
    """Person id -> their state, in cast order."""
    ties: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    """Person id -> those they are tied to -> what they are to each other."""
    step: int = 0
    messages: int = 0
    """Spoken so far."""
    messages_this_step: int = 0
    """Spoken since the step's beginning; when a step has just begun, since the last one's."""
    quiet_steps: int = 0
    """Steps in a row, up to the last one played, in which nobody spoke."""


def concerns(event: Event, person: str) -> bool:
    """Return whether an event is part of a person's past beside what they do themselves: it reached or changed them."""
    return isinstance(event, Perceived | StateSet | AppointmentScheduled) and person in event.people


def apply(state: PersonState, event: Event, person: str, cast: Iterable[str]) -> PersonState:
    """Return the state of a person after an event."""
    match event:
        case TrialBegan():
            return replace(state, place=event.places.get(person, event.place))
        case Perceived() if person in event.people:
            is_news = event.sense != "location"  # what a place looks like makes nobody act
            return _perceive(replace(state, is_stimulated=state.is_stimulated or is_news), event, cast)
        case MentalStateReported() if event.person == person:
            goal, feeling = event.goal or state.goal, event.emotion or state.feeling
            return replace(state, goal=goal, feeling=feeling)
        case Moved() if event.person == person:
            return replace(state, place=event.place)
        case StateSet() if person in event.people:
            return _changed(state, event)
        case _:
            return state


def fold(events: Iterable[Event], person: str, cast: Iterable[str]) -> PersonState:
    """Return the state of a person after a whole log."""
    return reduce(lambda state, event: apply(state, event, person, cast), events, PersonState())


def apply_to_world(world: WorldState, event: Event) -> WorldState:
    """Return the state of the world after an event."""
    match event:
        case TrialBegan():
            return _begun(event)
        case StepBegan():
            return replace(world, step=event.step)
        case Perceived() | StateSet():
            return _reach(world, event, event.people)
        case MentalStateReported() | Moved():
            return _reach(world, event, (event.person,))
        case TieFormed():
            return replace(world, ties=_tied(world.ties, (*event.people, event.name)))
        case Acted(action=Action.TALK):
            return replace(world, messages=world.messages + 1, messages_this_step=world.messages_this_step + 1)
        case _:
            return world


def begin_step(world: WorldState, began: StepBegan) -> WorldState:
    """Return the world as a step's director finds it: what was said in the last step still counts as this one's."""
    if began.step == 1:
        return replace(world, step=1)
    return replace(world, step=began.step, quiet_steps=0 if world.messages_this_step else world.quiet_steps + 1)


def _begun(event: TrialBegan) -> WorldState:
    people = {person: apply(PersonState(), event, person, event.people) for person in event.people}
    ties: dict[str, dict[str, str]] = {}
    for first, second, name in event.ties:
        ties.setdefault(first, {})[second] = name
        ties.setdefault(second, {})[first] = name
    return WorldState(people=people, ties=ties)


def _tied(ties: Mapping[str, Mapping[str, str]], tie: tuple[str, str, str]) -> dict[str, Mapping[str, str]]:
    first, second, name = tie
    return {
        **ties,
        first: {**ties.get(first, {}), second: name},
        second: {**ties.get(second, {}), first: name},
    }


def _reach(world: WorldState, event: Event, people: Collection[str]) -> WorldState:
    found = {
        person: apply(state, event, person, world.people) if person in people else state
        for person, state in world.people.items()
    }
    return replace(world, people=found)


def _perceive(state: PersonState, event: Perceived, cast: Iterable[str]) -> PersonState:
    if event.sense == "goal":
        return replace(state, goal=event.text)
    if event.sense == "move":
        return replace(state, place=event.text)
    is_voice = PERCEPTIONS[event.sense].is_voice and event.source not in cast
    if is_voice and event.source and event.source not in state.outside_speakers:
        return replace(state, outside_speakers=(*state.outside_speakers, event.source))
    return state


def _changed(state: PersonState, event: StateSet) -> PersonState:
    values = {name: str(value) for name, value in event.values.items()}
    return replace(
        state,
        place=values.get("place", state.place),
        goal=values.get("goal", state.goal),
        feeling=values.get("emotions", state.feeling),
        attention=values.get("attention", state.attention),
        context=values.get("context", state.context),
    )
