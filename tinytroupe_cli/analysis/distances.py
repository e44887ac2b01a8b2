"""Distances between distributions of answers, and what else tells two of them apart. Arrays in, numbers out.

`p` and `q` hold the shares of the answers, in the same order, along the last axis; other axes are samples. Each row
adds up to 1. `values` are the answers' numbers in ascending order.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def total_variation(p: Floats, q: Floats) -> Floats:
    """Return half the sum of absolute differences: the share of answers that would have to change."""
    return 0.5 * np.abs(p - q).sum(axis=-1)


def kolmogorov_smirnov(p: Floats, q: Floats) -> Floats:
    """Return the largest difference of the cumulative shares of ordered answers."""
    return np.abs(np.cumsum(p - q, axis=-1)).max(axis=-1)


def wasserstein(p: Floats, q: Floats, values: Floats) -> Floats:
    """Return the Wasserstein-1 distance, in units of `values`: the area between the cumulative shares."""
    return (np.abs(np.cumsum(p - q, axis=-1))[..., :-1] * np.diff(values)).sum(axis=-1)


def jensen_shannon(p: Floats, q: Floats) -> Floats:
    """Return the Jensen-Shannon divergence in bits, from 0 to 1 (Lin, 1991); not its square root."""
    middle = (p + q) / 2
    return np.maximum(entropy(middle) - (entropy(p) + entropy(q)) / 2, 0.0)


def entropy(p: Floats) -> Floats:
    """Return Shannon's entropy in bits."""
    return np.sum(p * np.log2(1 / np.where(p > 0, p, 1.0)), axis=-1)


def mean(p: Floats, values: Floats) -> Floats:
    """Return the mean of a distribution."""
    return p @ values


def standard_deviation(p: Floats, values: Floats) -> Floats:
    """Return the standard deviation of a distribution, without correction for the size of a sample."""
    gaps = values - mean(p, values)[..., None]
    return np.sqrt(np.maximum((p * np.square(gaps)).sum(axis=-1), 0.0))


def ratio(above: Floats, below: Floats) -> Floats:
    """Return a ratio; NaN where the lower number is 0."""
    return np.divide(above, below, out=np.full(np.broadcast(above, below).shape, np.nan), where=below > 0)


def rank_agreement(p: Floats, q: Floats) -> Floats:
    """Return Kendall's tau-b between two rankings of the answers by their shares; NaN where all shares are equal.

    Kendall (1945). 1: both put the answers in the same order.
    """
    first, second = (np.sign(np.round(points[..., :, None] - points[..., None, :], 12)) for points in (p, q))
    both = (first * second).sum(axis=(-1, -2))
    size = np.sqrt(np.square(first).sum(axis=(-1, -2)) * np.square(second).sum(axis=(-1, -2)))
    return ratio(both, size)


def distance_interval(value: float, drawn: Floats, p: float, *, slack: float, alpha: float) -> tuple[float, float]:
    """Return the bias-corrected normal interval of a distance; equal distributions are in it unless p is small.

    Samples of two equal distributions differ, so a bootstrap alone never finds a distance of 0. `drawn` holds the
    distance in bootstrap samples, `slack` the distance that could be there although no sample differs. Where two small
    samples agree by chance, the bias is as large as the distance; the upper end is therefore never below that of the
    percentile interval, which errs upwards.
    """
    error, z = float(drawn.std()), NormalDist().inv_cdf(1 - alpha / 2)
    if error == 0:
        return max(0.0, value - slack), min(1.0, value + slack)
    middle = 2 * value - float(drawn.mean())
    above = float(np.quantile(drawn, 1 - alpha / 2))
    low, high = max(0.0, middle - z * error), min(1.0, max(value, middle + z * error, above))
    return 0.0 if p > alpha else min(low, value), high
