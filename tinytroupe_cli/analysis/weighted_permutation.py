"""Permutation tests of weighted means."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.permutation import (
    PermutationTest,
    drawn_test,
    labels_permuted,
    numbered_blocks,
    unit_orders,
)


def weighted_label_test(
    first: tuple[Floats, Floats],
    second: tuple[Floats, Floats],
    *,
    draws: int,
    seed: int,
    blocks: Sequence[str] = (),
    is_assigned: bool = True,
) -> PermutationTest:
    """Test whether two groups have the same weighted mean.

    `first`, `second`: values and weights, each of shape (units,). As `label_test`, with the weighted means and their
    linearized errors in Welch's t. Where units were assigned to groups, a unit's weight travels with its value. Where
    they are in them by an attribute, weights may follow from the group, and values alone change places: the null
    hypothesis is that they depend on neither. Raises ValueError for fewer than 2 units in a group.
    """
    values, weights = (np.concatenate([left, other]) for left, other in zip(first, second, strict=True))
    own = len(first[0])
    if len(blocks):
        block = numbered_blocks(blocks, len(values))
        values = values - (np.bincount(block, values * weights) / np.bincount(block, weights))[block]

    arranged = np.arange(len(values))

    def statistic(rows: NDArray[np.integer]) -> Floats:
        return _weighted_welch(values[rows], weights[rows if is_assigned else arranged[None, :]], own)

    if is_assigned:
        return labels_permuted(statistic, own, len(values), draws=draws, seed=seed, blocks=blocks)
    if min(own, len(values) - own) < 2:  # noqa: PLR2004 - no variance
        raise ValueError("a test needs two units in each group")
    orders = unit_orders(numbered_blocks(blocks, len(values)), draws, seed)
    return drawn_test(float(statistic(arranged[None, :])[0]), np.concatenate([statistic(some) for some in orders]))


def _weighted_welch(rows: Floats, weights: Floats, own: int) -> Floats:
    """Return |t| of weighted means, each with its linearized error; without any variance, the mean difference."""
    means: list[Floats] = []
    variances: list[Floats] = []
    for side in (slice(None, own), slice(own, None)):
        values, shares = rows[:, side], weights[:, side] / weights[:, side].sum(axis=1, keepdims=True)
        mean = (values * shares).sum(axis=1)
        count = values.shape[1]
        means.append(mean)
        variances.append(count / (count - 1) * np.square(shares * (values - mean[:, None])).sum(axis=1))
    gap, error = np.abs(means[0] - means[1]), np.sqrt(variances[0] + variances[1])
    return np.divide(gap, error, out=np.where(gap > 0, np.inf, 0.0), where=error > 0)
