"""What a person knows beyond what they have word for word: facts, and moments that have left; found by relevance.

By common words (BM25) or, with an embedder, by nearness of meaning. Filled in the order of the
log, so the same past always holds, and gives back, the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from tinytroupe_cli.core.chunks import chunks
from tinytroupe_cli.core.lengths import tokens_of
from tinytroupe_cli.minds.likeness import likeness
from tinytroupe_cli.minds.memory.fitting import shortened
from tinytroupe_cli.minds.passages import Passages
from tinytroupe_cli.models.port import Embedder

PIECE_TOKENS: Final = 120
"""Longer memories come back in pieces, the fitting ones."""
QUERY_TOKENS: Final = 1_500
"""Most of a query that is turned into a vector; embedding models read little."""
LEAST_NEARNESS: Final = 0.15
"""Below it, two texts have nothing to do with each other."""


@dataclass(frozen=True, slots=True)
class Memory:
    """One thing a person remembers, in words that can stand in a prompt."""

    text: str
    when: str = ""
    is_fact: bool = False
    """Made of many moments; else a moment's own words."""

    def __str__(self) -> str:
        return f"({self.when}) {self.text}" if self.when else self.text


@dataclass(slots=True)
class SemanticMemory:
    """Facts and forgotten moments of one person."""

    embedder: Embedder | None = None
    memories: list[Memory] = field(default_factory=list[Memory])
    _passages: Passages = field(default_factory=Passages)
    _vectors: list[list[float]] = field(default_factory=list[list[float]])
    """Of the first so many memories; the others' are made when something is looked for."""

    def add(self, memory: Memory) -> None:
        """Keep a memory, a long one in pieces; one that is there already is not kept twice."""
        pieces = [chunk.text for chunk in chunks(memory.text, PIECE_TOKENS)]
        for number, piece in enumerate(pieces):
            text = piece if number == 0 else f"… {piece}"
            kept = Memory(text, memory.when, memory.is_fact)
            if memory.is_fact and any(known.is_fact and known.text == text for known in self.memories):
                continue
            self._passages.add(str(len(self.memories)), text, most=2 * PIECE_TOKENS)
            self.memories.append(kept)

    async def search(self, query: str, most: int, *, tokens: int) -> list[Memory]:
        """Return up to `most` memories that have to do with the query, within so many tokens, in the order lived."""
        if not self.memories or not query.strip():
            return []
        ranked = await self._nearest(query, self.embedder) if self.embedder else self._best(query, most)
        return [self.memories[number] for number in sorted(self._within(ranked, most, tokens))]

    def latest(self, tokens: int) -> list[Memory]:
        """Return all memories or, where they are too many, facts before moments and the latest of each."""
        order = sorted(range(len(self.memories)), key=lambda number: (self.memories[number].is_fact, number))
        kept = self._within(order[::-1], len(order), tokens)
        return [self.memories[number] for number in sorted(kept)]

    def _within(self, ranked: Sequence[int], most: int, tokens: int) -> list[int]:
        """Keep the first that fit."""
        kept: list[int] = []
        for number in ranked:
            length = tokens_of(str(self.memories[number])) + 2
            if length <= tokens and len(kept) < most:
                kept.append(number)
                tokens -= length
        return kept

    def _best(self, query: str, most: int) -> list[int]:
        found = [int(passage.source) for passage in self._passages.search(query, 2 * most)]
        return list(dict.fromkeys(found))

    async def _nearest(self, query: str, embedder: Embedder) -> list[int]:
        known = len(self._vectors)
        new = [memory.text for memory in self.memories[known:]]
        *made, wanted = await embedder.embed([*new, shortened(query, QUERY_TOKENS)])
        self._vectors[known : known + len(new)] = made  # an interview at the same time may have set them already
        near = [likeness(wanted, vector) for vector in self._vectors]
        ranked = sorted(range(len(near)), key=lambda number: (-near[number], number))
        return [number for number in ranked if near[number] >= LEAST_NEARNESS]
