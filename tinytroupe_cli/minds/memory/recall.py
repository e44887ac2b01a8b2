"""The present situation -> what to remember now.

What comes to mind does so in the very turn that calls for it: the query is what has just
reached the person and what they want.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

from tinytroupe_cli.minds.memory.semantic import SemanticMemory

Recall = Literal["semantic", "full", "off"]
"""What has to do with the moment comes to mind; everything does, as far as there is room; nothing does."""

MAX_MEMORIES: Final = 6
"""Come to mind at a time."""
MAX_ON_PURPOSE: Final = 10
"""Come to mind when a person stops to think of something."""
_QUESTION: Final = re.compile("[?\u061f\uff1f]")
"""Question marks: Latin, Arabic, full-width."""
NOTHING: Final = "nothing that has to do with it."


async def recall_for_turn(
    memory: SemanticMemory, how: Recall, *, news: Sequence[str], goal: str, tokens: int
) -> tuple[str, ...]:
    """Return what a person remembers as their turn begins; nothing where nothing has left their mind."""
    match how:
        case "off":
            return ()
        case "full":
            return tuple(map(str, memory.latest(tokens)))
        case "semantic":
            found = await memory.search([*_pressing(news), goal], MAX_MEMORIES, tokens=tokens)
            return tuple(map(str, found))


async def search(memory: SemanticMemory, about: str, *, tokens: int) -> tuple[str, ...]:
    """Return what a person finds when they ask themselves about something."""
    return tuple(map(str, await memory.search([about], MAX_ON_PURPOSE, tokens=tokens)))


def _pressing(news: Sequence[str]) -> list[str]:
    """Order what has reached somebody by how much it calls up: questions first, then the latest first."""
    questions = [text for text in news if _QUESTION.search(text)]
    return [*reversed(questions), *(text for text in reversed(news) if text not in questions)]
