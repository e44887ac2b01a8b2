"""What was run, with which settings, and how it ended. Wall times and costs are kept here, outside the log."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.preregistration import Deviation, LockRecord

RunStatus = Literal["running", "finished", "interrupted", "limit", "stopped"]
"""Running or killed; complete; interrupted; stopped at a limit; stopped by an error."""


class Manifest(Frozen):
    """One run, over all its sessions."""

    manifest: Literal[1] = 1
    name: str
    status: RunStatus
    reason: str = ""
    """The limit or the error."""
    started: str
    """ISO 8601, with zone and milliseconds: the newest of several runs is found by it."""
    ended: str = ""
    sessions: int = Field(default=1, validation_alias="sittings", serialization_alias="sittings")
    """How often it was started or resumed."""
    seconds: float = 0.0
    """Wall time of all sessions."""
    command: str = ""
    """The last command typed."""
    versions: dict[str, str] = Field(default_factory=dict)
    hashes: dict[str, str] = Field(default_factory=dict)
    """`plan`, `spec`, `prices`, `prompts` -> hash."""
    experiment: str = ""
    """The experiment's file as typed."""
    parent: str = ""
    """The run it branches from, as `name/folder`."""
    at: int = 0
    """The first step that differs from the parent."""
    models: dict[str, dict[str, JsonValue]] = Field(default_factory=dict)
    """Role -> model with its settings, and `origin` of the choice."""
    settings: dict[str, dict[str, JsonValue]] = Field(default_factory=dict)
    """Setting -> its value and its origin."""
    on_this_machine: dict[str, int | str] = Field(default_factory=dict[str, int | str])
    """How models in this process compute: the library, batch and context, each of which may change a text; and
    how many threads they are given, which doesn't.
    """
    asked_again: int = 0
    """Unusable replies asked for again, over all sessions (`--retry`)."""
    left: dict[str, int] = Field(default_factory=dict[str, int])
    """Unusable stored replies that were not asked for again in the last session, by kind."""
    notes: tuple[str, ...] = ()
    """What was learned about models' servers: parameters they do not accept, a context window that was too short."""
    lock: LockRecord | None = None
    """The lock beside the experiment when the run began."""
    deviations: tuple[Deviation, ...] = ()
    """How the run differs from it."""
    calls: int = 0
    """Answers used, including cached ones."""
    usd: float | None = None
    """None: unknown."""
