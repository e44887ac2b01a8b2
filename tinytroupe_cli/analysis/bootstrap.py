"""Bootstrap intervals of means over units. Arrays in, intervals out; knows no plan, event or prompt."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.permutation import BLOCK
from tinytroupe_cli.analysis.score_intervals import Interval


def bootstrap_t(values: Floats, *, resamples: int, seed: int, alpha: float = 0.05) -> Interval | None:
    """Return the bootstrap-t interval of a mean over units (Efron, 1981); None where all units are equal.

    `values`: shape (units,).
    """
    count = len(values)
    error = float(values.std(ddof=1)) / math.sqrt(count) if count > 1 else 0.0
    if error == 0:
        return None
    mean = float(values.mean())
    means, errors = _resampled(values, resamples, seed)
    return _of_ratios(mean, error, means - mean, errors, alpha)


def bootstrap_t_difference(
    first: Floats, second: Floats, *, resamples: int, seed: int, alpha: float = 0.05
) -> Interval | None:
    """Return the bootstrap-t interval of a difference of two independent means, second minus first.

    Units are drawn within each group. None where both groups have no variance.
    """
    means1, errors1 = _resampled(first, resamples, seed)
    means2, errors2 = _resampled(second, resamples, seed + 1)
    error = math.hypot(
        float(first.std(ddof=1)) / math.sqrt(len(first)), float(second.std(ddof=1)) / math.sqrt(len(second))
    )
    if error == 0:
        return None
    gap = float(second.mean() - first.mean())
    return _of_ratios(gap, error, means2 - means1 - gap, np.hypot(errors1, errors2), alpha)


def _resampled(values: Floats, resamples: int, seed: int) -> tuple[Floats, Floats]:
    """Return the means and standard errors of samples drawn with replacement."""
    count = len(values)
    both = np.column_stack([values, np.square(values)])
    sums = np.concatenate([drawn.astype(np.float64) @ both for drawn in drawn_counts(count, resamples, seed)])
    means = sums[:, 0] / count
    variances = np.maximum(sums[:, 1] / count - np.square(means), 0.0) * count / max(1, count - 1)
    return means, np.sqrt(variances / count)


@lru_cache(maxsize=4)
def drawn_counts(count: int, resamples: int, seed: int) -> tuple[NDArray[np.int16], ...]:
    """Return how often each unit is drawn in each sample, in blocks; measures of the same units share them."""
    generator = np.random.default_rng(seed)
    found: list[NDArray[np.int16]] = []
    for start in range(0, resamples, BLOCK):
        size = min(BLOCK, resamples - start)
        drawn = generator.integers(0, count, (size, count)) + np.arange(size)[:, None] * count
        found.append(np.bincount(drawn.ravel(), minlength=size * count).reshape(size, count).astype(np.int16))
    return tuple(found)


def _of_ratios(estimate: float, error: float, gaps: Floats, errors: Floats, alpha: float) -> Interval:
    """Return the interval from the distribution of t; samples without variance count with the data's own error."""
    ratios = gaps / np.where(errors > error * 1e-3, errors, error)
    low, high = np.quantile(ratios, [alpha / 2, 1 - alpha / 2])
    return Interval(estimate - float(high) * error, estimate - float(low) * error)
