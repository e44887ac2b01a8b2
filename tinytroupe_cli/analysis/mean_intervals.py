"""Intervals of one mean over units, weighted or not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from tinytroupe_cli.analysis.bootstrap import bootstrap_t
from tinytroupe_cli.analysis.differences import student
from tinytroupe_cli.analysis.raking import effective_size, jackknife_error
from tinytroupe_cli.analysis.score_intervals import Interval, exact_bound
from tinytroupe_cli.analysis.weighted_differences import ALIKE, weighted_units

if TYPE_CHECKING:
    from tinytroupe_cli.analysis.units import Units
    from tinytroupe_cli.analysis.weights import Weighed

ScaleBounds = tuple[float, float]
MANY: Final = 500
"""Units from which the t interval is used: bootstrap-t then hardly differs, and takes time and memory."""


def mean_interval(
    values: Sequence[float], *, resamples: int, seed: int, alpha: float, bounds: ScaleBounds
) -> Interval | None:
    """Return the bootstrap-t interval of a mean, or the t interval of many units or where `resamples` is 0.

    Where all units agree, the exact bound; None if the measure has no bounds then.
    """
    found = np.array(values)
    error = float(found.std(ddof=1)) / math.sqrt(len(found))
    if error < ALIKE:
        return _agreed(float(found.mean()), len(found), alpha, bounds)
    if resamples and len(found) < MANY:
        interval = bootstrap_t(found, resamples=resamples, seed=seed, alpha=alpha)
        return None if interval is None else _within(interval, bounds)
    return _within(student(float(found.mean()), error, len(found) - 1, alpha, math.inf), bounds)


def weighted_mean_interval(
    values: Mapping[str, float], weighed: Weighed, units: Units, *, alpha: float, bounds: ScaleBounds
) -> Interval | None:
    """Return the t interval of a weighted mean with its error by jackknife; where all units agree, the exact bound."""
    weights, samples = weighted_units(weighed, units).of(list(values))
    found, size = np.array(list(values.values())), effective_size(weights)
    mean, totals = float(np.average(found, weights=weights)), samples.sum(axis=1)
    means = np.divide(samples @ found, totals, out=np.full(len(totals), mean), where=totals > 0)
    error = jackknife_error(means)
    if error < ALIKE:
        return _agreed(mean, size, alpha, bounds)
    return _within(student(mean, error, max(1.0, size - 1), alpha, math.inf), bounds)


def _agreed(mean: float, size: float, alpha: float, bounds: ScaleBounds) -> Interval | None:
    if not math.isfinite(bounds[1] - bounds[0]):
        return None
    slack = exact_bound(size, alpha=alpha) * (bounds[1] - bounds[0])
    return _within(Interval(mean - slack, mean + slack), bounds)


def _within(interval: Interval, bounds: ScaleBounds) -> Interval:
    return Interval(max(bounds[0], interval.low), min(bounds[1], interval.high))
