"""Adaptive concurrency: as many concurrent calls as the provider accepts.

Begins at 20, doubles with every clean round until the first 429, then grows by a twentieth a
round; a 429 cuts it by a fifth, once per 15 seconds, however many come together.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from tinytroupe_cli.core.clock import Clock
from tinytroupe_cli.core.errors import RateLimited
from tinytroupe_cli.models.port import ChatModel, Completion, Request

FIRST_SLOTS, MAX_SLOTS = 20, 100
COOLDOWN = 15.0
"""Seconds in which several 429s count as one."""
_REMAINING = "x-ratelimit-remaining"


@dataclass
class ProviderSlots:
    """The slots of one provider."""

    clock: Clock
    limit: float = FIRST_SLOTS
    is_fixed: bool = False
    in_use: int = 0
    _clean: int = 0
    _is_careful: bool = False
    _last_cut: float = -COOLDOWN
    _pause_until: float = 0.0
    _waiting: deque[asyncio.Future[None]] = field(default_factory=deque["asyncio.Future[None]"])

    async def enter(self) -> None:
        """Wait for a slot, in order of arrival, and until the end of a pause the provider asked for."""
        await self._take_place()
        try:
            while (left := self._pause_until - self.clock.seconds()) > 0:
                await self.clock.sleep(left)
        except BaseException:
            self.leave()
            raise

    async def _take_place(self) -> None:
        if self.in_use < int(self.limit) and not self._waiting:
            self.in_use += 1
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.leave()
            elif place in self._waiting:  # one that left meanwhile has passed it on
                self._waiting.remove(place)
            raise

    def leave(self) -> None:
        """Give the place to the longest waiting."""
        self.in_use -= 1
        self._hand_out()

    def _hand_out(self) -> None:
        while self._waiting and self.in_use < int(self.limit):
            place = self._waiting.popleft()
            if not place.done():
                self.in_use += 1
                place.set_result(None)

    def on_success(self) -> None:
        """Grow after a round without rejections."""
        self._clean += 1
        if self.is_fixed or self._clean < int(self.limit):
            return
        self._clean = 0
        self.limit = min(MAX_SLOTS, self.limit * 1.05 + 0.5 if self._is_careful else self.limit * 2)
        self._hand_out()

    def on_rate_limit(self, retry_after: float | None) -> None:
        """Shrink, once per episode, and pause as long as the provider asks."""
        now = self.clock.seconds()
        self._pause_until = max(self._pause_until, now + min(retry_after or 0.0, 120.0))
        self._clean = 0
        self._is_careful = True
        if now - self._last_cut >= COOLDOWN and not self.is_fixed:
            self.limit = max(1.0, self.limit * 0.8)
        self._last_cut = now if now - self._last_cut >= COOLDOWN else self._last_cut

    def observe(self, headers: Mapping[str, str], *, tokens: int) -> None:
        """Slow down before the provider rejects: keep the tokens of pending calls within the reported remainder."""
        left = [
            int(headers.get(name, "")) // size
            for name, size in ((f"{_REMAINING}-requests", 1), (f"{_REMAINING}-tokens", max(1, tokens)))
            if headers.get(name, "").isdecimal()
        ]
        if left and not self.is_fixed and min(left) < self.limit:
            self.limit = max(1.0, float(min(left)))
            self._is_careful = True


@dataclass
class Limiter:
    """Holds a slot for each pending call; one lane for each provider and address."""

    inner: ChatModel
    clock: Clock
    fixed: int | None = None
    """Concurrent calls for every provider; None: adaptive."""
    _lanes: dict[str, ProviderSlots] = field(default_factory=dict[str, ProviderSlots])

    async def complete(self, request: Request) -> Completion:
        """Call when a slot is free."""
        lane = self.lane(request)
        await lane.enter()
        try:
            completion = await self.inner.complete(request)
        except RateLimited as error:
            lane.on_rate_limit(error.retry_after)
            raise
        finally:
            lane.leave()
        lane.on_success()
        return completion

    def lane(self, request: Request) -> ProviderSlots:
        """Return the lane a request goes in."""
        name = f"{request.model.name.split('/')[0]} {request.model.api_base or ''}"
        if name not in self._lanes:
            self._lanes[name] = ProviderSlots(
                self.clock, float(self.fixed or FIRST_SLOTS), is_fixed=self.fixed is not None
            )
        return self._lanes[name]

    def observe(self, request: Request, headers: Mapping[str, str]) -> None:
        """Learn from the headers of an answer."""
        read = sum(len(message.content) for message in request.messages) // 4
        self.lane(request).observe(headers, tokens=read + request.reply_limit)
