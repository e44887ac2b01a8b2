"""Two levels' shares of all options of one choice: total variation, and Cramér's V. Arrays in, numbers out."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tinytroupe_cli.analysis.bca import Statistic
from tinytroupe_cli.analysis.distances import Floats


def total_variation(first: Floats, second: Floats, *, is_paired: bool) -> Statistic:
    """Return the total variation between the mean shares of two levels: half the sum of absolute differences.

    `first`, `second`: shape (units, options), in the same order of units where they are paired.
    """

    def statistic(counts: Sequence[Floats]) -> Floats:
        ones, others = (counts[0], counts[0]) if is_paired else (counts[0], counts[1])
        return np.abs(_means(others, second) - _means(ones, first)).sum(axis=1) / 2

    return statistic


def cramers_v(table: Floats) -> float:
    """Return the association of rows and columns, from 0 to 1, corrected for bias (Bergsma, 2013).

    `table`: counts, shape (rows, columns); rows and columns that are all 0 are left out.
    """
    counts = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    total, (rows, columns) = float(counts.sum()), counts.shape
    if min(rows, columns) < 2 or total <= 1:  # noqa: PLR2004 - nothing to be associated
        return 0.0
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / total
    phi = float((np.square(counts - expected) / expected).sum()) / total
    corrected = max(0.0, phi - (rows - 1) * (columns - 1) / (total - 1))
    least = min(rows - (rows - 1) ** 2 / (total - 1), columns - (columns - 1) ** 2 / (total - 1))
    return math.sqrt(corrected / (least - 1)) if least > 1 else 0.0


def _means(counts: Floats, shares: Floats) -> Floats:
    return counts @ shares / counts.sum(axis=1, keepdims=True)
