"""How similar two texts are, by their embeddings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul


def cosine_similarity(first: Sequence[float], second: Sequence[float]) -> float:
    """Return the cosine of two vectors, -1 to 1; 0 where one of them is empty or zero."""
    if len(first) != len(second):
        return 0.0
    lengths = math.sqrt(_dot(first, first) * _dot(second, second))
    return _dot(first, second) / lengths if lengths else 0.0


def _dot(first: Sequence[float], second: Sequence[float]) -> float:
    return sum(map(mul, first, second))
