"""Passages: texts cut into pieces and found again by their words (SQLite FTS5, BM25), in memory.

What a person can look up and what comes back to their mind are both found here. The same
texts and the same words find the same passages; nothing is guessed: no word in common, no passage.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from tinytroupe_cli.language.chunks import chunks

PASSAGE_TOKENS = 300
"""About how long a passage is at the most, unless asked otherwise."""

MOST_ANSWERS = 32
"""Searches whose answers are kept."""

_TABLE = """CREATE VIRTUAL TABLE passages
USING fts5(heading, words, content = '', tokenize = 'porter unicode61 remove_diacritics 2')"""
"""Without content: the texts are kept as passages, and a copy takes ten times the room of the index."""
_ADD = "INSERT INTO passages (rowid, heading, words) VALUES (?, ?, ?)"
_FOUND = "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY bm25(passages, 2.0, 1.0), rowid LIMIT ?"
_WORD = re.compile(r"\w+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
"""Letters of scripts that put no spaces between words: Thai, Lao, Japanese, Chinese."""
_SHORT = 5
"""Letters of words whose beginnings say too little."""
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        """a about all also am an and any are as at be been being but by can could did do does for from had has have he
    him his how i if in into is it its just me more my no not of on or our out over shall she should so some than that
    the their them then there these they this those through to too up us was we were what when where which who whom
    whose why will with would you your""",
    )
)
"""Words that say nothing of what a text is about."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a source."""

    source: str
    position: int
    """Which piece of its source, counted from 1."""
    of: int
    """How many pieces its source has."""
    heading: str
    """The headings it stands under; empty where there are none."""
    text: str


class PassageIndex:
    """An index of texts; one for each trial or person, thrown away with them."""

    def __init__(self) -> None:
        self._passages: list[Passage] = []
        self._answers: dict[tuple[str, int], list[int]] = {}
        """What was found since the last text came: within a turn, a person is reminded by the same words again."""

    @cached_property
    def _index(self) -> sqlite3.Connection:
        """The database; made when there is something to keep, as most people of a survey remember nothing."""
        made = sqlite3.connect(":memory:", check_same_thread=False)
        made.execute(_TABLE)
        return made

    def __len__(self) -> int:
        return len(self._passages)

    def add(self, source: str, text: str, *, most: int = PASSAGE_TOKENS) -> list[Passage]:
        """Cut a text into passages of at most about `most` tokens and keep them under its source's name."""
        pieces = chunks(text, most)
        added = [
            Passage(source, position, len(pieces), piece.heading, piece.text)
            for position, piece in enumerate(pieces, start=1)
        ]
        first = len(self._passages) + 1
        rows = [(row, _spaced(passage.heading), _spaced(passage.text)) for row, passage in enumerate(added, first)]
        self._index.executemany(_ADD, rows)
        self._passages += added
        self._answers.clear()
        return added

    def search(self, query: str, most: int, *, within: Collection[str] | None = None) -> list[Passage]:
        """Return up to `most` passages that have words of the query, best first; `within` names sources to keep to.

        Where no passage has any of them, those that have kindred words: `liable` finds `liability`.
        """
        words = content_words(query)
        return self._matching(_match(words), most, within) or self._matching(_prefix_query(words), most, within)

    def _matching(self, wanted: str, most: int, within: Collection[str] | None) -> list[Passage]:
        if not wanted or not self._passages:
            return []
        found = (self._passages[row - 1] for row in self._rows(wanted, most if within is None else -1))
        return [passage for passage in found if within is None or passage.source in within][:most]

    def _rows(self, wanted: str, most: int) -> list[int]:
        kept = self._answers.get((wanted, most))
        if kept is None:
            if len(self._answers) >= MOST_ANSWERS:
                self._answers.clear()
            rows: list[tuple[int]] = self._index.execute(_FOUND, (wanted, most)).fetchall()
            kept = self._answers[wanted, most] = [row for (row,) in rows]
        return kept

    def of(self, source: str) -> list[Passage]:
        """Return all passages of a source, in order."""
        return [passage for passage in self._passages if passage.source == source]


def content_words(text: str) -> list[str]:
    """Return the words of a text that say what it is about, each once, in lower case."""
    words = (word.casefold() for word in _WORD.findall(text))
    return [word for word in dict.fromkeys(words) if word not in _EMPTY]


def _match(words: Iterable[str]) -> str:
    """Write a query for FTS5: any of the words; neighbors where a script has no spaces."""
    return " OR ".join(f'"{term}"' for word in words for term in _terms(word))


def _prefix_query(words: Iterable[str]) -> str:
    """Write a query for words that begin as these do."""
    longer = (word for word in words if len(word) > _SHORT and not _UNSPACED.search(word))
    return " OR ".join(f'"{word[: max(_SHORT - 1, -(-len(word) * 2 // 3))]}"*' for word in longer)


def _terms(word: str) -> list[str]:
    if not _UNSPACED.search(word):
        return [word]
    parts = _spaced(word).split()
    return [" ".join(pair) for pair in pairwise(parts)] or parts


def _spaced(text: str) -> str:
    """Set each letter of a script without spaces apart, so that it counts as a word."""
    return _UNSPACED.sub(r" \g<0> ", text)
