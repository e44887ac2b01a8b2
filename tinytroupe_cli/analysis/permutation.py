"""Permutation tests on units. Arrays in, p-values out; knows no plan, event or prompt.

A test enumerates every arrangement where there are few, else draws arrangements from a seed and counts the observed
one among them: p = (b + 1) / (m + 1) (Phipson and Smyth, 2010), never 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import combinations, product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tinytroupe_cli.analysis.distances import Floats

MAX_EXACT: Final = 20_000
"""Arrangements up to which all are enumerated."""
BLOCK: Final = 2_000
"""Arrangements held in memory at once."""
TOLERANCE: Final = 1e-10
"""Relative difference below which two statistics are tied."""

NO_VARIANCE: Final = 1e-12
"""Share of all squares below which a group's squares are rounding errors."""
MAX_CACHED: Final = 20_000_000
"""Most drawn places of units that are kept for the next measure."""


@dataclass(frozen=True, slots=True)
class PermutationTest:
    """The result of a permutation test."""

    statistic: float
    """The observed statistic; its size counts, not its sign."""
    p: float
    """Two-sided p-value, above 0 and at most 1."""
    smallest: float
    """Smallest p-value that this many units can reach."""
    is_exact: bool
    """Whether every arrangement was enumerated."""
    arranged: Floats = field(default_factory=lambda: np.zeros(0), repr=False, compare=False)
    """The statistic of every arrangement that was gone through or drawn."""


def sign_flip_test(differences: Floats, *, draws: int, seed: int) -> PermutationTest:
    """Test whether paired differences are centered on 0, by flipping their signs (Fisher, 1935, section 21).

    `differences`: shape (units,). Exact for the sharp null that no unit's two values depend on the condition. With n
    units that differ the smallest p-value is 2 / 2^n, and only their signs are enumerated. Raises ValueError for fewer
    than 2 units.
    """
    count = len(differences)
    if count < 2:  # noqa: PLR2004 - nothing to arrange
        raise ValueError("a test needs two units")
    observed = abs(float(differences.sum()))
    smallest = min(1.0, 2.0 ** (1 - int(np.count_nonzero(differences))))
    if 2**count <= MAX_EXACT:
        signs = _all_signs(count)
        sums = np.abs(signs @ differences)
        return PermutationTest(observed, float(_reached(sums, observed).mean()), smallest, is_exact=True, arranged=sums)
    drawn = [np.abs(signs.astype(np.float64) @ differences) for signs in _drawn_signs(count, draws, seed)]
    test, differing = drawn_test(observed, np.concatenate(drawn), smallest), differences[differences != 0]
    if 2 ** len(differing) > MAX_EXACT:
        return test
    sums = np.abs(_all_signs(len(differing)) @ differing) if len(differing) else np.zeros(1)
    return replace(test, p=float(_reached(sums, observed).mean()), is_exact=True)


def label_test(first: Floats, second: Floats, *, draws: int, seed: int, blocks: Sequence[str] = ()) -> PermutationTest:
    """Test whether two groups have the same mean, by permuting labels and studentizing (Janssen, 1997).

    `first`, `second`: shape (units,), one value per unit. The statistic is Welch's t, which keeps the test valid where
    variances differ (Chung and Romano, 2013). With `blocks`, the block of each unit of both groups, labels are permuted
    within blocks, as they were assigned, and values are taken from their block's mean. Raises ValueError for fewer than
    2 units in a group.
    """
    values, own = np.concatenate([first, second]), len(first)
    values = values - block_means(values, numbered_blocks(blocks, len(values))) if len(blocks) else values

    def statistic(orders: NDArray[np.integer]) -> Floats:
        return _welch(values, orders, own)

    return labels_permuted(statistic, own, len(values), draws=draws, seed=seed, blocks=blocks)


def labels_permuted(
    statistic: Callable[[NDArray[np.integer]], Floats],
    own: int,
    count: int,
    *,
    draws: int,
    seed: int,
    blocks: Sequence[str] = (),
) -> PermutationTest:
    """Test by a statistic of orders of `count` units, of which the first `own` are a group; shape (orders, units).

    With `blocks`, the block of each unit, units change places within blocks. Raises ValueError for fewer than 2 units
    in a group.
    """
    block = numbered_blocks(blocks, count)
    if min(own, len(block) - own) < 2:  # noqa: PLR2004 - no variance
        raise ValueError("a test needs two units in each group")
    observed = float(statistic(np.arange(len(block))[None, :])[0])
    sizes = [(int((block == label).sum()), int((block[:own] == label).sum())) for label in range(int(block.max()) + 1)]
    arrangements = math.prod(math.comb(size, part) for size, part in sizes)
    smallest = min(1.0, (2.0 if all(2 * part == size for size, part in sizes) else 1.0) / arrangements)
    if arrangements <= MAX_EXACT:
        every = statistic(_all_choices(tuple(block.tolist()), own))
        p = float(_reached(every, observed).mean())
        return PermutationTest(observed, p, smallest, is_exact=True, arranged=every)
    drawn = [statistic(orders) for orders in _drawn_orders(block, draws, seed)]
    return drawn_test(observed, np.concatenate(drawn), smallest)


def drawn_test(observed: float, drawn: Floats, smallest: float = 0.0) -> PermutationTest:
    """Return the test of a statistic against drawn arrangements; `smallest` is the smallest p of all arrangements."""
    count = len(drawn) + 1
    p = (int(_reached(drawn, observed).sum()) + 1) / count
    return PermutationTest(observed, p, max(smallest, 1 / count), is_exact=False, arranged=drawn)


def exact_test(observed: float, every: Floats) -> PermutationTest:
    """Return the test of a statistic against those of all arrangements."""
    smallest = float(_reached(every, float(every.max())).mean())
    return PermutationTest(observed, float(_reached(every, observed).mean()), smallest, is_exact=True, arranged=every)


def unit_orders(block: NDArray[np.int64], draws: int, seed: int) -> Iterable[NDArray[np.integer]]:
    """Return drawn orders of units, permuted within blocks, in parts of shape (orders, units)."""
    return _drawn_orders(block, draws, seed)


def numbered_blocks(blocks: Sequence[str], count: int) -> NDArray[np.int64]:
    """Return the number of each unit's block; without blocks all are in one."""
    return np.unique(list(blocks), return_inverse=True)[1] if len(blocks) else np.zeros(count, dtype=np.int64)


def block_means(values: Floats, block: NDArray[np.int64]) -> Floats:
    """Return the mean of each unit's block; `block` has the number of each unit's block."""
    means = np.bincount(block, weights=values) / np.bincount(block)
    return means[block]


def p_of_draws(drawn: Floats, observed: Floats) -> float:
    """Return p = (b + 1) / (m + 1) of one statistic, shape (1,), among drawn ones, shape (draws,); ties count."""
    reached = drawn >= observed - TOLERANCE * np.maximum(1.0, np.abs(observed))
    return (int(reached.sum()) + 1) / (len(drawn) + 1)


def _welch(values: Floats, orders: NDArray[np.integer], own: int) -> Floats:
    """Return |t| of each order of units: the first `own` against the rest; without any variance, the mean difference.

    Sums of the first group give those of the rest.
    """
    centered = values - values.mean()
    first, other = centered[orders[:, :own]], len(values) - own
    total, squares = float(centered.sum()), float(np.square(centered).sum())
    sums, own_squares = first.sum(axis=1), np.einsum("ij,ij->i", first, first)
    means = sums / own, (total - sums) / other
    within = own_squares - own * np.square(means[0]), squares - own_squares - other * np.square(means[1])
    floor = squares * NO_VARIANCE
    variances = [
        np.where(part > floor, part, 0.0) / (count - 1) / count
        for part, count in zip(within, (own, other), strict=True)
    ]
    gap, error = np.abs(means[0] - means[1]), np.sqrt(variances[0] + variances[1])
    differs = gap > TOLERANCE * math.sqrt(squares)
    return np.divide(gap, error, out=np.where(differs, np.inf, 0.0), where=error > 0)


def _reached(statistics: Floats, observed: float) -> NDArray[np.bool_]:
    """Return which statistics are at least as large as the observed one; ties count."""
    return (
        statistics >= observed - TOLERANCE * max(1.0, abs(observed))
        if math.isfinite(observed)
        else (statistics >= observed)
    )


def sign_flips(count: int, *, draws: int, seed: int) -> tuple[Sequence[NDArray[np.number]], bool]:
    """Return the signs of units that `sign_flip_test` goes through, in parts of shape (flips, units).

    Also return whether these are all there are.
    """
    if 2**count <= MAX_EXACT:
        return (_all_signs(count),), True
    return _drawn_signs(count, draws, seed), False


def label_orders(
    block: NDArray[np.int64], own: int, *, draws: int, seed: int
) -> tuple[Iterable[NDArray[np.integer]], bool]:
    """Return the orders of units that `label_test` goes through, in parts of shape (orders, units).

    `block`: the number of each unit's block; the first `own` units of an order are the first group. Also return whether
    these are all there are.
    """
    sizes = [(int((block == label).sum()), int((block[:own] == label).sum())) for label in range(int(block.max()) + 1)]
    if math.prod(math.comb(size, part) for size, part in sizes) <= MAX_EXACT:
        return (_all_choices(tuple(block.tolist()), own),), True
    return _drawn_orders(block, draws, seed), False


@lru_cache(maxsize=2)
def _all_signs(count: int) -> Floats:
    return np.array(list(product((-1.0, 1.0), repeat=count)))


@lru_cache(maxsize=2)
def _drawn_signs(count: int, draws: int, seed: int) -> tuple[NDArray[np.int8], ...]:
    """Return drawn signs in blocks; measures of the same units and seed share them."""
    generator = np.random.default_rng(seed)
    return tuple(
        generator.integers(0, 2, (size, count), dtype=np.int8) * np.int8(2) - np.int8(1) for size in _blocks(draws)
    )


@lru_cache(maxsize=2)
def _all_choices(blocks: tuple[int, ...], own: int) -> NDArray[np.int64]:
    """Return every order of units in which others of the same blocks are the first `own`."""
    block = np.array(blocks, dtype=np.int64)
    chosen = np.zeros((1, 0), dtype=np.int64)
    for label in range(int(block.max()) + 1):
        members = np.flatnonzero(block == label)
        parts = np.array(list(combinations(members.tolist(), int((block[:own] == label).sum()))), dtype=np.int64)
        chosen = np.hstack([np.repeat(chosen, len(parts), axis=0), np.tile(parts, (len(chosen), 1))])
    rest = np.ones((len(chosen), len(block)), dtype=bool)
    np.put_along_axis(rest, chosen, values=False, axis=1)
    others = np.nonzero(rest)[1].reshape(len(chosen), len(block) - own)
    return np.concatenate([chosen, others], axis=1)


def _drawn_orders(block: NDArray[np.int64], draws: int, seed: int) -> Iterable[NDArray[np.integer]]:
    """Return orders of units, permuted at random within blocks; measures of the same units share them."""
    if draws * len(block) <= MAX_CACHED and len(block) < np.iinfo(np.uint16).max:
        return _kept_orders(tuple(block.tolist()), draws, seed)
    return _new_orders(block, draws, seed)


@lru_cache(maxsize=2)
def _kept_orders(block: tuple[int, ...], draws: int, seed: int) -> tuple[NDArray[np.uint16], ...]:
    return tuple(orders.astype(np.uint16) for orders in _new_orders(np.array(block), draws, seed))


def _new_orders(block: NDArray[np.int64], draws: int, seed: int) -> Iterator[NDArray[np.int64]]:
    generator = np.random.default_rng(seed)
    for size in _blocks(draws):
        orders = np.tile(np.arange(len(block)), (size, 1))
        for label in range(int(block.max()) + 1):
            members = np.flatnonzero(block == label)
            orders[:, members] = generator.permuted(orders[:, members], axis=1)
        yield orders


def _blocks(draws: int) -> list[int]:
    """Divide draws into blocks that fit into memory."""
    return [BLOCK] * (draws // BLOCK) + ([draws % BLOCK] if draws % BLOCK else [])
