"""Corrections that use the joint permutation distribution of a family. Arrays in, numbers out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.permutation import TOLERANCE, PermutationTest


def step_down_min_p(tests: Sequence[PermutationTest], *, draws: int, seed: int) -> list[float]:
    """Return p-values that control the family-wise error rate (Westfall and Young, 1993, algorithm 2.8).

    Statistics of different kinds are made comparable by their own permutation p-values, so the smallest p of the family
    stands for its largest statistic. Tests with the same arrangements are corrected jointly; others count as
    independent, which is conservative where they are positively related (Sidak, 1967).
    """
    p_values = np.array([test.p for test in tests])
    columns: list[Floats] = [_as_p(test, draws, seed) for test in tests]
    order: list[int] = np.argsort(p_values, kind="stable").tolist()
    corrected = np.ones(len(tests))
    least: Floats = np.ones(draws)
    for place in reversed(order):  # from the largest p-value to the smallest
        np.minimum(least, columns[place], out=least)
        reached = int((least <= p_values[place] * (1 + TOLERANCE)).sum())
        corrected[place] = max(float(p_values[place]), (reached + 1) / (draws + 1))
    corrected[order] = np.maximum.accumulate(corrected[order])
    return [float(p) for p in corrected]


def _as_p(test: PermutationTest, draws: int, seed: int) -> Floats:
    """Return each arrangement's own p-value; a test that goes through every arrangement is drawn from."""
    # Infinite statistics (no variance is left) are the largest ones, and tie with each other.
    known = np.nan_to_num(np.append(test.arranged, test.statistic), posinf=np.finfo(np.float64).max)
    every = np.sort(known[:-1] if test.is_exact else known)
    slack = TOLERANCE * np.maximum(1.0, known[:-1])
    below: NDArray[np.intp] = np.searchsorted(every, known[:-1] - slack, side="left")
    p: Floats = (len(every) - below) / len(every)
    if len(p) == draws and not test.is_exact:
        return p
    return p[np.random.default_rng(seed).integers(0, len(p), draws)]
