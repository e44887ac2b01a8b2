"""What is known of a trial before it is played: times, stimuli, planned moves, who can reach whom.

All of this is a function of the trial alone. Where people move or tie themselves, or a director steps
in, only the log tells who reaches whom; then everyone waits for everyone at each step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial

from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.events.event import LogTime
from tinytroupe_cli.events.types import Perceived, TrialBegan
from tinytroupe_cli.plan.types import PlannedStimulus, Trial
from tinytroupe_cli.simulation.clock import time_at
from tinytroupe_cli.simulation.places import initial_place_views, looks_after_moves
from tinytroupe_cli.simulation.state import WorldState, apply_to_world


@dataclass(frozen=True)
class Environment:
    """A trial, answering the engine's questions about it."""

    trial: Trial
    cast: tuple[str, ...]
    planned: tuple[WorldState, ...]
    """Places and ties as planned, for each step; index 0 is before the first."""
    is_dynamic: bool
    """Whether what happens decides who reaches whom."""

    @cached_property
    def beginning(self) -> TrialBegan:
        """The trial's first event; everyone's past has the same one, as it names all people."""
        return trial_began(self.trial)

    def time(self, step: int) -> datetime:
        """Return the simulated time of a step."""
        world = self.trial.world
        return time_at(datetime.fromisoformat(world.start), world.step_length, max(step, 1))

    def stamp(self, step: int) -> str:
        """Return a step's time as events carry it."""
        return stamp_of(self.trial, step)

    def reachable_from(self, person: str, world: WorldState) -> tuple[str, ...]:
        """Return those a person can hear and speak to, in cast order."""
        match self.trial.world.type:
            case "interviews":
                return ()
            case "network":
                return _in_network(person, self.cast, world.ties, partial(self._near, world=world))
            case "room":
                return _in_room(person, self.cast, lambda other: world.people[other].place)

    def could_reach(self, person: str, step: int) -> tuple[str, ...]:
        """Return those whose turn of a step a person must wait for before they know what reached them."""
        if self.is_dynamic:
            return tuple(other for other in self.cast if other != person)
        return self.reachable_from(person, self.planned[step])

    def stimuli(self, step: int) -> list[Perceived]:
        """Return what reaches people at a step, as written."""
        stamp = LogTime(self.trial.id, step, self.stamp(step))
        due = [stimulus for stimulus in self.trial.stimuli if stimulus.step == step]
        before = initial_place_views(self.trial, stamp) if step == 1 else ()
        planned = (self.perceived(stimulus, step) for stimulus in due)
        return [*before, *planned, *looks_after_moves(due, self.trial, stamp)]

    def perceived(self, stimulus: PlannedStimulus, step: int) -> Perceived:
        """Return a stimulus as it reaches people at a step."""
        return Perceived(
            trial=self.trial.id,
            step=step,
            time=self.stamp(step),
            people=stimulus.to,
            sense=stimulus.verb,
            source=stimulus.source,
            to=self._addressed(stimulus.to, to_everyone=stimulus.to_everyone),
            text=stimulus.text,
            images=stimulus.images,
        )

    def order(self, step: int) -> list[str]:
        """Return the order in which people act at a step."""
        if self.trial.world.order == "shuffled":
            return Stream(self.trial.seed, "order", step).shuffled(self.cast)
        return list(self.cast)

    def _near(self, person: str, *, world: WorldState) -> str:
        """Return where a person is, as far as that parts the people of a network."""
        return world.people[person].place if self.trial.world.places else ""

    def _addressed(self, to: Sequence[str], *, to_everyone: bool) -> str:
        alone = self.trial.world.type == "interviews" or len(to) == 1
        return to[0] if alone and len(to) == 1 else "everyone" if to_everyone else "several"


def trial_began(trial: Trial) -> TrialBegan:
    """Return a trial's first event."""
    return TrialBegan(
        trial=trial.id,
        time=stamp_of(trial, 1),
        people=tuple(member.id for member in trial.people),
        names={member.id: member.name for member in trial.people},
        place=trial.world.place,
        places={member.id: member.place for member in trial.people if member.place},
        ties=tuple((tie.a, tie.b, tie.name) for tie in trial.world.ties),
    )


def stamp_of(trial: Trial, step: int) -> str:
    """Return a step's simulated time as events carry it; to the second where steps are of seconds."""
    world = trial.world
    time = time_at(datetime.fromisoformat(world.start), world.step_length, max(step, 1))
    return time.isoformat(timespec="seconds" if world.step_length.unit == "second" or time.second else "minutes")


def build_environment(trial: Trial, *, is_directed: bool = False) -> Environment:
    """Work out where everyone is at every step, as far as that is planned."""
    world = trial.world
    now = apply_to_world(WorldState(), trial_began(trial))
    planned = [now]
    for step in range(1, world.steps + 1):
        for stimulus in trial.stimuli:
            if stimulus.step == step and stimulus.verb == "move":
                now = _moved(now, stimulus)
        planned.append(now)
    is_open = is_directed or len(world.places) > 1 or world.reach_out != "nobody" or _invites(trial)
    return Environment(trial, tuple(member.id for member in trial.people), tuple(planned), is_open)


def _moved(world: WorldState, stimulus: PlannedStimulus) -> WorldState:
    people = {
        person: replace(state, place=stimulus.text) if person in stimulus.to else state
        for person, state in world.people.items()
    }
    return replace(world, people=people)


def _invites(trial: Trial) -> bool:
    """Return whether somebody can reach others by calendar, wherever they are."""
    return any(tool.kind == "calendar" for member in trial.people for tool in member.tools)


def _in_room(person: str, cast: Sequence[str], place_of: Callable[[str], str]) -> tuple[str, ...]:
    """Return the ids of those a person can hear and speak to, in cast order."""
    place = place_of(person)
    return tuple(other for other in cast if other != person and place_of(other) == place)


def _in_network(
    person: str, cast: Sequence[str], ties: Mapping[str, Mapping[str, str]], place_of: Callable[[str], str]
) -> tuple[str, ...]:
    """Return the ids of those a person is tied to and not parted from by place, in cast order."""
    own, place = ties.get(person, {}), place_of(person)
    return tuple(other for other in cast if other in own and place_of(other) == place)
