"""Reliability of a score of several items. Arrays in, numbers out; knows no plan, event or prompt."""

from __future__ import annotations

import numpy as np
from scipy.special import fdtri  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType] - no stubs

from tinytroupe_cli.analysis.distances import Floats


def cronbach_alpha(items: Floats) -> float | None:
    """Return Cronbach's alpha (1951) of units x items; None where the sum of the items has no variance.

    There are at least two units and two items. Items count in their own direction: reverse them first.
    """
    count = items.shape[1]
    total = float(items.sum(axis=1).var(ddof=1))
    if total <= 0:
        return None
    return count / (count - 1) * (1 - float(items.var(axis=0, ddof=1).sum()) / total)


def feldt_interval(alpha: float, units: int, items: int, *, level: float = 0.05) -> tuple[float, float]:
    """Return the interval of Cronbach's alpha at 1 - level, by the F distribution (Feldt 1965).

    (1 - alpha) / (1 - estimate) is distributed as F with `units - 1` and `(units - 1)(items - 1)` degrees of freedom.
    """
    freedom = units - 1, (units - 1) * (items - 1)
    low, high = (1 - (1 - alpha) * float(fdtri(*freedom, p)) for p in (1 - level / 2, level / 2))
    return low, high


def item_rest_correlations(items: Floats) -> list[float | None]:
    """Return each item's correlation with the sum of the others; None where one of the two has no variance."""
    rest = items.sum(axis=1, keepdims=True) - items
    return [_correlation(items[:, at], rest[:, at]) for at in range(items.shape[1])]


def _correlation(first: Floats, second: Floats) -> float | None:
    x, y = first - first.mean(), second - second.mean()
    scale = float(np.sqrt((x * x).sum() * (y * y).sum()))
    return float((x * y).sum()) / scale if scale > 0 else None
