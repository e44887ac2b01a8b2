"""Slopes of values on a number that people have. Arrays in, numbers out; knows no plan, event or prompt."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tinytroupe_cli.analysis.bca import Statistic
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.omnibus import ranked
from tinytroupe_cli.analysis.permutation import BLOCK, TOLERANCE, PermutationTest, drawn_test


def slope(x: Floats, y: Floats) -> Statistic:
    """Return the least-squares slope of `y` on `x`, both of shape (units,); not finite where `x` doesn't vary."""

    def statistic(counts: Sequence[Floats]) -> Floats:
        weights = counts[0] / counts[0].sum(axis=1, keepdims=True)
        mean_x, mean_y = weights @ x, weights @ y
        spread = weights @ np.square(x) - np.square(mean_x)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(spread > TOLERANCE, (weights @ (x * y) - mean_x * mean_y) / spread, np.nan)

    return statistic


def spearman(x: Floats, y: Floats) -> float | None:
    """Return the rank correlation (Spearman, 1904), ties averaged; None where one of the two doesn't vary."""
    ranks = ranked(np.stack([x, y]))
    ranks = ranks - ranks.mean(axis=1, keepdims=True)
    below = float(np.sqrt(np.square(ranks).sum(axis=1).prod()))
    return float((ranks[0] * ranks[1]).sum()) / below if below > 0 else None


def slope_test(x: Floats, y: Floats, *, draws: int, seed: int) -> PermutationTest:
    """Test whether a slope is 0 by permuting `x`, studentized (DiCiccio and Romano, 2017).

    The standard error is HC3 (MacKinnon and White, 1985), robust to a variance that changes with `x`, so that the test
    is of the slope and not of independence.
    """
    centered, values = x - x.mean(), y - y.mean()
    spread = float(np.square(centered).sum())

    def statistic(rows: Floats) -> Floats:
        slopes = rows @ values / spread
        leverage = 1 / len(values) + np.square(rows) / spread
        residuals = (values - slopes[:, None] * rows) / np.maximum(1 - leverage, TOLERANCE)
        errors = np.sqrt((np.square(rows) * np.square(residuals)).sum(axis=1)) / spread
        gap = np.abs(slopes)
        largest = float(np.abs(values).max()) or 1.0
        floor = largest * 1e-9 / np.sqrt(spread)
        return np.divide(gap, errors, out=np.where(gap > floor, np.inf, 0.0), where=errors > floor)

    if spread == 0:
        return drawn_test(0.0, np.zeros(draws))
    generator = np.random.default_rng(seed)
    drawn = [
        statistic(generator.permuted(np.tile(centered, (min(BLOCK, draws - start), 1)), axis=1))
        for start in range(0, draws, BLOCK)
    ]
    return drawn_test(float(statistic(centered[None])[0]), np.concatenate(drawn))
