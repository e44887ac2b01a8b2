"""Figures of discrete distributions.

The distribution of several answers is the mean of theirs; its standard deviation is that of this mixture, which is
larger than that of their expected values.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate

Pmf = Sequence[float]


def entropy(pmf: Pmf) -> float:
    """Return a distribution's entropy in bits."""
    return -math.fsum(p * math.log2(p) for p in pmf if p > 0) + 0.0


def mixture(pmfs: Sequence[Pmf], weights: Sequence[float] | None = None) -> list[float]:
    """Return the mean of distributions, weighted if there are weights; there is at least one distribution."""
    own = weights or [1.0] * len(pmfs)
    total = math.fsum(own)
    return [math.fsum(p * w for p, w in zip(column, own, strict=True)) / total for column in zip(*pmfs, strict=True)]


def standard_deviation(points: Sequence[float], pmf: Pmf) -> float:
    """Return the standard deviation of a distribution over numbers."""
    mean = math.fsum(x * p for x, p in zip(points, pmf, strict=True))
    return math.sqrt(max(0.0, math.fsum(p * (x - mean) ** 2 for x, p in zip(points, pmf, strict=True))))


def median(points: Sequence[float], pmf: Pmf) -> float:
    """Return the lowest number with at least half of a distribution at or below it."""
    below = 0.0
    for x, p in sorted(zip(points, pmf, strict=True)):
        below += p
        if below >= 0.5 - 1e-12:
            return x
    return max(points)


def ks_distance(points: Sequence[float], first: Pmf, second: Pmf) -> float:
    """Return the largest difference between the cumulative distributions of two distributions over the same numbers."""
    order = sorted(range(len(points)), key=points.__getitem__)
    gaps = accumulate(first[at] - second[at] for at in order)
    return max(map(abs, gaps))
