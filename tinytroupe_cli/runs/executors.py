"""EXECUTORS: the ways to run a plan's trials. Here: all trials concurrently in one event loop, with one stack."""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from functools import partial
from typing import Protocol

from tinytroupe_cli.core.errors import TroupeError
from tinytroupe_cli.core.files import is_disk_error, write_whole
from tinytroupe_cli.core.safe_text import safe_text
from tinytroupe_cli.events.types import Crashed, Event
from tinytroupe_cli.plan.types import Plan, Trial
from tinytroupe_cli.runs.folder import RunFolder
from tinytroupe_cli.runs.journal import Journal, is_finished

MAX_TRIALS = 64
"""Maximum concurrent trials; calls are limited elsewhere."""

RunTrial = Callable[[Trial], AsyncGenerator[Event, None]]
Watch = Callable[[Event], None]
IsDone = Callable[[Sequence[Event]], bool]
"""Returns, for a trial's journal, whether the trial need not be run."""
Hide = Callable[[str], str]
"""Removes secrets from a text."""


class Executor(Protocol):
    """Runs all unfinished trials of a plan."""

    def __call__(
        self,
        plan: Plan,
        folder: RunFolder,
        run_trial: RunTrial,
        watch: Watch,
        *,
        is_done: IsDone = is_finished,
        hide: Hide = str,
    ) -> Awaitable[None]:
        """Write every trial's journal; raises errors that stop a run, and stops the other trials.

        A bug stops only its own trial, whose journal records it.
        """
        ...


async def run_in_process(
    plan: Plan, folder: RunFolder, run_trial: RunTrial, watch: Watch, *, is_done: IsDone = is_finished, hide: Hide = str
) -> None:
    """Run the trials concurrently in this process; those of baselines are not watched."""
    places = asyncio.Semaphore(MAX_TRIALS)

    async def run_one(trial: Trial) -> None:
        async with places:
            finished = folder.legible_events(trial.id)
            told = watch if trial.baseline is None else _not_watched
            if is_done(finished):
                for event in finished:
                    told(event)
            else:
                await _run_one(trial, folder, partial(_until_a_bug, folder, run_trial, hide), told)

    try:
        async with asyncio.TaskGroup() as group:
            for trial in plan.trials:
                group.create_task(run_one(trial))
    except ExceptionGroup as errors:  # callers stop a run by the error itself
        raise errors.exceptions[0] from errors


EXECUTORS: dict[str, Executor] = {"here": run_in_process}


def _not_watched(event: Event) -> None:
    del event


async def _run_one(trial: Trial, folder: RunFolder, run_trial: RunTrial, watch: Watch) -> None:
    """Write a trial's journal from the start; known answers come from the call store."""
    folder.bug_file(trial.id).unlink(missing_ok=True)
    with Journal(folder.events_file(trial.id)) as journal:
        async with aclosing(run_trial(trial)) as events:
            async for event in events:
                journal.write(event)
                watch(event)


async def _until_a_bug(folder: RunFolder, run_trial: RunTrial, hide: Hide, trial: Trial) -> AsyncGenerator[Event, None]:
    """Yield a trial's events; if a bug ends it, the last event describes it."""
    last: Event | None = None
    try:
        async with aclosing(run_trial(trial)) as events:
            async for event in events:
                last = event
                yield event
    except TroupeError:
        raise
    except Exception as error:
        if is_disk_error(error):
            raise
        yield _crashed(trial, folder, error, last, hide=hide)


def _crashed(trial: Trial, folder: RunFolder, error: Exception, last: Event | None, *, hide: Hide) -> Crashed:
    file = folder.bug_file(trial.id)
    trace = hide(safe_text("".join(traceback.format_exception(error))))
    write_whole(file, f"trial: {trial.id}\npython: {sys.version}\n\n{trace}")
    words = hide(safe_text(f"{type(error).__name__}: {error}"))
    return Crashed(
        trial=trial.id,
        seq=last.seq + 1 if last else 0,
        step=last.step if last else 0,
        time=last.time if last else "",
        error=words,
        file=file.relative_to(folder.path).as_posix(),
    )
