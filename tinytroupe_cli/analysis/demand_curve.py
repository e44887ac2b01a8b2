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
from scipy.special import betaincinv, stdtrit  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType] - no stubs

from tinytroupe_cli.analysis.permutation import BLOCK, Floats
from tinytroupe_cli.analysis.raking import effective_size
from tinytroupe_cli.analysis.score_intervals import Interval

NO_SPREAD: Final = 1e-12
DIGITS: Final = 9
"""Decimals of a share; those beyond are rounding errors."""


@dataclass(frozen=True, slots=True)
class RevenueFigures:
    """The price of greatest revenue."""

    best: int
    """Its number, from 0."""
    candidates: tuple[int, ...]
    """Numbers of all prices that may be it, at the level of confidence asked for."""


def demand_band(accepted: Floats, weights: Floats, *, resamples: int, seed: int, alpha: float) -> list[Interval]:
    """Return an interval for the share at each price; all shares are in theirs with a probability of 1 - alpha.

    `accepted`: shape (units, prices), from 0 to 1; `weights`: shape (units,). Each is an exact interval with the
    effective number of units (Korn and Graubard 1998), at the level at which the largest deviation over all prices is
    within its interval. Score intervals cover too rarely here where a share is near 0 or 1. With unequal weights, the
    variance depends on few units, which Korn and Graubard's ratio of t values allows for; its degrees of freedom are
    (sum of w²)² / (sum of w⁴) - 1, after Satterthwaite (1946).
    """
    shares, deviations = _deviations(accepted, weights)
    errors = np.sqrt(np.square(deviations).sum(axis=0))
    alpha = _joint_level(deviations, errors, resamples=resamples, seed=seed, alpha=alpha)
    kish = effective_size(weights)
    few = _ratio_of_t(weights, alpha)
    found: list[Interval] = []
    for share, error in zip(shares.tolist(), errors.tolist(), strict=True):
        if error < NO_SPREAD:
            found.append(_exact(round(share, DIGITS) * kish, kish, alpha))
        else:
            effective = few * share * (1 - share) / error**2
            found.append(_exact(share * effective, effective, alpha))
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
    drawn, beside = _drawn_means(deviations, count, resamples=resamples, seed=seed)
    candidates: list[int] = []
    for one in range(count):
        others = [other for other in range(count) if other != one]
        found = np.square(deviations[:, others] - deviations[:, [one]]).sum(axis=0)
        squares = np.maximum(found, np.square(np.maximum(floor[others], floor[one])) / units)
        errors, missing = np.sqrt(squares), np.sqrt(np.maximum(squares - found, 0.0))
        largest = float(((revenue[others] - revenue[one]) / errors).max())
        by_chance = (drawn[:, others] - drawn[:, [one]] + beside[:, others] * missing) / errors
        if largest <= float(np.quantile(by_chance.max(axis=1), 1 - alpha)):
            candidates.append(one)
    best = int(np.argmax(revenue > revenue.max() - NO_SPREAD))
    return RevenueFigures(best, tuple(sorted({*candidates, best})))


def _deviations(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the weighted means of columns, and what each unit adds to their errors, shape (units, columns)."""
    shares = (weights / weights.sum())[:, None]
    means = shares[:, 0] @ values
    return means, shares * (values - means) / np.sqrt(1 - shares)


def _ratio_of_t(weights: Floats, alpha: float) -> float:
    """Return by how much the effective number of units is smaller because the variance depends on few; 1: it isn't."""
    freedom = float(np.square(weights).sum() ** 2 / np.power(weights, 4).sum()) - 1
    every, few = (float(stdtrit(units, 1 - alpha / 2)) for units in (len(weights) - 1, max(freedom, 1.0)))
    return (every / few) ** 2


def _joint_level(deviations: Floats, errors: Floats, *, resamples: int, seed: int, alpha: float) -> float:
    """Return the level of each interval at which all hold together at `alpha`."""
    spread = errors > NO_SPREAD
    scaled = deviations[:, spread] / errors[spread]
    # A share of 0 or 1 has no deviations in the data, but it can be off: it counts as if it were independent.
    drawn, beside = _drawn_means(scaled, int((~spread).sum()), resamples=resamples, seed=seed)
    largest = np.abs(np.hstack([drawn, beside])).max(axis=1)
    return 2 * (1 - NormalDist().cdf(float(np.quantile(largest, 1 - alpha))))


def _exact(count: float, total: float, alpha: float) -> Interval:
    """Return the interval of Clopper and Pearson (1934); `count` of `total` may be fractions."""
    low = 0.0 if count <= 0 else float(betaincinv(count, total - count + 1, alpha / 2))
    high = 1.0 if count >= total else float(betaincinv(count + 1, total - count, 1 - alpha / 2))
    return Interval(low, high)


def _drawn_means(deviations: Floats, others: int, *, resamples: int, seed: int) -> tuple[Floats, Floats]:
    """Return how far means are off in each draw, shape (resamples, columns), and `others` standard normal numbers."""
    units = len(deviations)
    generator = np.random.default_rng(seed)
    sizes = [min(BLOCK, resamples - at) for at in range(0, resamples, BLOCK)]
    drawn = np.concatenate([generator.standard_normal((size, units)) @ deviations for size in sizes])
    return drawn, generator.standard_normal((resamples, others))
