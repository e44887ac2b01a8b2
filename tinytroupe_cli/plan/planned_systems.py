"""A system as a trial has it: how it is reached, and whom it can hear.

Addresses, headers and commands still hold `${env:NAME}` and the names of a conversation:
they are filled in when something is said, and what they stood for is written nowhere.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.models.port import Frozen, ModelConfig


class HttpPlan(Frozen):
    """How software is asked over HTTP."""

    url: str
    method: Literal["POST", "GET", "PUT"] = "POST"
    body: JsonValue = None
    headers: dict[str, str] = Field(default_factory=dict)
    reply: str = ""
    """Dotted path into its JSON answer; empty: the whole text."""


class PlannedSystem(Frozen):
    """A system of one trial; exactly one of http, model, command and python is set."""

    name: str
    http: HttpPlan | None = None
    model: ModelConfig | None = None
    prompt: str = ""
    """What the model is told."""
    command: tuple[str, ...] = ()
    python: str = ""
    start: tuple[str, ...] = ()
    """A server of ours, started before the run."""
    env: tuple[str, ...] = ()
    """Names of variables that its program is given."""
    timeout: float = 60.0
    people: tuple[str, ...] = ()
    """Ids of those it can hear, in cast order."""
    values: dict[str, JsonValue] = Field(default_factory=dict)
    """What its texts speak of beside the conversation: variables, the condition, the replicate."""
