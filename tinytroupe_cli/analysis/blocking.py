"""Differences within blocks. Arrays in, arrays out; knows no plan, event or prompt."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.permutation import block_means


def within_blocks(first: Floats, second: Floats, blocks: Sequence[str]) -> tuple[Floats, Floats]:
    """Return both groups with the differences between blocks taken out; their means stay as they are.

    `blocks`: the block of each unit of `first`, then of `second`. The spread that is left is the spread within blocks,
    made larger by the degrees of freedom that the blocks take, as in a two-way analysis of variance without
    interaction.
    """
    means = np.repeat([first.mean(), second.mean()], [len(first), len(second)])
    deviations = np.concatenate([first, second]) - means
    number = np.unique(list(blocks), return_inverse=True)[1]
    count, taken = len(deviations), int(number.max())
    residuals = deviations - block_means(deviations, number)
    factor = math.sqrt((count - 2) / max(1, count - 2 - taken))
    of_first, of_second = residuals[: len(first)], residuals[len(first) :]
    return first.mean() + factor * (of_first - of_first.mean()), second.mean() + factor * (of_second - of_second.mean())
