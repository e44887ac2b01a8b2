"""Score intervals and exact bounds of shares. Counts in, intervals out; needs no numpy."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import NamedTuple


class Interval(NamedTuple):
    """An interval, lower end first."""

    low: float
    high: float


def wilson(count: float, total: float, *, alpha: float = 0.05) -> Interval:
    """Return the score interval of a share (E. B. Wilson, 1927)."""
    z = NormalDist().inv_cdf(1 - alpha / 2)
    share = count / total
    middle = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    low = 0.0 if count == 0 else (middle - spread) / scale
    high = 1.0 if count == total else (middle + spread) / scale
    return Interval(low, high)


def newcombe(first: tuple[float, float], second: tuple[float, float], *, alpha: float = 0.05) -> Interval:
    """Return the interval of a difference of two independent shares, second minus first (Newcombe, 1998, method 10).

    `first`, `second`: how many of how many; with weights, effective numbers.
    """
    one, other = first[0] / first[1], second[0] / second[1]
    low1, high1 = wilson(*first, alpha=alpha)
    low2, high2 = wilson(*second, alpha=alpha)
    gap = other - one
    return Interval(
        gap - math.hypot(other - low2, high1 - one),
        gap + math.hypot(high2 - other, one - low1),
    )


def tango(only_second: float, only_first: float, total: float, *, alpha: float = 0.05) -> Interval:
    """Return the score interval of a difference of two paired shares, second minus first (Tango, 1998).

    `only_second`, `only_first`: pairs of which only the second, or only the first, is true; `total`: all pairs. With
    weights, effective numbers.
    """
    z = NormalDist().inv_cdf(1 - alpha / 2)

    def score(gap: float) -> float:
        """Return the score statistic at a difference; it falls as the difference grows."""
        a = 2 * total
        b = -only_second - only_first + (2 * total - only_second + only_first) * gap
        c = -only_first * gap * (1 - gap)
        share = (math.sqrt(max(b * b - 4 * a * c, 0.0)) - b) / (2 * a)
        variance = total * (2 * share + gap * (1 - gap))
        if variance <= 0:
            return math.copysign(math.inf, only_second - only_first - total * gap)
        return (only_second - only_first - total * gap) / math.sqrt(variance)

    estimate = (only_second - only_first) / total
    return Interval(_solve(score, z, -1.0, estimate), _solve(score, -z, estimate, 1.0))


def exact_bound(units: float, *, alpha: float = 0.05) -> float:
    """Return the largest share of units that may differ although none of `units` did (Clopper and Pearson, 1934)."""
    return 1.0 - (alpha / 2) ** (1 / units)


def _solve(score: Callable[[float], float], wanted: float, low: float, high: float) -> float:
    """Return where a falling function has a value, by bisection."""
    for _ in range(100):
        middle = (low + high) / 2
        if score(middle) > wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2
