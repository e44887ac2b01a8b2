"""Reuses answers of earlier runs from the user's cache."""

from __future__ import annotations

from dataclasses import dataclass, field

from tinytroupe_cli.models.identity import LastIdentity
from tinytroupe_cli.models.ledger import Ledger
from tinytroupe_cli.models.port import CallStore, ChatModel, Completion, Request


@dataclass
class UserCacheLayer:
    """Sends only requests that no earlier run has sent.

    Keeps every answer, refusals and cut-off ones too: asking again only what came out badly
    would choose among samples.
    """

    inner: ChatModel
    cache: CallStore
    ledger: Ledger
    identities: LastIdentity = field(default_factory=LastIdentity)

    async def complete(self, request: Request) -> Completion:
        """Return the cached answer, or call the model and store the answer."""
        key = self.identities.of(request)
        kept = self.cache.get(key)
        if kept is not None:
            self.ledger.found(request.purpose)
            return kept.model_copy(update={"origin": "cache"})
        completion = await self.inner.complete(request)
        self.cache.put(key, request, completion, cost=0.0, seconds=0.0)
        return completion
