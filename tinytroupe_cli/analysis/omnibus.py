"""Permutation tests of more than two levels at once. Arrays in, p-values out; knows no plan, event or prompt.

Several columns are the options of one choice: their statistics are summed, so that the choice is tested as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import permutations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.permutation import BLOCK, TOLERANCE, PermutationTest, block_means, drawn_test

MAX_TABLED: Final = 6
"""Levels up to which every order is held in a table; with more, orders are drawn one by one."""


def repeated_measures_f(values: Floats, *, draws: int, seed: int) -> PermutationTest:
    """Test whether levels differ within units, by permuting each unit's levels; the statistic is F.

    `values`: shape (columns, units, levels). With several columns F is of the sums of squares over columns, as in the
    pseudo-F of Anderson (2001).
    """
    columns, units, levels = values.shape
    centered = values - values.mean(axis=2, keepdims=True)
    total = float(np.square(centered).sum())
    freedom = (levels - 1, (units - 1) * (levels - 1))

    def statistic(sums: Floats) -> Floats:
        """Return F from the sums over units, shape (draws, columns, levels)."""
        between = np.square(sums).sum(axis=(1, 2)) / units
        return _ratio(between / freedom[0], (total - between) / freedom[1], floor=total)

    observed = float(statistic(centered.sum(axis=1)[None])[0])
    drawn = [
        statistic(np.stack([_level_sums(centered[column], orders) for column in range(columns)], axis=1))
        for orders in _drawn_orders(units, levels, draws, seed)
    ]
    return drawn_test(observed, np.concatenate(drawn))


def friedman(values: Floats, *, draws: int, seed: int) -> PermutationTest:
    """Test whether levels differ in the ranks units give them (Friedman, 1937), by permuting each unit's levels.

    `values`: shape (units, levels). The statistic is corrected for ties; 0 where every unit's values are equal.
    """
    units, levels = values.shape
    ranks = ranked(values)
    centered = ranks - (levels + 1) / 2
    spread = float(np.square(centered).sum()) / (units * (levels - 1))
    if spread == 0:
        return drawn_test(0.0, np.zeros(draws))

    def statistic(sums: Floats) -> Floats:
        return np.square(sums).sum(axis=1) / (units * spread)

    observed = float(statistic(centered.sum(axis=0)[None])[0])
    orders = _drawn_orders(units, levels, draws, seed)
    return drawn_test(observed, np.concatenate([statistic(_level_sums(centered, own)) for own in orders]))


def welch_f(groups: Sequence[Floats], *, draws: int, seed: int, blocks: Sequence[str] = ()) -> PermutationTest:
    """Test whether groups have the same mean, by permuting labels; the statistic is Welch's F (Welch, 1951).

    `groups`: one array of shape (units,) each. With `blocks`, the block of each unit of all groups, labels are permuted
    within blocks and values are taken from their block's mean. Without any variance within groups the statistic is
    infinite or 0.
    """
    values = np.concatenate(groups)
    values = values - (block_means(values, numbered(blocks)) if blocks else values.mean())
    sizes = tuple(len(group) for group in groups)
    both = np.column_stack([values, np.square(values)])
    sizes_row = np.array(sizes, dtype=np.float64)

    def statistic(sums: Floats) -> Floats:
        """Return F from sums of values and squares, shape (draws, groups, 2)."""
        means = sums[:, :, 0] / sizes_row
        variances = np.maximum(sums[:, :, 1] - sizes_row * np.square(means), 0.0) / (sizes_row - 1)
        return _welch_ratio(means, variances, sizes_row)

    return _labels_permuted(both, sizes, statistic, drawn_labels(sizes, draws, seed, tuple(blocks)))


def chi_square(groups: Sequence[Floats], *, draws: int, seed: int, blocks: Sequence[str] = ()) -> PermutationTest:
    """Test whether groups choose alike, by permuting labels; the statistic is Pearson's chi-square of unit shares.

    `groups`: one array of shape (units, options) each; a unit's row sums to 1. With `blocks`, the block of each unit of
    all groups, labels are permuted within blocks.
    """
    values = np.concatenate(groups)
    sizes = tuple(len(group) for group in groups)
    expected = values.mean(axis=0)
    values, expected = values[:, expected > 0], expected[expected > 0]
    sizes_row = np.array(sizes, dtype=np.float64)

    def statistic(sums: Floats) -> Floats:
        gaps = np.square(sums / sizes_row[:, None] - expected) / expected
        return (gaps.sum(axis=2) * sizes_row).sum(axis=1)

    return _labels_permuted(values, sizes, statistic, drawn_labels(sizes, draws, seed, tuple(blocks)))


def anova_type(groups: Sequence[Floats], *, draws: int, seed: int, blocks: Sequence[str] = ()) -> PermutationTest:
    """Test whether groups have the same means in several columns together, by permuting labels.

    The statistic is the sum over columns of squared differences of the group means from their mean, divided by its
    expectation without differences (the ANOVA-type statistic of Brunner, Dette and Munk 1997), so that groups may
    differ in size and variance. `groups`: one array of shape (units, columns) each. With `blocks`, labels are permuted
    within blocks and values are taken from their block's mean.
    """
    values = np.concatenate(groups)
    block = numbered(blocks) if blocks else np.zeros(len(values), dtype=np.int64)
    values = np.column_stack([column - block_means(column, block) for column in values.T])
    sizes, columns = tuple(len(group) for group in groups), values.shape[1]
    sizes_row = np.array(sizes, dtype=np.float64)[:, None]
    floor = float(np.square(values).sum()) / len(values) ** 2

    def statistic(sums: Floats) -> Floats:
        """Return the statistic from sums of values and squares, shape (draws, groups, 2 x columns)."""
        means = sums[:, :, :columns] / sizes_row
        variances = np.maximum(sums[:, :, columns:] - sizes_row * np.square(means), 0.0) / (sizes_row - 1)
        gaps = np.square(means - means.mean(axis=1, keepdims=True)).sum(axis=(1, 2))
        expected = (variances / sizes_row).sum(axis=(1, 2)) * (1 - 1 / len(sizes))
        return _ratio(gaps, expected, floor=floor)

    both = np.hstack([values, np.square(values)])
    return _labels_permuted(both, sizes, statistic, drawn_labels(sizes, draws, seed, tuple(blocks)))


def ranked(values: Floats) -> Floats:
    """Return each row's ranks from 1, ties averaged; shape (rows, columns)."""
    below = (values[:, None, :] < values[:, :, None] - TOLERANCE).sum(axis=2)
    above = (values[:, None, :] > values[:, :, None] + TOLERANCE).sum(axis=2)
    return (below - above + values.shape[1] + 1) / 2


def _labels_permuted(
    columns: Floats,
    sizes: tuple[int, ...],
    statistic: Callable[[Floats], Floats],
    labeled: Sequence[NDArray[np.uint8]],
) -> PermutationTest:
    """Test a statistic of each group's sums of columns, shape (draws, groups, columns)."""
    observed = float(statistic(group_sums(columns, np.repeat(np.arange(len(sizes)), sizes)[None], len(sizes)))[0])
    drawn = [statistic(group_sums(columns, labels, len(sizes))) for labels in labeled]
    return drawn_test(observed, np.concatenate(drawn))


def group_sums(columns: Floats, labels: NDArray[np.integer], groups: int) -> Floats:
    """Return the sums of columns by group, shape (draws, groups, columns); `labels`: shape (draws, units)."""
    sums = [(labels == group).astype(np.float64) @ columns for group in range(groups - 1)]
    return np.stack([*sums, columns.sum(axis=0) - np.sum(sums, axis=0)], axis=1)


def _welch_ratio(means: Floats, variances: Floats, sizes: Floats) -> Floats:
    """Return Welch's F of each row, shape (draws,); where a group has no variance, of the pooled variance."""
    pooled = (variances * (sizes - 1)).sum(axis=1, keepdims=True) / (sizes.sum() - len(sizes))
    own = np.where((variances > pooled * 1e-9).all(axis=1, keepdims=True), variances, pooled)
    with np.errstate(divide="ignore", invalid="ignore"):
        weights = sizes / own
        shares = weights / weights.sum(axis=1, keepdims=True)
        middle = (shares * means).sum(axis=1, keepdims=True)
        above = (weights * np.square(means - middle)).sum(axis=1) / (len(sizes) - 1)
        slack = (np.square(1 - shares) / (sizes - 1)).sum(axis=1)
        ratio = above / (1 + 2 * (len(sizes) - 2) / (len(sizes) ** 2 - 1) * slack)
    differs = np.ptp(means, axis=1) > TOLERANCE
    return np.where(pooled[:, 0] > 0, ratio, np.where(differs, np.inf, 0.0))


@lru_cache(maxsize=4)
def drawn_labels(
    sizes: tuple[int, ...], draws: int, seed: int, blocks: tuple[str, ...] = ()
) -> tuple[NDArray[np.uint8], ...]:
    """Return drawn labels of units in blocks of draws, shape (draws, units); measures of the same units share them.

    `blocks`: the block of each unit, within which labels are permuted; empty: among all.
    """
    generator = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(sizes), dtype=np.uint8), sizes)
    block = numbered(blocks) if blocks else np.zeros(len(labels), dtype=np.int64)
    drawn: list[NDArray[np.uint8]] = []
    for start in range(0, draws, BLOCK):
        rows = np.tile(labels, (min(BLOCK, draws - start), 1))
        for number in range(int(block.max()) + 1):
            members = np.flatnonzero(block == number)
            rows[:, members] = generator.permuted(rows[:, members], axis=1)
        drawn.append(rows)
    return tuple(drawn)


def numbered(blocks: Sequence[str]) -> NDArray[np.int64]:
    """Return the number of each unit's block."""
    return np.unique(list(blocks), return_inverse=True)[1].astype(np.int64)


def _drawn_orders(units: int, levels: int, draws: int, seed: int) -> Iterator[NDArray[np.uint16]]:
    """Yield, in blocks, the number of the order in which each unit's levels are put; shape (draws, units)."""
    generator = np.random.default_rng(seed)
    table = len(orders_of(levels))
    for start in range(0, draws, BLOCK):
        yield generator.integers(0, table, (min(BLOCK, draws - start), units), dtype=np.uint16)


@lru_cache(maxsize=8)
def orders_of(levels: int) -> NDArray[np.intp]:
    """Return orders of levels, shape (orders, levels): all of them for up to six levels.

    With more levels they are the orders `start + step * place`, modulo the number of levels, with a step that shares no
    divisor with it: a group, as a permutation test needs, and small enough for a table.
    """
    if levels <= MAX_TABLED:
        return np.array(list(permutations(range(levels))))
    steps = [step for step in range(1, levels) if np.gcd(step, levels) == 1]
    places = np.arange(levels)
    return np.array([(start + step * places) % levels for step in steps for start in range(levels)])


def _level_sums(values: Floats, orders: NDArray[np.uint16]) -> Floats:
    """Return the sums over units of values put in other orders, shape (draws, levels); `values`: (units, levels)."""
    units, levels = values.shape
    table = orders_of(levels)
    flat = np.ascontiguousarray(values[:, table].reshape(-1, levels).T)
    places: NDArray[np.intp] = np.arange(units, dtype=np.intp) * len(table) + orders.astype(np.intp)
    sums = [np.take(flat[level], places).sum(axis=1) for level in range(levels - 1)]
    return np.stack([*sums, values.sum() - np.sum(sums, axis=0)], axis=1)


def _ratio(above: Floats, below: Floats, *, floor: float) -> Floats:
    """Return F; infinite where nothing is left below, 0 where nothing differs at all."""
    left = below > floor * TOLERANCE
    return np.divide(above, below, out=np.where(above > 0, np.inf, 0.0), where=left)
