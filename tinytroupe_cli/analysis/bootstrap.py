"""Bootstrap intervals of means over units. Arrays in, intervals out; knows no plan, event or prompt."""

from __future__ import annotations

import math

import numpy as np

from tinytroupe_cli.analysis.permutation import Floats
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
    means, errors = _resampled(values, resamples, np.random.default_rng(seed))
    return _of_ratios(mean, error, means - mean, errors, alpha)


def bootstrap_t_difference(
    first: Floats, second: Floats, *, resamples: int, seed: int, alpha: float = 0.05
) -> Interval | None:
    """Return the bootstrap-t interval of a difference of two independent means, second minus first.

    Units are drawn within each group. None where both groups have no variance.
    """
    generator = np.random.default_rng(seed)
    means1, errors1 = _resampled(first, resamples, generator)
    means2, errors2 = _resampled(second, resamples, generator)
    error = math.hypot(
        float(first.std(ddof=1)) / math.sqrt(len(first)), float(second.std(ddof=1)) / math.sqrt(len(second))
    )
    if error == 0:
        return None
    gap = float(second.mean() - first.mean())
    return _of_ratios(gap, error, means2 - means1 - gap, np.hypot(errors1, errors2), alpha)


def _resampled(values: Floats, resamples: int, generator: np.random.Generator) -> tuple[Floats, Floats]:
    """Return the means and standard errors of samples drawn with replacement."""
    count = len(values)
    counts = generator.multinomial(count, np.full(count, 1 / count), size=resamples)
    means = counts @ values / count
    squares = counts @ np.square(values) / count
    variances = np.maximum(squares - np.square(means), 0.0) * count / max(1, count - 1)
    return means, np.sqrt(variances / count)


def _of_ratios(estimate: float, error: float, gaps: Floats, errors: Floats, alpha: float) -> Interval:
    """Return the interval from the distribution of t; samples without variance count with the data's own error."""
    ratios = gaps / np.where(errors > error * 1e-3, errors, error)
    low, high = np.quantile(ratios, [alpha / 2, 1 - alpha / 2])
    return Interval(estimate - float(high) * error, estimate - float(low) * error)
