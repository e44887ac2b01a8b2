"""A person's way through a trial: each step as soon as those who reach them are ready."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from tinytroupe_cli.events.event import LogTime
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.simulation.abilities import TurnContext
from tinytroupe_cli.simulation.actions import TurnOutcome
from tinytroupe_cli.simulation.environment import Environment
from tinytroupe_cli.simulation.ports import Ports
from tinytroupe_cli.simulation.schedule import TurnId, turn_dependencies
from tinytroupe_cli.simulation.state import PersonState, WorldState, apply, apply_to_world, concerns
from tinytroupe_cli.simulation.turns import take_turn

MOST_TURNS = 500
"""People of a trial who take their turns at a time: each holds a prompt, in a crowd of thousands a long one."""


@dataclass(frozen=True, slots=True)
class StepStart:
    """How a step begins: what happens before anyone acts, and the world they then act in."""

    events: tuple[Event, ...]
    world: WorldState
    is_last: bool = False


@dataclass
class TrialRun:
    """What the people of one trial share while it is played."""

    environment: Environment
    ports: Ports
    group: asyncio.TaskGroup
    turns: dict[TurnId, asyncio.Future[TurnOutcome]]
    """Whose turn came to what."""
    step_starts: dict[int, asyncio.Future[StepStart]]
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_TURNS))


@dataclass
class _PersonRun:
    """One person: all that has happened to them, and what they do in the background."""

    person: str
    stage: TrialRun
    past: list[Event] = field(default_factory=list[Event])
    state: PersonState = field(default_factory=PersonState)
    background: list[tuple[int, asyncio.Task[tuple[Event, ...]]]] = field(
        default_factory=list[tuple[int, "asyncio.Task[tuple[Event, ...]]"]]
    )

    def record(self, events: Iterable[Event]) -> None:
        for event in events:
            self.past.append(event)
            self.state = apply(self.state, event, self.person, self.stage.environment.cast)

    def receive(self, events: Iterable[Event]) -> None:
        self.record(event for event in events if concerns(event, self.person))


async def run_person(person: str, stage: TrialRun) -> None:
    """Take a person through all steps."""
    run = _PersonRun(person, stage)
    run.record([stage.environment.beginning])
    for step in range(1, stage.environment.trial.world.steps + 1):
        dependencies = turn_dependencies(stage.environment, person, step)
        for turn in dependencies.last_step:
            run.receive((await stage.turns[turn]).deliveries)
        begun = await stage.step_starts[step]
        run.receive(begun.events)
        world = begun.world
        for turn in dependencies.this_step:
            outcome = await stage.turns[turn]
            run.receive(outcome.deliveries)
            world = _after(world, outcome) if stage.environment.is_dynamic else world
        stage.turns[person, step].set_result(await _step(run, step, world))
        if begun.is_last:
            break
    for _, task in run.background:
        task.cancel()


async def _step(run: _PersonRun, step: int, world: WorldState) -> TurnOutcome:
    """Finish what was done in the background, take the turn if there is one, and rest."""
    environment, ports = run.stage.environment, run.stage.ports
    stamp = LogTime(environment.trial.id, step, environment.stamp(step))
    kept = await _due(run, stamp)
    run.record(kept)
    reminded = _reminded(run, stamp, world)
    run.record(reminded)
    kept = (*kept, *reminded)
    if environment.trial.world.activation == "when_stimulated" and not run.state.is_stimulated:
        return TurnOutcome(kept)
    moment = TurnContext(run.person, stamp, run.past, run.state, world)
    async with run.stage.slots:  # a turn waits for nobody else's
        outcome = await take_turn(moment, environment, ports)
    run.record(outcome.own_events)
    run.state = after_turn(run.state)
    _start_background_work(run, step)
    return TurnOutcome((*kept, *outcome.own_events), outcome.deliveries)


def after_turn(state: PersonState) -> PersonState:
    """Return a person's state when their turn is over: nothing new has reached them since."""
    return PersonState(state.place, state.goal, state.feeling, state.attention, state.context, state.outside_speakers)


def _start_background_work(run: _PersonRun, step: int) -> None:
    """Begin what is to be done in the background, where it will be over while the trial goes on."""
    background = run.stage.ports.minds[run.person].start_background_work(run.past, step)
    if background is not None and background.due <= run.stage.environment.trial.world.steps:
        run.background.append((background.due, run.stage.group.create_task(background.work())))


async def _due(run: _PersonRun, stamp: LogTime) -> tuple[Event, ...]:
    now = [task for due, task in run.background if due <= stamp.step]
    run.background = [(due, task) for due, task in run.background if due > stamp.step]
    where = {"step": stamp.step, "time": stamp.time}
    return tuple([event.model_copy(update=where) for task in now for event in await task])


def _reminded(run: _PersonRun, stamp: LogTime, world: WorldState) -> tuple[Event, ...]:
    """Return what reaches a person of itself because its time has come."""
    moment = TurnContext(run.person, stamp, run.past, run.state, world)
    before = run.stage.environment.stamp(stamp.step - 1) if stamp.step > 1 else ""
    return tuple(word for reminder in run.stage.ports.reminders for word in reminder.due(moment, before))


def _after(world: WorldState, outcome: TurnOutcome) -> WorldState:
    for event in (*outcome.own_events, *outcome.deliveries):
        world = apply_to_world(world, event)
    return world
