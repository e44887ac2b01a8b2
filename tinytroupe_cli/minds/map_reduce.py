"""Reads what is too long to be read at once: piece by piece, with notes on each, and then the notes."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from tinytroupe_cli.core.concurrency import gather
from tinytroupe_cli.minds.evidence import size, split_by_bytes
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.models.port import AnswerSchema

MAX_ROUNDS = 3
"""Notes on notes on notes are the end of it."""
NOTES = AnswerSchema.flat("notes", {"notes": {"type": "string"}})
NOTES_TOKENS = 500

Summarize = Callable[[str, int, int], Coroutine[Any, Any, Answer | NoAnswer]]
"""A piece, its number and how many there are -> an answer in the shape of NOTES."""


async def condense(text: str, most: int, note: Summarize) -> tuple[str, int] | NoAnswer:
    """Return a text of about `most` bytes at the most, and of how many pieces it tells: itself, or notes on all pieces.

    All pieces are noted at the same time. One without notes leaves nothing: it would be less than the whole.
    """
    count = 1
    for _ in range(MAX_ROUNDS):
        if size(text) <= most:
            break
        parts = split_by_bytes(text, most)
        noted = await _notes(parts, note)
        if isinstance(noted, NoAnswer):
            return noted
        count = max(count, len(parts))
        text = "\n\n".join(f"[piece {number}]\n{words}" for number, words in enumerate(noted, start=1))
    return text, count


async def _notes(parts: Sequence[str], note: Summarize) -> list[str] | NoAnswer:
    """Note each piece; the first that gives nothing is told."""
    found = await gather(note(part, number, len(parts)) for number, part in enumerate(parts, start=1))
    missing = next((notes for notes in found if isinstance(notes, NoAnswer)), None)
    return missing or [str(notes.values.get("notes", "")).strip() for notes in found if isinstance(notes, Answer)]
