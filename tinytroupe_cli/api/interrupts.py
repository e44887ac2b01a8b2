"""Stops a run in good order: on Ctrl-C or at its time limit.

No new call starts; pending answers are awaited for a short time and stored. A second Ctrl-C stops at once.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tinytroupe_cli.core.errors import LimitReached
from tinytroupe_cli.models.gate import Gate

AT_THE_LIMIT = 5.0
"""Seconds that pending answers have after the time limit."""
CLEARING_UP = 3.0
"""Seconds that cancelled work has to clean up."""


@dataclass(frozen=True)
class InterruptPolicy:
    """How long a run may take, and how long its end may take."""

    drain: float
    """Seconds that pending answers have after the first Ctrl-C."""
    minutes: float | None = None
    """Limit of the whole run; None: no limit."""


async def run_until_interrupted(
    work: Coroutine[Any, Any, None], gate: Gate, patience: InterruptPolicy, stopping: Callable[[int], None]
) -> None:
    """Await the work; raises `CancelledError` if it was stopped by hand, `LimitReached` at the time limit.

    `stopping` receives the number of pending answers.
    """
    task = asyncio.ensure_future(work)
    first, second = asyncio.Event(), asyncio.Event()
    asked = asyncio.ensure_future(first.wait())
    left = None if patience.minutes is None else patience.minutes * 60
    try:
        with _signals(first, second):
            await asyncio.wait({task, asked}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                if first.is_set():
                    stopping(gate.in_flight)
                await _drained(gate, second, patience.drain if first.is_set() else AT_THE_LIMIT)
    finally:
        asked.cancel()
        await _stopped(task)
    if task.cancelled():
        if first.is_set():
            raise asyncio.CancelledError
        raise LimitReached(f"the limit of {patience.minutes:g} minutes was reached")
    await task


async def _drained(gate: Gate, at_once: asyncio.Event, seconds: float) -> None:
    """Close the gate and wait for the calls that have passed it."""
    gate.close()
    waits = {asyncio.ensure_future(gate.drained()), asyncio.ensure_future(at_once.wait())}
    await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


async def _stopped(task: asyncio.Future[None]) -> None:
    """Cancel unfinished work; leave behind what does not end."""
    if not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=CLEARING_UP)


@contextmanager
def _signals(first: asyncio.Event, second: asyncio.Event) -> Generator[None, None, None]:
    """Set `first` at the first Ctrl-C or SIGTERM, `second` at the next."""
    loop = asyncio.get_running_loop()

    def on_signal() -> None:
        (second if first.is_set() else first).set()

    taken: dict[signal.Signals, Any] = {}
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)
        try:
            loop.add_signal_handler(number, on_signal)
        except (NotImplementedError, ValueError, RuntimeError):  # Windows, or not in the main thread: stopped at once
            continue
        taken[number] = before
    try:
        yield
    finally:
        for number, before in taken.items():
            loop.remove_signal_handler(number)
            signal.signal(number, before)
