"""What ran, with what, and how it ended. Wall times and money live here, beside the log."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.models.port import Frozen

Status = Literal["running", "finished", "interrupted", "limit", "stopped"]
"""Under way or killed; complete; broken off; a limit was reached; an error stopped it."""


class Manifest(Frozen):
    """One run, over all its sittings."""

    manifest: Literal[1] = 1
    name: str
    status: Status
    reason: str = ""
    """Which limit, which error."""
    started: str
    """ISO 8601, with zone."""
    ended: str = ""
    sittings: int = 1
    """How often it was started or continued."""
    seconds: float = 0.0
    """Wall time of all sittings."""
    command: str = ""
    """What was typed last."""
    versions: dict[str, str] = Field(default_factory=dict)
    hashes: dict[str, str] = Field(default_factory=dict)
    """`plan`, `spec`, `prices`, `prompts` -> hash."""
    experiment: str = ""
    """The experiment's file as it was typed."""
    parent: str = ""
    """The run it is a branch of, as `name/folder`."""
    at: int = 0
    """The step from which on it differs from its parent."""
    models: dict[str, dict[str, JsonValue]] = Field(default_factory=dict)
    """Role -> model with its settings, and `origin`: where the choice comes from."""
    settings: dict[str, dict[str, JsonValue]] = Field(default_factory=dict)
    """Setting -> its value and its origin."""
    on_this_machine: dict[str, int | str] = Field(default_factory=dict[str, int | str])
    """How models in this process compute: the library, batch and context, each of which may change a text; and
    how many threads they are given, which doesn't.
    """
    asked_again: int = 0
    """Replies that could not be used and were asked for again, over all sittings (`--retry`)."""
    left: dict[str, int] = Field(default_factory=dict[str, int])
    """Replies that can't be used, came from what is stored and were not asked again in the last sitting, by kind."""
    notes: tuple[str, ...] = ()
    """What was found out of models' servers on the way: parameters they don't take, a window that was too short."""
    calls: int = 0
    """Answers used, those from the cache included."""
    usd: float | None = None
    """None: unknown."""
