"""How much text a model is given to read at once, well within any window it may have."""

from __future__ import annotations

from tinytroupe_cli.models.port import ModelConfig

LOCAL = "local/"
MOST_LOCAL = 20_000
MOST_REMOTE = 100_000


def max_evidence_bytes(use: ModelConfig) -> int:
    """Return the most bytes (UTF-8) of a transcript for one call: about 5,000 tokens here, 25,000 elsewhere."""
    return MOST_LOCAL if use.use.startswith(LOCAL) else MOST_REMOTE
