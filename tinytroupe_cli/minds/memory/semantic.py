"""What a person knows beyond what they have word for word: facts, and moments that have left; found by relevance.

By common words (BM25) or, with an embedder, by nearness of meaning. Filled in the order of the
log, so the same past always holds, and gives back, the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

from tinytroupe_cli.core.tokens import estimate_tokens
from tinytroupe_cli.language.chunks import chunks
from tinytroupe_cli.minds.memory.truncation import truncate_middle
from tinytroupe_cli.minds.passage_index import PassageIndex
from tinytroupe_cli.minds.similarity import cosine_similarity
from tinytroupe_cli.models.port import Embedder

PIECE_TOKENS: Final = 120
"""Longer memories come back in pieces, the fitting ones."""
QUERY_TOKENS: Final = 1_500
"""Most of a query that is turned into a vector; embedding models read little."""
MAX_QUERIES: Final = 8
MIN_NEARNESS: Final = 0.15
"""Below it, two texts have nothing to do with each other."""


@dataclass(frozen=True, slots=True)
class MemoryItem:
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
    memories: list[MemoryItem] = field(default_factory=list[MemoryItem])
    _passages: PassageIndex = field(default_factory=PassageIndex)
    _vectors: list[list[float]] = field(default_factory=list[list[float]])
    """Of the first so many memories; the others' are made when something is looked for."""

    def add(self, memory: MemoryItem) -> None:
        """Keep a memory, a long one in pieces; one that is there already is not kept twice."""
        pieces = [chunk.text for chunk in chunks(memory.text, PIECE_TOKENS)]
        for number, piece in enumerate(pieces):
            text = piece if number == 0 else f"… {piece}"
            kept = MemoryItem(text, memory.when, memory.is_fact)
            if memory.is_fact and any(known.is_fact and known.text == text for known in self.memories):
                continue
            self._passages.add(str(len(self.memories)), text, most=2 * PIECE_TOKENS)
            self.memories.append(kept)

    async def search(self, queries: Sequence[str], most: int, *, tokens: int) -> list[MemoryItem]:
        """Return up to `most` memories that have to do with the queries, within so many tokens, in the order lived.

        The best of each query come first, so that a short question is not drowned by long talk beside it.
        """
        wanted = [query for query in dict.fromkeys(queries) if query.strip()][:MAX_QUERIES]
        if not self.memories or not wanted:
            return []
        rankings = await self._nearest(wanted, self.embedder) if self.embedder else self._best(wanted, most)
        in_turn = (number for rank in zip_longest(*rankings) for number in rank if number is not None)
        kept = self._within(list(dict.fromkeys(in_turn)), most, tokens)
        return [self.memories[number] for number in sorted(kept)]

    def latest(self, tokens: int) -> list[MemoryItem]:
        """Return all memories or, where they are too many, facts before moments and the latest of each."""
        order = sorted(range(len(self.memories)), key=lambda number: (self.memories[number].is_fact, number))
        kept = self._within(order[::-1], len(order), tokens)
        return [self.memories[number] for number in sorted(kept)]

    def _within(self, ranked: Sequence[int], most: int, tokens: int) -> list[int]:
        """Keep the first that fit."""
        kept: list[int] = []
        for number in ranked:
            if len(kept) == most:
                break
            length = estimate_tokens(str(self.memories[number])) + 2
            if length <= tokens:
                kept.append(number)
                tokens -= length
        return kept

    def _best(self, queries: Sequence[str], most: int) -> list[list[int]]:
        found = [self._passages.search(query, 2 * most) for query in queries]
        return [[int(passage.source) for passage in passages] for passages in found]

    async def _nearest(self, queries: Sequence[str], embedder: Embedder) -> list[list[int]]:
        known = len(self._vectors)
        new = [memory.text for memory in self.memories[known:]]
        made = await embedder.embed([*new, *(truncate_middle(query, QUERY_TOKENS) for query in queries)])
        self._vectors[known : known + len(new)] = made[: len(new)]  # an interview beside this one may have set them
        return [self._near(wanted) for wanted in made[len(new) :]]

    def _near(self, wanted: Sequence[float]) -> list[int]:
        similarities = [cosine_similarity(wanted, embedding) for embedding in self._vectors]
        ranked = sorted(range(len(similarities)), key=lambda number: (-similarities[number], number))
        return [number for number in ranked if similarities[number] >= MIN_NEARNESS]
