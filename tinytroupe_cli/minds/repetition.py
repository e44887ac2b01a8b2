"""Whether somebody says what they have said before: by words, not by letters, and by whole sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

FEWEST_WORDS = 4
"""Shorter things (yes, thank you, good morning) may be said again."""


def repeats(words: str, earlier: Sequence[str], *, most: float) -> str:
    """Return what is said again, in a sentence; empty where nothing is.

    `most` is the largest share of the words that any earlier utterance may have had.
    """
    said = words_of(words)
    if len(said) < FEWEST_WORDS:
        return ""
    known = {sentence for text in earlier for sentence in _sentences(text)}
    again = next((sentence for sentence in _sentences(words) if sentence in known), None)
    if again is not None:
        return f"It says a whole sentence again: “{again}”."
    share = max((_shared(said, words_of(text)) for text in earlier), default=0.0)
    return f"{share:.0%} of its words were in one earlier turn." if share > most else ""


def _shared(said: Sequence[str], before: Sequence[str]) -> float:
    return sum((Counter(said) & Counter(before)).values()) / len(said)


def _sentences(text: str) -> list[str]:
    parts = (" ".join(words_of(part)) for part in re.split(r"[.!?…\n]+", text))
    return [part for part in parts if part.count(" ") + 1 >= FEWEST_WORDS]


def words_of(text: str) -> list[str]:
    """Return a text's words, in small letters and without marks."""
    return re.findall(r"[\w']+", text.casefold())
