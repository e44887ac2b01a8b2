"""Runs a trial: the engine, then the measures; yields numbered events."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from tinytroupe_cli.events.types import Event, TrialEnded
from tinytroupe_cli.measurement.queries import Respondents, measure
from tinytroupe_cli.plan.types import Trial
from tinytroupe_cli.simulation.engine import simulate
from tinytroupe_cli.simulation.ports import Ports


async def run_trial(trial: Trial, ports: Ports, asks: Respondents) -> AsyncGenerator[Event, None]:
    """Run a trial and its measures; yields the whole log, ending with `TrialEnded`."""
    happened: list[Event] = []
    async for event in simulate(trial, ports):
        happened.append(event.model_copy(update={"seq": len(happened)}))
        yield happened[-1]
    number = len(happened)
    async for event in measure(trial, happened, asks):
        yield event.model_copy(update={"seq": number})
        number += 1
    last = happened[-1]
    yield TrialEnded(trial=trial.id, seq=number, step=last.step, time=last.time)
