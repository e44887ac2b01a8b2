"""A person's way through a trial: each step as soon as those who reach them are ready."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from tinytroupe_cli.events.event import LogTime
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.simulation.abilities import TurnContext
from tinytroupe_cli.simulation.actions import TurnOutcome
from tinytroupe_cli.simulation.environment import Environment, trial_began
from tinytroupe_cli.simulation.ports import Ports
from tinytroupe_cli.simulation.schedule import TurnId, turn_dependencies
from tinytroupe_cli.simulation.state import PersonState, WorldState, apply, apply_to_world, concerns
from tinytroupe_cli.simulation.turns import take_turn


@dataclass(frozen=True, slots=True)
class StepStart:
    """How a step begins: what happens before anyone acts, and the world they then act in."""

    events: tuple[Event, ...]
    world: WorldState
    is_last: bool = False


@dataclass
class TrialRun:
    """What the people of one trial share while it is played."""

    scenery: Environment
    ports: Ports
    group: asyncio.TaskGroup
    turns: dict[TurnId, asyncio.Future[TurnOutcome]]
    """Whose turn came to what."""
    opened: dict[int, asyncio.Future[StepStart]]


@dataclass
class _PersonRun:
    """One person: all that has happened to them, and what they do in the background."""

    person: str
    stage: TrialRun
    past: list[Event] = field(default_factory=list[Event])
    state: PersonState = field(default_factory=PersonState)
    upkeep: list[tuple[int, asyncio.Task[tuple[Event, ...]]]] = field(
        default_factory=list[tuple[int, "asyncio.Task[tuple[Event, ...]]"]]
    )

    def happens(self, events: Iterable[Event]) -> None:
        for event in events:
            self.past.append(event)
            self.state = apply(self.state, event, self.person, self.stage.scenery.cast)

    def receive(self, events: Iterable[Event]) -> None:
        self.happens(event for event in events if concerns(event, self.person))


async def run_person(person: str, stage: TrialRun) -> None:
    """Take a person through all steps."""
    life = _PersonRun(person, stage)
    life.happens([trial_began(stage.scenery.trial)])
    for step in range(1, stage.scenery.trial.world.steps + 1):
        heard = turn_dependencies(stage.scenery, person, step)
        for turn in heard.last_step:
            life.receive((await stage.turns[turn]).deliveries)
        begun = await stage.opened[step]
        life.receive(begun.events)
        world = begun.world
        for turn in heard.this_step:
            outcome = await stage.turns[turn]
            life.receive(outcome.deliveries)
            world = _after(world, outcome) if stage.scenery.is_dynamic else world
        stage.turns[person, step].set_result(await _step(life, step, world))
        if begun.is_last:
            break
    for _, task in life.upkeep:
        task.cancel()


async def _step(life: _PersonRun, step: int, world: WorldState) -> TurnOutcome:
    """Finish what was done in the background, take the turn if there is one, and rest."""
    scenery, ports = life.stage.scenery, life.stage.ports
    stamp = LogTime(scenery.trial.id, step, scenery.stamp(step))
    kept = await _due(life, stamp)
    life.happens(kept)
    reminded = _reminded(life, stamp, world)
    life.happens(reminded)
    kept = (*kept, *reminded)
    if scenery.trial.world.acts == "when_stimulated" and not life.state.is_stimulated:
        return TurnOutcome(kept)
    moment = TurnContext(life.person, stamp, life.past, life.state, world)
    outcome = await take_turn(moment, scenery, ports)
    life.happens(outcome.own_events)
    life.state = after_turn(life.state)
    _start_background_work(life, step)
    return TurnOutcome((*kept, *outcome.own_events), outcome.deliveries)


def after_turn(state: PersonState) -> PersonState:
    """Return a person's state when their turn is over: nothing new has reached them since."""
    return PersonState(state.place, state.goal, state.feeling, state.attention, state.context, state.voices)


def _start_background_work(life: _PersonRun, step: int) -> None:
    """Begin what is to be done in the background, where it will be over while the trial goes on."""
    upkeep = life.stage.ports.minds[life.person].rest(life.past, step)
    if upkeep is not None and upkeep.due <= life.stage.scenery.trial.world.steps:
        life.upkeep.append((upkeep.due, life.stage.group.create_task(upkeep.work())))


async def _due(life: _PersonRun, stamp: LogTime) -> tuple[Event, ...]:
    now = [task for due, task in life.upkeep if due <= stamp.step]
    life.upkeep = [(due, task) for due, task in life.upkeep if due > stamp.step]
    where = {"step": stamp.step, "time": stamp.time}
    return tuple([event.model_copy(update=where) for task in now for event in await task])


def _reminded(life: _PersonRun, stamp: LogTime, world: WorldState) -> tuple[Event, ...]:
    """Return what reaches a person of itself because its time has come."""
    moment = TurnContext(life.person, stamp, life.past, life.state, world)
    before = life.stage.scenery.stamp(stamp.step - 1) if stamp.step > 1 else ""
    return tuple(word for one in life.stage.ports.reminders for word in one.due(moment, before))


def _after(world: WorldState, outcome: TurnOutcome) -> WorldState:
    for event in (*outcome.own_events, *outcome.deliveries):
        world = apply_to_world(world, event)
    return world
