"""Bias-corrected and accelerated bootstrap intervals of any statistic over units. Arrays in, intervals out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import ndtr, ndtri  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType] - no stubs

from tinytroupe_cli.analysis.bootstrap import drawn_counts
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.score_intervals import Interval

Statistic = Callable[[Sequence[Floats]], Floats]
"""Returns the statistic of each sample, shape (samples,), from how often each unit is in it: one array of shape
(samples, units) for each group."""


def bca(statistic: Statistic, sizes: Sequence[int], *, resamples: int, seed: int, alpha: float) -> Interval | None:
    """Return the BCa interval of a statistic of one or several groups of units (Efron, 1987).

    `sizes`: units in each group; units are drawn within groups. Samples in which the statistic isn't finite are left
    out. None where all others give the same value, or fewer than half give one.
    """
    drawn = [drawn_counts(size, resamples, seed + place) for place, size in enumerate(sizes)]
    blocks = [statistic([block.astype(np.float64) for block in groups]) for groups in zip(*drawn, strict=True)]
    replicates = np.concatenate(blocks)
    replicates = replicates[np.isfinite(replicates)]
    if len(replicates) < resamples / 2 or np.ptp(replicates) == 0:
        return None
    estimate = float(statistic([np.ones((1, size)) for size in sizes])[0])
    below = (float((replicates < estimate).mean()) + float((replicates <= estimate).mean())) / 2
    edge = 0.5 / len(replicates)
    bias = float(ndtri(min(max(below, edge), 1 - edge)))
    acceleration = _acceleration([_left_out(statistic, sizes, place) for place in range(len(sizes))])
    ends = [_level(bias, acceleration, float(ndtri(level))) for level in (alpha / 2, 1 - alpha / 2)]
    low, high = np.quantile(replicates, ends)
    return Interval(float(low), float(high))


def _left_out(statistic: Statistic, sizes: Sequence[int], place: int) -> Floats:
    """Return the statistic without each unit of a group in turn."""
    size = sizes[place]
    counts = [np.ones((size, other)) for other in sizes]
    counts[place] = counts[place] - np.eye(size)
    return statistic(counts)


def _acceleration(left_out: Sequence[Floats]) -> float:
    """Return the acceleration from the jackknife of each group (Efron and Tibshirani, 1993, equation 14.15)."""
    above = below = 0.0
    for values in left_out:
        known = values[np.isfinite(values)]
        influence = (len(known) - 1) * (known.mean() - known) / len(known) if len(known) else np.zeros(1)
        above += float((influence**3).sum())
        below += float((influence**2).sum())
    return above / (6 * below**1.5) if below > 0 else 0.0


def _level(bias: float, acceleration: float, z: float) -> float:
    shifted = bias + z
    scale = 1 - acceleration * shifted
    return float(ndtr(bias + shifted / scale)) if scale > 0 else float(shifted > 0)
