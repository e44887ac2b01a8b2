"""How alike groups are before anything happens to them. Numbers in, numbers out; knows no plan, event or prompt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from statistics import NormalDist, fmean, variance
from typing import Final

NOTABLE: Final = 0.1
"""Standardized difference from which a row is marked (Austin, 2009, section 3)."""
_STEPS: Final = 400
_REACH: Final = 8.0
"""Standard deviations that the integral covers on each side."""


def standardized_difference(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Return the difference of means, second minus first, in pooled standard deviations (Austin, 2009).

    The pooled variance is the mean of both. None where a group is empty, or where nobody within a group differs and the
    groups do.
    """
    if not first or not second:
        return None
    gap = fmean(second) - fmean(first)
    spread = math.sqrt((_variance(first) + _variance(second)) / 2)
    if spread == 0:
        return 0.0 if gap == 0 else None
    return gap / spread


def standardized_share_difference(first: float, second: float) -> float | None:
    """Return the standardized difference of two shares; a share p has the variance p * (1 - p) (Austin, 2009)."""
    spread = math.sqrt((first * (1 - first) + second * (1 - second)) / 2)
    if spread == 0:
        return 0.0 if first == second else None
    return (second - first) / spread


def largest(differences: Sequence[float | None]) -> float | None:
    """Return the difference of the largest size; None where one is unknown."""
    known = [difference for difference in differences if difference is not None]
    return max(known, key=abs) if known and len(known) == len(differences) else None


def pairs(count: int) -> list[tuple[int, int]]:
    """Return every pair of groups, the earlier one first."""
    return list(combinations(range(count), 2))


def share_marked_by_chance(sizes: Sequence[int], bound: float = NOTABLE) -> float:
    """Return the chance that random assignment alone puts the largest difference of some groups above a bound.

    `sizes`: units per group. For the normal approximation, in which a standardized mean has variance 1/n: the range of
    k normal variables (Tukey's studentized range with known variance), with the harmonic mean of the sizes.
    """
    count = len(sizes)
    if count < 2 or not all(sizes):  # noqa: PLR2004 - a difference needs two
        return 0.0
    width = bound * math.sqrt(count / sum(1 / size for size in sizes))
    normal, step = NormalDist(), 2 * _REACH / _STEPS
    at = [-_REACH + step * (place + 0.5) for place in range(_STEPS)]
    inside = sum(normal.pdf(x) * (normal.cdf(x + width) - normal.cdf(x)) ** (count - 1) for x in at)
    return max(0.0, 1 - count * step * inside)


def _variance(values: Sequence[float]) -> float:
    return variance(values) if len(values) > 1 else 0.0
