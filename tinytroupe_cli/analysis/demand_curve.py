"""Demand over several prices, and the price of greatest revenue. Arrays in, numbers out; knows no plan or event.

The joint distribution of several means is that of a multiplier bootstrap over units: each unit's deviations from the
means are multiplied by one standard normal number (Chernozhukov, Chetverikov and Kato 2013, "Gaussian approximations
and multiplier bootstrap for maxima of sums").
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from tinytroupe_cli.analysis.permutation import BLOCK, Floats
from tinytroupe_cli.analysis.score_intervals import Interval, wilson

NO_SPREAD: Final = 1e-12


@dataclass(frozen=True, slots=True)
class RevenueFigures:
    """The price of greatest revenue."""

    best: int
    """Its number, from 0."""
    candidates: tuple[int, ...]
    """Numbers of all prices that may be it, at the level of confidence asked for."""


def demand_band(accepted: Floats, weights: Floats, *, resamples: int, seed: int, alpha: float) -> list[Interval]:
    """Return an interval for the share at each price; all shares are in theirs with a probability of 1 - alpha.

    `accepted`: shape (units, prices), from 0 to 1; `weights`: shape (units,). Wilson's score intervals with the
    effective number of units, and in place of the normal quantile that of the largest deviation over all prices.
    """
    shares, deviations = _deviations(accepted, weights)
    errors = np.sqrt(np.square(deviations).sum(axis=0))
    alpha = _joint_level(deviations, errors, resamples=resamples, seed=seed, alpha=alpha)
    kish = float(weights.sum() ** 2 / np.square(weights).sum())
    found: list[Interval] = []
    for share, error in zip(shares.tolist(), errors.tolist(), strict=True):
        if error < NO_SPREAD:
            found.append(wilson(round(share) * kish, kish, alpha=alpha))
        else:
            effective = share * (1 - share) / error**2
            found.append(wilson(share * effective, effective, alpha=alpha))
    return found


def greatest_revenue(
    accepted: Floats, prices: Floats, weights: Floats, *, resamples: int, seed: int, alpha: float
) -> RevenueFigures:
    """Return the price at which price times share is greatest, and the prices for which that can't be excluded.

    `accepted`: shape (units, prices). A price is excluded if another one's revenue is greater by more than the largest
    standardized difference to any price that chance makes (as in Hsu 1984, "Constrained simultaneous confidence
    intervals for multiple comparisons with the best"). An error is at least that of one unit in `units + 1` which
    answers otherwise.
    """
    revenue, deviations = _deviations(accepted * prices, weights)
    units, count = deviations.shape
    floor = prices * np.sqrt(units) / (units + 1)
    normals = np.concatenate(list(_normals(units, resamples, seed)))
    candidates: list[int] = []
    for one in range(count):
        others = [other for other in range(count) if other != one]
        parts = deviations[:, others] - deviations[:, [one]]
        least = np.maximum(floor[others], floor[one]) / np.sqrt(units)
        errors = np.maximum(np.sqrt(np.square(parts).sum(axis=0)), least)
        largest = float(((revenue[others] - revenue[one]) / errors).max())
        if largest <= float(np.quantile((normals @ parts / errors).max(axis=1), 1 - alpha)):
            candidates.append(one)
    best = int(np.argmax(revenue > revenue.max() - NO_SPREAD))
    return RevenueFigures(best, tuple(sorted({*candidates, best})))


def _deviations(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the weighted means of columns, and what each unit adds to their errors, shape (units, columns)."""
    shares = weights / weights.sum()
    means = shares @ values
    count = len(weights)
    return means, shares[:, None] * (values - means) * np.sqrt(count / (count - 1))


def _joint_level(deviations: Floats, errors: Floats, *, resamples: int, seed: int, alpha: float) -> float:
    """Return the level of each interval at which all hold together at `alpha`."""
    spread = errors > NO_SPREAD
    if spread.sum() < 2:  # noqa: PLR2004 - nothing to be joint with
        return alpha
    scaled = deviations[:, spread] / errors[spread]
    drawn = [np.abs(block @ scaled).max(axis=1) for block in _normals(len(scaled), resamples, seed)]
    return 2 * (1 - NormalDist().cdf(float(np.quantile(np.concatenate(drawn), 1 - alpha))))


def _normals(units: int, resamples: int, seed: int) -> list[Floats]:
    generator = np.random.default_rng(seed)
    return [generator.standard_normal((min(BLOCK, resamples - at), units)) for at in range(0, resamples, BLOCK)]
