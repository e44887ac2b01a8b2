"""Medians and trimmed means of two levels, with permutation tests. Arrays in, numbers out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from tinytroupe_cli.analysis.bca import Statistic
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.omnibus import drawn_labels
from tinytroupe_cli.analysis.permutation import BLOCK, PermutationTest, drawn_test

TRIMMED: Final = 0.2
"""Share of units left out at each end of a trimmed mean (Yuen, 1974)."""
Center = Callable[[Floats], Floats]
"""Rows of values -> the centre of each."""


def medians(rows: Floats) -> Floats:
    """Return the median of each row."""
    return np.median(rows, axis=1)


def trimmed_means(rows: Floats) -> Floats:
    """Return the mean of each row without the lowest and highest fifth."""
    cut = int(TRIMMED * rows.shape[1])
    return np.sort(rows, axis=1)[:, cut : rows.shape[1] - cut].mean(axis=1)


def weighted_center(values: Floats, center: Center) -> Callable[[Floats], Floats]:
    """Return the centre of samples given by how often each unit is in them; shape (samples, units)."""

    def statistic(counts: Floats) -> Floats:
        whole = counts.astype(np.int64)
        sizes = whole.sum(axis=1)
        found = np.zeros(len(whole))
        for size in np.unique(sizes):  # samples of one size are a table: nearly always all of them
            own = whole[sizes == size]
            rows = np.repeat(np.tile(values, len(own)), own.ravel()).reshape(len(own), int(size))
            found[sizes == size] = center(rows)
        return found

    return statistic


def difference_of_centers(first: Floats, second: Floats, center: Center, *, is_paired: bool) -> Statistic:
    """Return the second level's centre minus the first's."""
    one, other = weighted_center(first, center), weighted_center(second, center)

    def statistic(counts: Sequence[Floats]) -> Floats:
        return other(counts[0 if is_paired else 1]) - one(counts[0])

    return statistic


def centers_test(
    first: Floats,
    second: Floats,
    center: Center,
    *,
    is_paired: bool,
    draws: int,
    seed: int,
    blocks: tuple[str, ...] = (),
) -> PermutationTest:
    """Test whether two levels have the same centre, under the null that no unit's value depends on its level.

    Paired: each unit's two values are exchanged or not (Fisher, 1935); else labels are permuted,
    within `blocks` where there are any.
    """
    observed = abs(float(center(second[None])[0] - center(first[None])[0]))
    if is_paired:
        generator = np.random.default_rng(seed)
        drawn: list[Floats] = []
        for start in range(0, draws, BLOCK):
            swaps = generator.integers(0, 2, (min(BLOCK, draws - start), len(first))).astype(bool)
            drawn.append(np.abs(center(np.where(swaps, first, second)) - center(np.where(swaps, second, first))))
        return drawn_test(observed, np.concatenate(drawn))
    values, own = np.concatenate([first, second]), len(first)
    gaps: list[Floats] = []
    for labels in drawn_labels((own, len(second)), draws, seed, blocks):
        order = np.argsort(labels, axis=1, kind="stable")
        rows = values[order]
        gaps.append(np.abs(center(rows[:, own:]) - center(rows[:, :own])))
    return drawn_test(observed, np.concatenate(gaps))
