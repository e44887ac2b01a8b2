"""The order of the layers, in one list."""

from __future__ import annotations

from collections.abc import Callable

from tinytroupe_cli.core.clock import Clock
from tinytroupe_cli.models.adaptations import Adaptations
from tinytroupe_cli.models.adapting import Adapting
from tinytroupe_cli.models.asked_again import AskedAgain, Retries, StoredOnly
from tinytroupe_cli.models.budget import Budget
from tinytroupe_cli.models.cached import UserCacheLayer
from tinytroupe_cli.models.identity import LastIdentity
from tinytroupe_cli.models.ledger import Ledger
from tinytroupe_cli.models.limiter import Limiter
from tinytroupe_cli.models.port import CallStore, ChatModel
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.recorded import RunStoreLayer
from tinytroupe_cli.models.retry import Retry
from tinytroupe_cli.models.single_flight import SingleFlight
from tinytroupe_cli.models.structured import Structured


def build_stack(
    limiter: Limiter,
    *,
    store: CallStore,
    cache: CallStore | None,
    ledger: Ledger,
    prices: PriceTable,
    clock: Clock,
    attempts: int = 6,
    retries: Retries | None = None,
    adaptations: Adaptations | None = None,
) -> ChatModel:
    """Wrap a provider and its limiter in all layers, from the inside out."""
    adaptations, identities = adaptations or Adaptations(), LastIdentity()
    layers: list[Callable[[ChatModel], ChatModel]] = [
        lambda inner: Retry(inner, clock, ledger, attempts),
        lambda inner: Adapting(inner, adaptations),
        lambda inner: Budget(inner, ledger, prices),
        StoredOnly,
        *([lambda inner: UserCacheLayer(inner, cache, ledger, identities)] if cache is not None else []),
        lambda inner: RunStoreLayer(inner, store, ledger, prices, clock, identities),
        lambda inner: SingleFlight(inner, identities),
        lambda inner: Structured(inner, prices, adaptations),
        lambda inner: AskedAgain(inner, retries or Retries()),
    ]
    model: ChatModel = limiter
    for layer in layers:
        model = layer(model)
    return model
