"""Real time, by the one door: code that waits or stamps is handed a Clock."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from typing import Protocol


class Clock(Protocol):
    """Monotonic seconds, the date, and waiting."""

    def seconds(self) -> float:
        """Return monotonic seconds."""
        ...

    def date(self) -> dt.datetime:
        """Return the local date and time, with its zone."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class WallClock:
    """The machine's clock."""

    def seconds(self) -> float:
        """Return the monotonic clock."""
        return time.monotonic()  # noqa: TID251 - this is the door

    def date(self) -> dt.datetime:
        """Return now, local, with its zone."""
        return dt.datetime.now().astimezone()  # noqa: TID251 - this is the door

    async def sleep(self, seconds: float) -> None:
        """Wait for real."""
        await asyncio.sleep(seconds)


class JumpingClock:
    """A clock for tests: waiting advances it at once."""

    def __init__(self) -> None:
        self._now = 0.0

    def seconds(self) -> float:
        """Return the seconds waited so far."""
        return self._now

    def date(self) -> dt.datetime:
        """Return 2026-01-01 UTC plus the seconds waited."""
        start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        return start + dt.timedelta(seconds=self._now)

    async def sleep(self, seconds: float) -> None:
        """Advance the clock, and let other tasks run."""
        self._now += seconds
        await asyncio.sleep(0)
