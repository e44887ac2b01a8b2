"""Limits how much text a model reads at once, well within any context window."""

from __future__ import annotations

from tinytroupe_cli.models.port import ModelConfig

LOCAL = "local/"
MAX_LOCAL = 20_000
MAX_REMOTE = 100_000


def max_evidence_bytes(use: ModelConfig) -> int:
    """Return the maximum bytes (UTF-8) of a transcript for one call: about 5,000 tokens if local, else 25,000."""
    return MAX_LOCAL if use.name.startswith(LOCAL) else MAX_REMOTE
