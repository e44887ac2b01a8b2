"""How alike two texts are, by their words."""

from __future__ import annotations

import math
import re

_WORD = re.compile(r"\w+")


def folded(text: str) -> str:
    """Return a text without differences of case and spaces."""
    return " ".join(text.casefold().split())


def words_in(text: str) -> frozenset[str]:
    """Return the different words of a text."""
    return frozenset(_WORD.findall(text.casefold()))


def word_cosine(first: frozenset[str], second: frozenset[str]) -> float:
    """Return the cosine of two sets of words, 0 to 1: those shared, by the geometric mean of both sizes."""
    return len(first & second) / math.sqrt(len(first) * len(second)) if first and second else 0.0
