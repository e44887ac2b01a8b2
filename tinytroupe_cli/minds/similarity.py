"""How near two texts are, by their vectors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul


def cosine_similarity(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the cosine of two vectors, -1 to 1; 0 where one of them is empty or zero."""
    if len(one) != len(other):
        return 0.0
    lengths = math.sqrt(_dot(one, one) * _dot(other, other))
    return _dot(one, other) / lengths if lengths else 0.0


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(map(mul, one, other))
