"""How a run came about and how it ended, as its folder tells."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tinytroupe_cli.models.port import Frozen

Status = Literal["finished", "interrupted", "limit", "stopped"]
"""Complete; broken off and resumable; a limit was reached; an error (no network, no key) stopped it."""


class Provenance(Frozen):
    """What ran, with what, when."""

    run: str = ""
    """The run folder as the user would find it: `results/tv-ad/2026-11-23T09-41-07-3f9a`."""
    status: Status = "finished"
    reason: str = ""
    """Which limit, which error."""
    started: str = ""
    """ISO 8601, with zone."""
    ended: str = ""
    versions: dict[str, str] = Field(default_factory=dict)
    """`troupe`, `python`, `litellm`, … -> version."""
    hashes: dict[str, str] = Field(default_factory=dict)
    """`plan`, `spec`, … -> hash."""
    parent: str = ""
    """The run it is a branch of."""
    at: int = 0
    """The step from which on it differs from its parent."""
    asked_again: int = 0
    """Replies that could not be used and were asked for again (`--retry`)."""
    left: dict[str, int] = Field(default_factory=dict[str, int])
    """Replies that can't be used, came from an earlier run and were not asked again, by kind: `bad`, `refused`."""
    command: str = ""
    """What was typed."""
    notes: tuple[str, ...] = ()
    """What was found out of models' servers on the way."""
