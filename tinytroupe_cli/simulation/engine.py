"""The loop: simulate(trial, ports) -> events, in an order that no model call's speed can change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace

from tinytroupe_cli.events.event import LogTime
from tinytroupe_cli.events.types import Event, StepBegan, TrialStoppedEarly
from tinytroupe_cli.plan.types import Trial
from tinytroupe_cli.simulation.actions import Delivered
from tinytroupe_cli.simulation.environment import Environment, build_environment
from tinytroupe_cli.simulation.person_loop import StepStart, TrialRun, run_person
from tinytroupe_cli.simulation.ports import Ports
from tinytroupe_cli.simulation.state import WorldState, apply_to_world, begin_step

_Queue = asyncio.Queue[Event | BaseException | None]


async def simulate(trial: Trial, ports: Ports) -> AsyncGenerator[Event, None]:
    """Play a trial's steps; yields events by (step, order of acting), their `seq` left at 0.

    Raises what a mind raises: `Transient`, `Fatal`, `LimitReached`. Closing the iterator stops all turns.
    """
    queue: _Queue = asyncio.Queue()
    environment = build_environment(trial, is_directed=ports.director is not None)
    playing = asyncio.create_task(_play(environment, ports, queue))
    try:
        while (event := await queue.get()) is not None:
            if isinstance(event, BaseException):
                raise event
            yield event
    finally:
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)


async def _play(environment: Environment, ports: Ports, queue: _Queue) -> None:
    """Let everyone live at once, and tell what happens; the last thing told is None, or what went wrong."""
    loop = asyncio.get_running_loop()
    steps = range(1, environment.trial.world.steps + 1)
    try:
        async with asyncio.TaskGroup() as group:
            turns = {(person, step): loop.create_future() for person in environment.cast for step in steps}
            opened: dict[int, asyncio.Future[StepStart]] = {step: loop.create_future() for step in steps}
            stage = TrialRun(environment, ports, group, turns, opened)
            for person in environment.cast:
                group.create_task(run_person(person, stage))
            group.create_task(_EventSequencer(stage, queue).emit_all())
    except ExceptionGroup as errors:
        queue.put_nowait(errors.exceptions[0])
    else:
        queue.put_nowait(None)


@dataclass
class _EventSequencer:
    """Tells events in their order, each as soon as all before it are known; opens steps on what has been told."""

    stage: TrialRun
    queue: _Queue
    log: list[Event] = field(default_factory=list[Event])
    """What was told; kept only where a director reads it."""
    world: WorldState = field(default_factory=WorldState)
    """Where everyone is by now; kept only where what happens decides who reaches whom."""

    async def emit_all(self) -> None:
        """Run the whole trial, yielding its events."""
        environment = self.stage.environment
        self._emit(environment.beginning)
        if not environment.is_dynamic:
            for step, begun in self.stage.step_starts.items():
                begun.set_result(StepStart(tuple(environment.stimuli(step)), environment.planned[step]))
        for step in self.stage.step_starts:
            begun = await self._begin_step(step)
            await self._emit_turns(step)
            if begun.is_last:
                break

    async def _begin_step(self, step: int) -> StepStart:
        environment = self.stage.environment
        began = StepBegan(trial=environment.trial.id, step=step, time=environment.stamp(step))
        self._emit(began)
        if not environment.is_dynamic:
            begun = self.stage.step_starts[step].result()
            self._emit(*begun.events)
            return begun
        self.world = begin_step(self.world, began)
        stimuli = environment.stimuli(step)
        self._emit(*stimuli)
        directed = await self._directed(LogTime(environment.trial.id, step, began.time))
        self._emit(*directed)
        self.world = replace(self.world, messages_this_step=0)
        is_last = any(isinstance(event, TrialStoppedEarly) for event in directed)
        begun = StepStart((*stimuli, *directed), self.world, is_last)
        self.stage.step_starts[step].set_result(begun)
        return begun

    async def _directed(self, stamp: LogTime) -> tuple[Event, ...]:
        director = self.stage.ports.director
        return () if director is None else tuple(await director.direct(stamp, self.log, self.world))

    async def _emit_turns(self, step: int) -> None:
        environment = self.stage.environment
        later: list[Delivered] = []
        for person in environment.order(step):
            outcome = await self.stage.turns[person, step]
            at_once = () if environment.trial.world.order == "simultaneous" else outcome.deliveries
            self._emit(*outcome.own_events, *at_once)
            later += () if at_once else outcome.deliveries
        self._emit(*later)

    def _emit(self, *events: Event) -> None:
        for event in events:
            if self.stage.ports.director is not None:
                self.log.append(event)
            if self.stage.environment.is_dynamic:
                self.world = apply_to_world(self.world, event)
            self.queue.put_nowait(event)
