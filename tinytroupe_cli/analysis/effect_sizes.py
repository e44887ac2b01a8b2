"""Standardized effect sizes on units. Arrays in, numbers out; knows no plan, event or prompt."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tinytroupe_cli.analysis.distances import Floats


def cohens_h(first: float, second: float) -> float:
    """Return the difference of two shares on the arcsine scale, second minus first (Cohen, 1988, chapter 6)."""
    return 2 * math.asin(math.sqrt(second)) - 2 * math.asin(math.sqrt(first))


def hedges_g(first: Floats, second: Floats, *, gap: float | None = None) -> float | None:
    """Return the standardized difference of two independent means, second minus first (Hedges, 1981).

    Exact correction for small samples. `gap`: the difference, where it is another than that of the plain means. None
    where both groups have no variance.
    """
    freedom = len(first) + len(second) - 2
    pooled = ((len(first) - 1) * float(first.var(ddof=1)) + (len(second) - 1) * float(second.var(ddof=1))) / freedom
    gap = float(second.mean() - first.mean()) if gap is None else gap
    return gap / math.sqrt(pooled) * _correction(freedom) if pooled > 0 else None


def hedges_g_av(first: Floats, second: Floats, *, gap: float | None = None) -> float | None:
    """Return the standardized difference of two paired means, second minus first (Lakens, 2013, g_av).

    `first`, `second`: shape (units,), in the same order. `gap`: the difference, where it is another than that of the
    plain means. None where neither varies.
    """
    average = (float(first.std(ddof=1)) + float(second.std(ddof=1))) / 2
    gap = float(second.mean() - first.mean()) if gap is None else gap
    return gap / average * _correction(len(first) - 1) if average > 0 else None


Weighted = tuple[Floats, Floats]
"""Values and weights, each of shape (units,)."""


def weighted_hedges_g(first: Weighted, second: Weighted) -> float | None:
    """Return Hedges' g of two independent weighted means, second minus first; with equal weights, `hedges_g`."""
    sizes = len(first[0]), len(second[0])
    freedom = sum(sizes) - 2
    squares = [(size - 1) * _variance(*side) for size, side in zip(sizes, (first, second), strict=True)]
    pooled = sum(squares) / freedom
    return _gap(first, second) / math.sqrt(pooled) * _correction(freedom) if pooled > 0 else None


def weighted_hedges_g_av(first: Weighted, second: Weighted) -> float | None:
    """Return g_av of two paired weighted means, second minus first; with equal weights, `hedges_g_av`."""
    average = (math.sqrt(_variance(*first)) + math.sqrt(_variance(*second))) / 2
    return _gap(first, second) / average * _correction(len(first[0]) - 1) if average > 0 else None


def _gap(first: Weighted, second: Weighted) -> float:
    means = [float(np.average(values, weights=weights)) for values, weights in (first, second)]
    return means[1] - means[0]


def _variance(values: Floats, weights: Floats) -> float:
    """Return the weighted variance, with n - 1 for n units."""
    gaps = values - np.average(values, weights=weights)
    return float(np.average(np.square(gaps), weights=weights)) * len(values) / (len(values) - 1)


def _correction(freedom: int) -> float:
    """Return the exact small-sample correction J (Hedges, 1981)."""
    if freedom < 2:  # noqa: PLR2004 - the gamma function below has no value there
        return 0.0
    return math.exp(math.lgamma(freedom / 2) - math.lgamma((freedom - 1) / 2)) / math.sqrt(freedom / 2)


def eta_squared(groups: Sequence[Floats]) -> float | None:
    """Return the share of the variance between groups (Cohen, 1973); None where nothing varies."""
    values = np.concatenate(groups)
    total = float(np.square(values - values.mean()).sum())
    between = sum(len(group) * float(group.mean() - values.mean()) ** 2 for group in groups)
    return between / total if total > 0 else None


def joint_eta_squared(levels: Sequence[Floats], *, is_paired: bool) -> float | None:
    """Return the share of the variance that is between levels, over several columns together; None: nothing varies.

    `levels`: one array of shape (units, columns) each; paired, the variance is that within units.
    """
    values = np.concatenate(levels)
    base = sum(levels) / len(levels) if is_paired else values.mean(axis=0)
    total = sum(float(np.square(level - base).sum()) for level in levels)
    between = sum(len(level) * float(np.square(level.mean(axis=0) - values.mean(axis=0)).sum()) for level in levels)
    return between / total if total > 0 else None


def partial_eta_squared(values: Floats) -> float | None:
    """Return the share of the variance within units that is between levels (Cohen, 1973); None where nothing varies.

    `values`: shape (units, levels).
    """
    centered = values - values.mean(axis=1, keepdims=True)
    total = float(np.square(centered).sum())
    between = len(values) * float(np.square(centered.mean(axis=0)).sum())
    return between / total if total > 0 else None
