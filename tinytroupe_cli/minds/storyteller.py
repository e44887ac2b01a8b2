"""Tells what happened as a story: from all of it, however long, begun once and continued.

A log too long to be read at once is told piece by piece, each going on from the story so
far; where that would make the pieces of the story too short, notes are taken first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tinytroupe_cli.core.concurrency import gather
from tinytroupe_cli.minds.evidence import size, split_by_bytes
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.repetition import words_of
from tinytroupe_cli.minds.text_generation import TOKENS_PER_WORD, generate_text
from tinytroupe_cli.models.port import ChatModel, ModelConfig
from tinytroupe_cli.models.windows import max_evidence_bytes
from tinytroupe_cli.prompts.catalog import AuthorNotes, AuthorStory, render

MIN_WORDS = 60
"""Of a piece of the story; shorter ones tell nothing."""
NOTES_WORDS = 120
MAX_ROUNDS = 4
"""Notes on notes on notes are the end of it."""


@dataclass
class Storyteller:
    """An author who knows what happened in one trial."""

    chat: ChatModel
    use: ModelConfig
    seed: int
    trial: str

    async def write_story(self, transcript: str, *, people: str, words: int, style: str = "") -> str | NoAnswer:
        """Write a story of about so many words."""
        parts = split_by_bytes(transcript, max_evidence_bytes(self.use))
        for _ in range(MAX_ROUNDS):
            if len(parts) <= max(1, words // MIN_WORDS):
                break
            notes = await self._notes(parts)
            if isinstance(notes, NoAnswer):
                return notes
            parts = split_by_bytes("\n\n".join(notes), max_evidence_bytes(self.use))
        return await self._write_parts(parts, people=people, words=words, style=style)

    async def _write_parts(self, parts: Sequence[str], *, people: str, words: int, style: str) -> str | NoAnswer:
        story: list[str] = []
        each = max(words // len(parts), MIN_WORDS)
        for number, part in enumerate(parts, start=1):
            variables = AuthorStory(
                people=people,
                happened=part,
                so_far="\n\n".join(story),
                words=each,
                is_end=number == len(parts),
                style=style,
            )
            written = await self._write(render("author/story", variables), each)
            if isinstance(written, NoAnswer):
                return written
            story.append(written)
        return _each_once("\n\n".join(story))

    async def _notes(self, parts: Sequence[str]) -> list[str] | NoAnswer:
        found = await gather(self._note(part) for part in parts)
        missing = next((notes for notes in found if isinstance(notes, NoAnswer)), None)
        return missing or [notes for notes in found if isinstance(notes, str) and size(notes)]

    async def _note(self, part: str) -> str | NoAnswer:
        return await self._write(render("author/notes", AuthorNotes(happened=part, words=NOTES_WORDS)), NOTES_WORDS)

    async def _write(self, prompt: str, words: int) -> str | NoAnswer:
        tokens = words * TOKENS_PER_WORD + 100
        return await generate_text(
            self.chat, self.use, prompt, what="story", tokens=tokens, seed=self.seed, trial=self.trial
        )


def _each_once(story: str) -> str:
    """Leave out paragraphs that are an earlier one word for word: small models write in circles."""
    paragraphs: dict[str, str] = {}
    for paragraph in re.split(r"\n\s*\n", story):
        paragraphs.setdefault(" ".join(words_of(paragraph)), paragraph.strip())
    return "\n\n".join(paragraphs.values())
