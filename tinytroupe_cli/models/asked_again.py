"""Decides which replies that can't be used are asked for again.

A request says with `salt.again` and `because` that it stands for one whose stored reply was no use. It is asked only
where that was wanted (`--retry bad`); otherwise it is answered if an earlier run has asked it, and else not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tinytroupe_cli.core.errors import ModelError, NotStored
from tinytroupe_cli.models.port import Again, ChatModel, Completion, Request


@dataclass
class Retries:
    """What is to be asked again, and how much that was."""

    wanted: frozenset[Again] = frozenset()
    asked: int = 0
    """Replies that could not be used and were asked for again just now."""
    left: dict[Again, int] = field(default_factory=dict[Again, int])
    """Stored replies that can't be used and were left as they are, by kind."""


@dataclass
class AskedAgain:
    """Outermost: lets a request that replaces another through, or answers it from what is stored."""

    inner: ChatModel
    retries: Retries

    async def complete(self, request: Request) -> Completion:
        """Answer the request; raises `NotStored` for a replacement that nobody wanted."""
        why = request.because
        if not request.salt.again or why is None:
            return await self.inner.complete(request)
        if why in self.retries.wanted:
            return await self._ask(request)
        try:
            return await self.inner.complete(request.model_copy(update={"is_stored_only": True}))
        except NotStored:
            self.retries.left[why] = self.retries.left.get(why, 0) + 1
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
        """Ask, unless only a stored reply is wanted."""
        if request.is_stored_only:
            raise NotStored("nothing is stored for this")
        return await self.inner.complete(request)
