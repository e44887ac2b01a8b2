"""Finds the few texts that another may repeat, so that not all that was ever said has to be compared.

Texts are found by their sequences of words, long sentences and whole lines. What is found is then compared exactly
(`repetition.py`): some of it is no repeat, but every repeat is found.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from tinytroupe_cli.minds.repetition import GRAM, TextParts, grams_of, parts_of

BUCKETS: Final = 2**13
"""How many lists the numbers of texts are kept in; few are enough, as chance rarely puts a text in many of them."""
FEW: Final = 50
"""Up to so many texts are compared one by one, and nothing is kept to find them by."""


class TextIndex:
    """Numbers texts, and finds those that a text may repeat; one for each trial, thrown away with it."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._texts: list[str] = []
        self._lines = _Postings()
        self._grams: dict[int, _Postings] = {}
        """By the length of a sequence: scripts without spaces have longer ones."""

    def add(self, text: str) -> int:
        """Return the number of a text, which is kept if it is new."""
        number = self._numbers.setdefault(text, len(self._texts))
        if number == len(self._texts):
            self._texts.append(text)
        return number

    def text(self, number: int) -> str:
        """Return the text of a number."""
        return self._texts[number]

    def candidates(self, words: str, *, most: float) -> frozenset[int]:
        """Return the numbers of all texts that the words may repeat, and of few others.

        `most` is the share of their sequences, above 0, that makes them a repeat.
        """
        if len(self._texts) <= FEW:
            return frozenset(range(len(self._texts)))
        said = parts_of(words)
        found = set(self._lines_so_far().having(_lines(said)))
        keys = _grams(said, GRAM * said.scale)
        shared = Counter(self._grams_so_far(GRAM * said.scale).having(keys))
        return frozenset(found.union(number for number, count in shared.items() if count / len(keys) >= most))

    def _lines_so_far(self) -> _Postings:
        for number in range(self._lines.known, len(self._texts)):
            self._lines.add(_lines(parts_of(self._texts[number])))
        return self._lines

    def _grams_so_far(self, length: int) -> _Postings:
        postings = self._grams.setdefault(length, _Postings())
        for number in range(postings.known, len(self._texts)):
            postings.add(_grams(parts_of(self._texts[number]), length))
        return postings


class _Postings:
    """The numbers of texts, by what they have; different things can share a list."""

    def __init__(self) -> None:
        self.known = 0
        """How many texts are in it; they are added in their order."""
        self._buckets: dict[int, array[int]] = {}

    def add(self, keys: Iterable[int]) -> None:
        """Add the next text."""
        for bucket in {key % BUCKETS for key in keys}:
            if bucket not in self._buckets:
                self._buckets[bucket] = array("I")
            self._buckets[bucket].append(self.known)
        self.known += 1

    def having(self, keys: Iterable[int]) -> Iterator[int]:
        """Yield, for each of the keys, the numbers of the texts that have it, and by chance of some others."""
        return chain.from_iterable(self._buckets.get(key % BUCKETS, ()) for key in keys)


def _lines(parts: TextParts) -> list[int]:
    return [hash(parts.words), *map(hash, parts.sentences)]


def _grams(parts: TextParts, length: int) -> list[int]:
    return [hash(gram) for gram in grams_of(parts.words, length)]
