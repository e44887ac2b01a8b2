"""System: what can be talked to. What is said to it, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue


@dataclass(frozen=True, slots=True)
class Exchange:
    """A message that was answered; `reply` is empty if it failed."""

    message: str
    reply: str


@dataclass(frozen=True, slots=True)
class SystemReply:
    """A message on its way to a system, with the conversation so far."""

    message: str
    persona: Mapping[str, JsonValue]
    """Who says it."""
    conversation: str
    """The same for all that one person says to one system in one trial of one run."""
    history: tuple[Exchange, ...] = ()

    @property
    def past(self) -> list[dict[str, str]]:
        """Return the conversation so far, as chat models are given it."""
        messages: list[dict[str, str]] = []
        for exchange in self.history:
            messages.append({"role": "user", "content": exchange.message})
            if exchange.reply:
                messages.append({"role": "assistant", "content": exchange.reply})
        return messages


@dataclass(frozen=True, slots=True)
class NoReply:
    """Nothing usable came back, and why."""

    why: str


class SystemUnderTest(Protocol):
    """Something outside that answers people."""

    async def reply(self, request: SystemReply) -> str | NoReply:
        """Answer; what goes wrong outside comes back as a value."""
        ...

    async def aclose(self) -> None:
        """Give back connections."""
        ...
