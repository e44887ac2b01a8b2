"""The last layer before a provider: it can be closed, and it aborts attempts that take too long.

Once closed, no new call passes, and pending calls finish. So a run can be stopped, by hand or at its time limit,
without losing pending answers.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from tinytroupe_cli.core.errors import Transient
from tinytroupe_cli.models.local_catalog import LOCAL_PREFIX
from tinytroupe_cli.models.port import ChatModel, Completion, Request


@dataclass
class Gate:
    """Lets calls pass until it is closed; every attempt is limited to the model's `timeout`, however slow."""

    inner: ChatModel
    in_flight: int = 0
    _is_closed: bool = False
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def complete(self, request: Request) -> Completion:
        """Ask; once the gate is closed, wait for ever: closing it cancels those who wait."""
        if self._is_closed:
            await asyncio.get_running_loop().create_future()
        self.in_flight += 1
        try:
            return await self._within_time(request)
        finally:
            self.in_flight -= 1
            self._changed.set()

    async def _within_time(self, request: Request) -> Completion:
        use = request.model
        if use.name.startswith(LOCAL_PREFIX):
            return await self.inner.complete(request)
        try:
            async with asyncio.timeout(use.timeout):
                return await self.inner.complete(request)
        except TimeoutError as error:
            raise Transient(f"{use.name}: no complete reply within {use.timeout:g} s") from error

    def close(self) -> None:
        """Let no more calls pass."""
        self._is_closed = True

    async def drained(self) -> None:
        """Wait until the calls that passed have ended."""
        while self.in_flight:
            self._changed.clear()
            await self._changed.wait()
