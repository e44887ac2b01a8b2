"""Decides which unusable replies are asked for again.

`salt.again` and `because` mark a request that replaces one whose stored reply was unusable. It is sent only if that
was requested (`--retry bad`); otherwise it is answered from earlier runs, or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tinytroupe_cli.core.errors import ModelError, NotStored
from tinytroupe_cli.models.port import Again, ChatModel, Completion, Request


@dataclass
class Retries:
    """What is to be asked again, and how much was."""

    wanted: frozenset[Again] = frozenset()
    asked: int = 0
    """Unusable replies that were asked for again just now."""
    not_retried: dict[Again, int] = field(default_factory=dict[Again, int])
    """Unusable stored replies that were left as they are, by kind."""


@dataclass
class AskedAgain:
    """Outermost: sends a request that replaces another, or answers it from storage."""

    inner: ChatModel
    retries: Retries

    async def complete(self, request: Request) -> Completion:
        """Answer the request; raises `NotStored` for a replacement that was not requested."""
        why = request.because
        if not request.salt.again or why is None:
            return await self.inner.complete(request)
        if why in self.retries.wanted:
            return await self._ask(request)
        try:
            return await self.inner.complete(request.model_copy(update={"is_stored_only": True}))
        except NotStored:
            self.retries.not_retried[why] = self.retries.not_retried.get(why, 0) + 1
            raise

    async def _ask(self, request: Request) -> Completion:
        try:
            completion = await self.inner.complete(request)
        except ModelError as error:
            self.retries.asked += not getattr(error, "is_stored", False)
            raise
        self.retries.asked += completion.origin == "provider"
        return completion


@dataclass
class StoredOnly:
    """Between what is stored and the model: turns back requests that must not go on."""

    inner: ChatModel

    async def complete(self, request: Request) -> Completion:
        """Call the model, unless only a stored reply is wanted."""
        if request.is_stored_only:
            raise NotStored("nothing is stored for this")
        return await self.inner.complete(request)
