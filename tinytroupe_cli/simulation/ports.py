"""What the engine needs from outside: a mind for each person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from tinytroupe_cli.events.types import Event
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.situation import Situation, Turn


class Actor(Protocol):
    """A mind that can take a turn."""

    async def act(self, past: Sequence[Event], situation: Situation) -> Turn | NoAnswer:
        """Take a turn after everything that has happened to this person."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Given by the caller."""

    minds: Mapping[str, Actor]
    """Person id -> their mind."""
