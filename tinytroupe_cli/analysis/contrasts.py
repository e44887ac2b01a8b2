"""Weighted sums of group means: contrasts of levels, interactions, and effects that differ between groups.

Arrays in, numbers out; knows no plan, event or prompt.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType] - no stubs

from tinytroupe_cli.analysis.bootstrap import drawn_counts
from tinytroupe_cli.analysis.omnibus import drawn_labels, group_sums, numbered
from tinytroupe_cli.analysis.permutation import (
    TOLERANCE,
    Floats,
    PermutationTest,
    block_means,
    drawn_test,
    sign_flip_test,
)
from tinytroupe_cli.analysis.score_intervals import Interval


@dataclass(frozen=True, slots=True)
class Contrast:
    """A weighted sum of the means of independent groups of units."""

    groups: Sequence[Floats]
    """One array of shape (units,) for each group."""
    weights: Sequence[float]

    @property
    def estimate(self) -> float:
        """Return the weighted sum of means."""
        return sum(weight * float(group.mean()) for weight, group in zip(self.weights, self.groups, strict=True))

    @property
    def error(self) -> float:
        """Return its standard error; groups may differ in variance."""
        return math.sqrt(sum(self._variances()))

    @property
    def freedom(self) -> float:
        """Return the degrees of freedom of the standard error (Satterthwaite, 1946)."""
        variances = self._variances()
        below = sum(
            variance * variance / (len(group) - 1) for variance, group in zip(variances, self.groups, strict=True)
        )
        return sum(variances) ** 2 / below if below > 0 else float(sum(len(group) - 1 for group in self.groups))

    def _variances(self) -> list[float]:
        return [
            weight * weight * float(group.var(ddof=1)) / len(group)
            for weight, group in zip(self.weights, self.groups, strict=True)
        ]


def contrast_test(contrast: Contrast, *, draws: int, seed: int, blocks: tuple[str, ...] = ()) -> PermutationTest:
    """Test whether a contrast is 0.

    One group: signs of its units' values are flipped. Several: labels are permuted and the contrast is studentized,
    which keeps its level where other effects are not 0 (Pauly, Brunner and Konietschke, 2015). In a table of two by two
    groups the main effects are taken out first (Freedman and Lane, 1983). `blocks`: the block of each unit of all
    groups, within which labels are permuted.
    """
    if len(contrast.groups) == 1:
        return sign_flip_test(contrast.weights[0] * contrast.groups[0], draws=draws, seed=seed)
    sizes = tuple(len(group) for group in contrast.groups)
    values = np.concatenate(contrast.groups)
    if len(sizes) == 4:  # noqa: PLR2004 - two by two
        values = values - _additive(values, sizes)
    values = values - (block_means(values, numbered(blocks)) if blocks else values.mean())
    both, weights, counts = np.column_stack([values, np.square(values)]), np.array(contrast.weights), np.array(sizes)

    def statistic(labels: NDArray[np.integer]) -> Floats:
        sums = group_sums(both, labels, len(sizes))
        means = sums[:, :, 0] / counts
        variances = np.maximum(sums[:, :, 1] / counts - np.square(means), 0.0) * counts / (counts - 1)
        gap = np.abs(means @ weights)
        error = np.sqrt((np.square(weights) * variances / counts).sum(axis=1))
        scale = float(np.abs(values).max())
        return np.divide(gap, error, out=np.where(gap > scale * TOLERANCE, np.inf, 0.0), where=error > scale * 1e-9)

    observed = float(statistic(np.repeat(np.arange(len(sizes)), sizes)[None])[0])
    return drawn_test(observed, np.concatenate([statistic(own) for own in drawn_labels(sizes, draws, seed, blocks)]))


def contrast_bootstrap_t(contrast: Contrast, *, resamples: int, seed: int, alpha: float) -> Interval | None:
    """Return the bootstrap-t interval of a contrast, with units drawn within groups (Efron, 1981).

    None where no group has any variance.
    """
    error = contrast.error
    if error == 0:
        return None
    gaps, variances = np.zeros(resamples), np.zeros(resamples)
    for place, (weight, group) in enumerate(zip(contrast.weights, contrast.groups, strict=True)):
        count = len(group)
        both = np.column_stack([group, np.square(group)])
        drawn = drawn_counts(count, resamples, seed + place)
        sums = np.concatenate([block.astype(np.float64) @ both for block in drawn]) / count
        gaps += weight * (sums[:, 0] - float(group.mean()))
        variances += weight * weight * np.maximum(sums[:, 1] - np.square(sums[:, 0]), 0.0) / (count - 1)
    errors = np.sqrt(variances)
    ratios = gaps / np.where(errors > error * 1e-3, errors, error)
    low, high = np.quantile(ratios, [alpha / 2, 1 - alpha / 2])
    return Interval(contrast.estimate - float(high) * error, contrast.estimate - float(low) * error)


def contrast_t(contrast: Contrast, *, alpha: float) -> Interval | None:
    """Return the t interval of a contrast; None where no group has any variance."""
    if contrast.error == 0:
        return None
    width = float(stdtrit(contrast.freedom, 1 - alpha / 2)) * contrast.error
    return Interval(contrast.estimate - width, contrast.estimate + width)


def _additive(values: Floats, sizes: tuple[int, ...]) -> Floats:
    """Return the least-squares fit of two main effects; groups are in the order 00, 10, 01, 11."""
    rows = np.repeat(np.array([[1.0, 0, 0], [1, 1, 0], [1, 0, 1], [1, 1, 1]]), sizes, axis=0)
    fitted: Floats = rows @ np.linalg.lstsq(rows, values, rcond=None)[0].astype(np.float64)
    return fitted
