"""Sends equal concurrent requests once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from tinytroupe_cli.models.identity import LastIdentity
from tinytroupe_cli.models.port import ChatModel, Completion, Request


@dataclass
class SingleFlight:
    """Lets equal concurrent requests share one answer; a failed or cancelled one is sent by the next."""

    inner: ChatModel
    identities: LastIdentity = field(default_factory=LastIdentity)
    _flying: dict[str, asyncio.Future[Completion]] = field(default_factory=dict[str, "asyncio.Future[Completion]"])

    async def complete(self, request: Request) -> Completion:
        """Wait for an equal pending request, else call."""
        key = self.identities.of(request)
        flying = self._flying.get(key)
        while flying is not None:
            await asyncio.wait([flying])
            if not flying.cancelled():
                return flying.result()
            flying = self._flying.get(key)
        return await self._ask(key, request)

    async def _ask(self, key: str, request: Request) -> Completion:
        landing: asyncio.Future[Completion] = asyncio.get_running_loop().create_future()
        self._flying[key] = landing
        try:
            completion = await self.inner.complete(request)
        except BaseException:
            del self._flying[key]
            landing.cancel()
            raise
        landing.set_result(completion)
        del self._flying[key]
        return completion
