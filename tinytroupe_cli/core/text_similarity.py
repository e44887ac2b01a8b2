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


def word_cosine(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the cosine of two sets of words, 0 to 1: those shared, by the geometric mean of both sizes."""
    return len(one & other) / math.sqrt(len(one) * len(other)) if one and other else 0.0
