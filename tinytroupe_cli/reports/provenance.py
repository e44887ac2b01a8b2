"""How a run came about and how it ended, as its folder tells."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.preregistration import Deviation, LockRecord

EndStatus = Literal["finished", "interrupted", "limit", "stopped"]
"""Complete; broken off and resumable; a limit was reached; an error (no network, no key) stopped it."""


class Provenance(Frozen):
    """Where the results come from."""

    run: str = ""
    """The run's folder, as a path."""
    status: EndStatus = "finished"
    """How the run ended."""
    reason: str = ""
    """Which limit was reached, or which error occurred."""
    started: str = ""
    """ISO 8601, with time zone."""
    ended: str = ""
    """ISO 8601, with time zone."""
    versions: dict[str, str] = Field(default_factory=dict)
    """Versions of troupe, Python and what else matters."""
    hashes: dict[str, str] = Field(default_factory=dict)
    """`plan` identifies the run; `prompts` is the hash of every prompt's text, `spec` of the experiment file."""
    parent: str = ""
    """The run this is a branch of."""
    at: int = 0
    """The step from which a branch differs from its parent."""
    asked_again: int = 0
    """Unusable replies that were asked for again (`--retry`)."""
    left: dict[str, int] = Field(default_factory=dict[str, int])
    """Unusable replies of an earlier run that were not asked for again, by kind: `bad`, `refused`."""
    command: str = ""
    """The command as typed."""
    lock: LockRecord | None = None
    """The lock beside the experiment when the run began (`troupe lock`); null: none."""
    deviations: tuple[Deviation, ...] = Field(default=(), exclude=True)
    """How the run differs from it."""
    notes: tuple[str, ...] = ()
    """What the run learned about models' servers: parameters they reject, a window that was too short."""

    def with_hashes(self, *, plan: str, prompts: str) -> Provenance:
        """Return this with the hashes of the plan and of the prompts."""
        return self.model_copy(update={"hashes": {"plan": plan, "prompts": prompts, **self.hashes}})
