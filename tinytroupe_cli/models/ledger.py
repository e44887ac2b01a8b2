"""Keeps a run's accounts: spent, reserved, and what may still be spent."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from tinytroupe_cli.core.clock import Clock
from tinytroupe_cli.core.errors import LimitReached
from tinytroupe_cli.models.port import Purpose, Usage


@dataclass(frozen=True, slots=True)
class SpendLimits:
    """Limits of a whole run; None: none."""

    usd: float | None = None
    tokens: int | None = None
    calls: int | None = None
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Spend:
    """Money, tokens and calls."""

    usd: float = 0.0
    tokens: int = 0
    calls: int = 0

    def __add__(self, other: Spend) -> Spend:
        return Spend(self.usd + other.usd, self.tokens + other.tokens, self.calls + other.calls)

    def __sub__(self, other: Spend) -> Spend:
        return Spend(self.usd - other.usd, self.tokens - other.tokens, self.calls - other.calls)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The accounts at one moment."""

    calls: int
    """Sent and answered just now."""
    found: int
    """Answered from the run's store or the user's cache."""
    embeddings: int
    """How many of both were texts for an embedding model, which estimates don't count."""
    usage: Usage
    usd: float
    unpriced: int
    """Calls whose price is unknown; `usd` leaves them out."""
    retries: int
    in_flight: tuple[Purpose, ...]


@dataclass
class Ledger:
    """Reserves before a call, settles after it; shared by the layers of one run."""

    clock: Clock
    bounds: SpendLimits = SpendLimits()
    spent: Spend = Spend()
    """Includes the spending of earlier sessions of the same run."""
    began: float = 0.0
    _reserved: Spend = Spend()
    _usage: Usage = field(default_factory=Usage)
    _calls: int = 0
    _found: int = 0
    _embeddings: int = 0
    _unpriced: int = 0
    _retries: int = 0
    _in_flight: list[Purpose] = field(default_factory=list[Purpose])
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.began = self.clock.seconds()

    async def reserve(self, most: Spend, purpose: Purpose) -> None:
        """Reserve the maximum cost of a call; waits while pending calls hold the rest.

        Raises `LimitReached` if the call could exceed a limit even without pending calls.
        """
        while True:
            self._refuse(self.spent + most)
            if not self._in_flight or self._exceeded(self.spent + self._reserved + most) is None:
                break  # with nothing under way nothing is reserved but the dust of adding fractions
            self._changed.clear()
            await self._changed.wait()
        self._reserved += most
        self._in_flight.append(purpose)

    def settle(self, most: Spend, purpose: Purpose, *, usage: Usage, usd: float | None) -> None:
        """Replace a reservation by the actual cost of the call; `usd` None: its price is unknown."""
        self.give_back(most, purpose)
        self._calls += 1
        self._embeddings += purpose.role == "embeddings"
        self._usage += usage
        self._unpriced += usd is None
        self.spent += Spend(usd or 0.0, usage.prompt + usage.completion, 1)

    def give_back(self, most: Spend, purpose: Purpose) -> None:
        """Release a reservation."""
        self._reserved -= most
        del self._in_flight[self._place_of(purpose)]
        self._changed.set()

    def _place_of(self, purpose: Purpose) -> int:
        """Return where a purpose is in flight; it is the same object, as a rule, and comparing contents is slow."""
        place = next((place for place, one in enumerate(self._in_flight) if one is purpose), None)
        return self._in_flight.index(purpose) if place is None else place

    def found(self, purpose: Purpose) -> None:
        """Count an answer from storage."""
        self._found += 1
        self._embeddings += purpose.role == "embeddings"

    def retried(self) -> None:
        """Count a second or later attempt."""
        self._retries += 1

    def snapshot(self) -> Snapshot:
        """Return the accounts now."""
        return Snapshot(
            calls=self._calls,
            found=self._found,
            embeddings=self._embeddings,
            usage=self._usage,
            usd=self.spent.usd,
            unpriced=self._unpriced,
            retries=self._retries,
            in_flight=tuple(self._in_flight),
        )

    def _refuse(self, total: Spend) -> None:
        limit = self._exceeded(total)
        if limit is None and self.bounds.minutes is not None:
            minutes = (self.clock.seconds() - self.began) / 60
            limit = f"{self.bounds.minutes:g} minutes" if minutes >= self.bounds.minutes else None
        if limit is not None:
            raise LimitReached(f"the next call would exceed the limit of {limit}")

    def _exceeded(self, total: Spend) -> str | None:
        bounds = self.bounds
        if bounds.usd is not None and total.usd > bounds.usd:
            return f"${bounds.usd:g}"
        if bounds.tokens is not None and total.tokens > bounds.tokens:
            return f"{bounds.tokens:,} tokens"
        if bounds.calls is not None and total.calls > bounds.calls:
            return f"{bounds.calls:,} calls"
        return None
