"""Distributions of a number given by quantiles: the cumulative distribution is linear between them.

A distribution is the lowest value, the quantiles at 10, 50 and 90%, and the highest value, in increasing order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

REACHED: Final = (0.0, 0.1, 0.5, 0.9, 1.0)
"""The cumulative distribution at each value."""
HALF: Final = 0.5 - 1e-12

Quantiles = Sequence[float]


def quantile_at(quantiles: Quantiles, reached: float) -> float:
    """Return the value below which a share of the distribution lies; `reached` is from 0 to 1."""
    for (low, high), (before, after) in zip(pairwise(quantiles), pairwise(REACHED), strict=True):
        if reached <= after:
            return low + (high - low) * (reached - before) / (after - before)
    return quantiles[-1]


def expectation(quantiles: Quantiles) -> float:
    """Return the expected value."""
    return math.fsum(mass * (low + high) / 2 for low, high, mass in _parts(quantiles))


def cumulative(quantiles: Quantiles, value: float) -> float:
    """Return the share of the distribution at or below a value."""
    return math.fsum(
        mass * (float(value >= high) if high == low else min(1.0, max(0.0, (value - low) / (high - low))))
        for low, high, mass in _parts(quantiles)
    )


def mixture_moments(
    distributions: Sequence[Quantiles], weights: Sequence[float] | None = None
) -> tuple[float, float, float]:
    """Return mean, standard deviation and median of the mean of distributions, weighted if there are weights."""
    own = [1.0] * len(distributions) if weights is None else weights
    total = math.fsum(own)
    mean = math.fsum(weight * expectation(one) for weight, one in zip(own, distributions, strict=True)) / total
    square = math.fsum(
        weight * mass * (low * low + low * high + high * high) / 3
        for weight, one in zip(own, distributions, strict=True)
        for low, high, mass in _parts(one)
    )
    return mean, math.sqrt(max(0.0, square / total - mean * mean)), _median(distributions, own, total)


def _median(distributions: Sequence[Quantiles], weights: Sequence[float], total: float) -> float:
    """Return the median: the cumulative distribution is linear between the values of all distributions."""

    def reached(value: float) -> float:
        return (
            math.fsum(
                weight * cumulative(quantiles, value) for weight, quantiles in zip(weights, distributions, strict=True)
            )
            / total
        )

    before = min(quantiles[0] for quantiles in distributions)
    for value in sorted({value for quantiles in distributions for value in quantiles}):
        if reached(value) < HALF:
            before = value
            continue
        below = _just_below(distributions, weights, value) / total
        if below <= HALF:  # much of the distribution is exactly here
            return value
        start = reached(before)
        return before + (value - before) * (0.5 - start) / (below - start)
    return max(quantiles[-1] for quantiles in distributions)


def _just_below(distributions: Sequence[Quantiles], weights: Sequence[float], value: float) -> float:
    """Return the weight of everything below a value, without what lies exactly there."""
    return math.fsum(
        weight
        * math.fsum(
            mass * (float(value > high) if high == low else min(1.0, max(0.0, (value - low) / (high - low))))
            for low, high, mass in _parts(one)
        )
        for weight, one in zip(weights, distributions, strict=True)
    )


def _parts(quantiles: Quantiles) -> list[tuple[float, float, float]]:
    """Return lower end, upper end and mass of each part."""
    masses = [after - before for before, after in pairwise(REACHED)]
    return [(low, high, mass) for (low, high), mass in zip(pairwise(quantiles), masses, strict=True)]
