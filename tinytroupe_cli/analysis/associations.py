"""How strongly two fields go together, with a permutation test. Arrays in, numbers out."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType] - no stubs

from tinytroupe_cli.analysis.distances import Floats

IntegerArray = NDArray[np.int64]
PERMUTATIONS: Final = 999


def cramers_v(first: IntegerArray, second: IntegerArray) -> float:
    """Return Cramer's V of two fields of labels, each the number of its label from 0; 0 where one has one label."""
    rows, columns = int(first.max()) + 1, int(second.max()) + 1
    table = np.bincount(first * columns + second, minlength=rows * columns).reshape(rows, columns).astype(np.float64)
    kept = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    least = min(kept.shape) - 1
    if not least:
        return 0.0
    expected = np.outer(kept.sum(axis=1), kept.sum(axis=0)) / kept.sum()
    return math.sqrt(float((np.square(kept - expected) / expected).sum()) / (kept.sum() * least))


def spearman(first: Floats, second: Floats) -> float:
    """Return Spearman's rank correlation; 0 where one doesn't vary."""
    ones, others = (np.asarray(rankdata(values), dtype=np.float64) for values in (first, second))
    if ones.std() == 0 or others.std() == 0:
        return 0.0
    return float(np.corrcoef(ones, others)[0, 1])


def eta(labels: IntegerArray, numbers: Floats) -> float:
    """Return the correlation ratio: the square root of the share of variance that lies between the labels."""
    whole = float(np.square(numbers - numbers.mean()).sum())
    if whole == 0:
        return 0.0
    counts = np.bincount(labels)
    sums = np.bincount(labels, weights=numbers)
    kept = counts > 0
    between = float((counts[kept] * np.square(sums[kept] / counts[kept] - numbers.mean())).sum())
    return math.sqrt(between / whole)


def permutation_p(
    statistic: Callable[[NDArray[np.generic]], float], permuted: NDArray[np.generic], generator: np.random.Generator
) -> float:
    """Return how often a statistic is at least as far from 0 where a field is permuted over the people.

    p = (b + 1) / (m + 1) (Phipson and Smyth, 2010).
    """
    observed = abs(statistic(permuted)) - 1e-10
    reached = sum(abs(statistic(generator.permutation(permuted))) >= observed for _ in range(PERMUTATIONS))
    return (reached + 1) / (PERMUTATIONS + 1)
