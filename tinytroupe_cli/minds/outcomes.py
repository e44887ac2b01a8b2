"""The outcome of asking a mind: an answer, or a failure as a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pydantic import JsonValue

from tinytroupe_cli.events.distributions import AnswerDistribution
from tinytroupe_cli.events.types import Event, Method


@dataclass(frozen=True, slots=True)
class Answer:
    """Values of the shape that was asked for."""

    values: dict[str, JsonValue]
    raw: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    """Key -> original text, if its value was read from other words."""
    methods: dict[str, Method] = field(default_factory=dict[str, Method])
    """Key -> how its value was found, where that was not by asking for it."""
    words: dict[str, str] = field(default_factory=dict[str, str])
    """Key -> the words its value was taken from."""
    distributions: dict[str, AnswerDistribution] = field(default_factory=dict[str, AnswerDistribution])
    """Key -> the distribution whose likeliest answer the value is."""
    why: str = ""
    """Why nothing is stated, where that is known."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The mind gave nothing that can be used, and why; an expected outcome, to be recorded."""

    reason: Literal["refused", "bad_output", "rejected", "cut_off", "poor_quality", "too_long", "unreachable"]
    text: str
    side_events: tuple[Event, ...] = ()
    """What the mind tells the log besides, of a turn."""
