"""What a person's turn begins with, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a person is when their turn comes."""

    step: int
    time: datetime
    """Simulated."""
    place: str
    occasion: str = ""
    """What is going on, such as a focus group."""
    people: tuple[tuple[str, str], ...] = ()
    """Id and full name of those within reach, in cast order."""
    voices: tuple[str, ...] = ()
    """Outside voices that have spoken to them, first heard first."""
    feeling: str = ""
    goal: str = ""

    @property
    def listeners(self) -> tuple[str, ...]:
        """Return the names they can speak to."""
        names = tuple(name for _, name in self.people)
        return ((EVERYONE,) if len(names) > 1 else ()) + names + self.voices


@dataclass(frozen=True, slots=True)
class Turn:
    """What a person thought, said and felt in one turn."""

    thought: str = ""
    to: str = ""
    """A person's id, `everyone`, or an outside voice; empty when nothing was said, or `stranger` is set."""
    words: str = ""
    stranger: str = ""
    """The name they spoke to, when nobody within reach has it."""
    feeling: str = ""
    goal: str = ""
