"""Runs a trial: the engine, then the measures; yields numbered events."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing

from tinytroupe_cli.events.types import Event, StepBegan, TrialEnded
from tinytroupe_cli.measurement.queries import Respondents, measure
from tinytroupe_cli.plan.periods import TrialPart, parts_of
from tinytroupe_cli.plan.types import Trial
from tinytroupe_cli.runs.polling import past_at
from tinytroupe_cli.simulation.engine import simulate
from tinytroupe_cli.simulation.ports import Ports

RespondentsOf = Callable[[Trial], Respondents]
"""Returns who answers the questions of a trial, with no state of the people who play it."""


async def run_trial(
    trial: Trial, ports: Ports, asks: Respondents, midway: RespondentsOf | None = None
) -> AsyncGenerator[Event, None]:
    """Run a trial and its measures; yields the whole log, ending with `TrialEnded`.

    In a trial of several conditions, the questions about each are asked after its last step; who answers is `midway`.
    The trial goes on as if nobody had been asked.
    """
    number, step, time = 0, 0, ""
    whole = _in_periods(trial, ports, midway) if trial.periods and midway else _then_measured(trial, ports, asks)
    async with aclosing(whole) as events:
        async for event in events:
            yield numbered(event, number)
            number, step, time = number + 1, event.step, event.time
    yield TrialEnded(trial=trial.id, seq=number, step=step, time=time)


def numbered(event: Event, number: int) -> Event:
    """Return an event with its place in the log; itself if it has it, as a long trial has many."""
    return event if event.seq == number else event.model_copy(update={"seq": number})


async def _then_measured(trial: Trial, ports: Ports, asks: Respondents) -> AsyncGenerator[Event, None]:
    happened: list[Event] = []
    async with aclosing(simulate(trial, ports)) as events:
        async for event in events:
            happened.append(event)
            yield event
    happened = list(map(numbered, happened, range(len(happened))))  # as late: meanwhile people share their events
    async for event in measure(trial, happened, asks):
        yield event


async def _in_periods(trial: Trial, ports: Ports, midway: RespondentsOf) -> AsyncGenerator[Event, None]:
    happened: list[Event] = []
    waiting = list(parts_of(trial))
    async with aclosing(simulate(trial, ports)) as events:
        async for event in events:
            if isinstance(event, StepBegan) and event.step > (waiting[0].last or 0):
                async for answer in _asked_about(waiting.pop(0), happened, midway):
                    yield answer
            happened.append(numbered(event, len(happened)))
            yield happened[-1]
    for part in waiting:
        async for answer in _asked_about(part, happened, midway):
            yield answer


def _asked_about(part: TrialPart, happened: Sequence[Event], midway: RespondentsOf) -> AsyncIterator[Event]:
    """Ask the questions of one period after everything that has happened until its last step."""
    return measure(part.trial, past_at(happened, part.last or 0, ""), midway(part.trial))
