"""Context windows of models, and how much text one reads at once, well within any."""

from __future__ import annotations

from tinytroupe_cli.models.local_lookup import known_entry
from tinytroupe_cli.models.local_provider import CONTEXT
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.models.prices import PriceTable

LOCAL = "local/"
MAX_LOCAL = 20_000
MAX_REMOTE = 100_000


def max_evidence_bytes(use: ModelConfig) -> int:
    """Return the maximum bytes (UTF-8) of a transcript for one call: about 5,000 tokens if local, else 25,000."""
    return MAX_LOCAL if use.name.startswith(LOCAL) else MAX_REMOTE


def context_window(use: str, prices: PriceTable | None = None) -> int | None:
    """Return the context window of a model in tokens, prompt and reply together; None: unknown."""
    own = known_entry(use) if use.startswith(LOCAL) else None
    return min(CONTEXT, own.context) if own else (prices or PriceTable({})).context_window(use)
