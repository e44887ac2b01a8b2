"""EXECUTORS: who plays a plan's trials. Here: one loop, all trials at once, under one stack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Protocol

from tinytroupe_cli.events.types import Event
from tinytroupe_cli.plan.types import Plan, Trial
from tinytroupe_cli.runs.folder import RunFolder
from tinytroupe_cli.runs.journal import Journal, is_finished

MOST_TRIALS = 64
"""Trials under way at a time; calls are limited elsewhere."""

Play = Callable[[Trial], AsyncGenerator[Event, None]]
Watch = Callable[[Event], None]


class Executor(Protocol):
    """Plays all trials of a plan that aren't finished yet."""

    def __call__(self, plan: Plan, folder: RunFolder, play: Play, watch: Watch) -> Awaitable[None]:
        """Write every trial's journal; raises what a trial raises, and stops the others."""
        ...


async def play_here(plan: Plan, folder: RunFolder, play: Play, watch: Watch) -> None:
    """Play in this process, trials side by side."""
    places = asyncio.Semaphore(MOST_TRIALS)

    async def one(trial: Trial) -> None:
        async with places:
            await _play_one(trial, folder, play, watch)

    try:
        async with asyncio.TaskGroup() as group:
            for trial in plan.trials:
                group.create_task(one(trial))
    except ExceptionGroup as errors:  # callers stop a run by the error itself
        raise errors.exceptions[0] from errors


EXECUTORS: dict[str, Executor] = {"here": play_here}


async def _play_one(trial: Trial, folder: RunFolder, play: Play, watch: Watch) -> None:
    """Write a trial's journal from the beginning; answers that are known come from the call store."""
    path = folder.events_file(trial.id)
    finished = folder.events(trial.id)
    if is_finished(finished):
        for event in finished:
            watch(event)
        return
    with Journal(path) as journal:
        async with aclosing(play(trial)) as events:
            async for event in events:
                journal.write(event)
                watch(event)
