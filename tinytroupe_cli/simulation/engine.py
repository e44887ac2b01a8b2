"""The loop: simulate(trial, ports) -> events, in an order that no model call's speed can change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from tinytroupe_cli.events.types import Event, Perceived, StepBegan, TrialBegan
from tinytroupe_cli.minds.situation import Situation
from tinytroupe_cli.plan.types import Trial
from tinytroupe_cli.simulation.actions import Outcome, Stamp, outcome_of
from tinytroupe_cli.simulation.ports import Ports
from tinytroupe_cli.simulation.scenery import Scenery, scenery_of
from tinytroupe_cli.simulation.schedule import TurnId, heard_before
from tinytroupe_cli.simulation.state import PersonState, apply

_Told = asyncio.Queue[Event | BaseException | None]


async def simulate(trial: Trial, ports: Ports) -> AsyncIterator[Event]:
    """Play a trial's steps; yields events by (step, order of acting), their `seq` left at 0.

    Raises what a mind raises: `Transient`, `Fatal`, `LimitReached`. Closing the iterator stops all turns.
    """
    told: _Told = asyncio.Queue()
    playing = asyncio.create_task(_play(_Stage(scenery_of(trial), ports), told))
    try:
        while (event := await told.get()) is not None:
            if isinstance(event, BaseException):
                raise event
            yield event
    finally:
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)


@dataclass
class _Stage:
    """What the people of one trial share while it is played: whose turn came to what."""

    scenery: Scenery
    ports: Ports
    turns: dict[TurnId, asyncio.Future[Outcome]] = field(default_factory=dict[TurnId, "asyncio.Future[Outcome]"])

    @property
    def steps(self) -> range:
        return range(1, self.scenery.trial.world.steps + 1)

    def opening(self) -> TrialBegan:
        trial = self.scenery.trial
        return TrialBegan(
            trial=trial.id,
            time=self.scenery.stamp(1),
            people=self.scenery.cast,
            names={member.id: member.name for member in trial.people},
            place=trial.world.place,
        )


async def _play(stage: _Stage, told: _Told) -> None:
    """Let everyone live at once, and tell what happens; the last thing told is None, or what went wrong."""
    loop = asyncio.get_running_loop()
    stage.turns = {(person, step): loop.create_future() for person in stage.scenery.cast for step in stage.steps}
    try:
        async with asyncio.TaskGroup() as group:
            for person in stage.scenery.cast:
                group.create_task(_live(person, stage))
            group.create_task(_tell(stage, told))
    except ExceptionGroup as errors:
        told.put_nowait(errors.exceptions[0])
    else:
        told.put_nowait(None)


async def _live(person: str, stage: _Stage) -> None:
    """Take a person through all steps, each as soon as those who reach them are ready."""
    scenery = stage.scenery
    opening = stage.opening()
    past: list[Event] = [opening]
    state = apply(PersonState(), opening, person, scenery.cast)

    def happens(event: Event, state: PersonState) -> PersonState:
        past.append(event)
        return apply(state, event, person, scenery.cast)

    for step in stage.steps:
        for turn in heard_before(scenery, person, step):
            outcome = await stage.turns[turn]
            for event in outcome.delivered:
                state = happens(event, state) if person in event.people else state
        for stimulus in scenery.stimuli(step):
            state = happens(stimulus, state) if person in stimulus.people else state
        outcome = await _turn(person, step, stage, past, state)
        if outcome is not None:
            state = PersonState(state.place, state.goal, state.feeling, state.voices)
            for event in outcome.done:
                state = happens(event, state)
        stage.turns[person, step].set_result(outcome or Outcome())


async def _turn(person: str, step: int, stage: _Stage, past: list[Event], state: PersonState) -> Outcome | None:
    """Ask a person to act; None if they are not to be asked."""
    scenery = stage.scenery
    if scenery.trial.world.acts == "when_stimulated" and not state.is_stimulated:
        return None
    names = {member.id: member.name for member in scenery.trial.people}
    situation = Situation(
        step=step,
        time=scenery.time(step),
        place=state.place,
        occasion=scenery.trial.world.name,
        people=tuple((other, names[other]) for other in scenery.reach(person, step)),
        voices=state.voices,
        feeling=state.feeling,
        goal=state.goal,
    )
    turn = await stage.ports.minds[person].act(past, situation)
    return outcome_of(turn, person, situation, Stamp(scenery.trial.id, step, scenery.stamp(step)))


async def _tell(stage: _Stage, told: _Told) -> None:
    """Tell events in their order, each as soon as all before it are known."""
    scenery = stage.scenery
    told.put_nowait(stage.opening())
    for step in stage.steps:
        told.put_nowait(StepBegan(trial=scenery.trial.id, step=step, time=scenery.stamp(step)))
        for stimulus in scenery.stimuli(step):
            told.put_nowait(stimulus)
        later: list[Perceived] = []
        for person in scenery.order(step):
            outcome = await stage.turns[person, step]
            at_once = () if scenery.trial.world.order == "simultaneous" else outcome.delivered
            for event in (*outcome.done, *at_once):
                told.put_nowait(event)
            later += () if at_once else outcome.delivered
        for event in later:
            told.put_nowait(event)
