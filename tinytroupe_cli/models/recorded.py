"""Answers from the run's call store; commits every completion before it is used."""

from __future__ import annotations

from dataclasses import dataclass, field

from tinytroupe_cli.core.clock import Clock
from tinytroupe_cli.models.identity import LastIdentity
from tinytroupe_cli.models.ledger import Ledger
from tinytroupe_cli.models.port import CallStore, ChatModel, Completion, Request
from tinytroupe_cli.models.prices import PriceTable


@dataclass
class RunStoreLayer:
    """Never sends a finished call again within a run."""

    inner: ChatModel
    store: CallStore
    ledger: Ledger
    prices: PriceTable
    clock: Clock
    identities: LastIdentity = field(default_factory=LastIdentity)

    async def complete(self, request: Request) -> Completion:
        """Return the stored answer, or call the model and store the answer."""
        key = self.identities.of(request)
        stored = self.store.get(key)
        if stored is not None:
            self.ledger.found(request.purpose)
            return stored.model_copy(update={"origin": "run"})
        began = self.clock.seconds()
        completion = await self.inner.complete(request)
        asked = completion.origin == "provider"
        cost = self.prices.cost(completion.usage, request.model) if asked else 0.0
        self.store.put(key, request, completion, cost=cost, seconds=self.clock.seconds() - began)
        return completion
