"""Statistics of order alone: Cliff's delta and the permuted Brunner-Munzel test. Arrays in, numbers out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tinytroupe_cli.analysis.bca import Statistic
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.omnibus import drawn_labels
from tinytroupe_cli.analysis.permutation import PermutationTest, drawn_test


def cliffs_delta(first: Floats, second: Floats) -> Statistic:
    """Return P(second > first) - P(second < first) over all pairs of units of two groups (Cliff, 1993)."""
    signs = np.sign(second[None, :] - first[:, None])

    def statistic(counts: Sequence[Floats]) -> Floats:
        pairs = counts[0].sum(axis=1) * counts[1].sum(axis=1)
        return ((counts[0] @ signs) * counts[1]).sum(axis=1) / pairs

    return statistic


def paired_delta(first: Floats, second: Floats) -> Statistic:
    """Return the share of units whose second value is larger minus the share of those whose first is (Cliff, 1993)."""
    signs = np.sign(second - first)

    def statistic(counts: Sequence[Floats]) -> Floats:
        return counts[0] @ signs / counts[0].sum(axis=1)

    return statistic


def brunner_munzel(
    first: Floats, second: Floats, *, draws: int, seed: int, blocks: tuple[str, ...] = ()
) -> PermutationTest:
    """Test whether values of one group tend to be larger, by permuting labels (Neubert and Brunner, 2007).

    The statistic is the absolute one of Brunner and Munzel (2000), which holds where variances differ. With `blocks`,
    the block of each unit of both groups, labels are permuted within blocks.
    """
    values = np.concatenate([first, second])
    larger = (values[:, None] > values[None, :]) + (values[:, None] == values[None, :]) / 2
    sizes = len(first), len(second)
    observed = float(_brunner_munzel(larger, np.repeat([0, 1], sizes)[None])[0])
    drawn = [_brunner_munzel(larger, labels) for labels in drawn_labels(sizes, draws, seed, blocks)]
    return drawn_test(observed, np.concatenate(drawn))


def _brunner_munzel(larger: Floats, labels: np.ndarray[tuple[int, ...], np.dtype[np.integer]]) -> Floats:
    """Return the absolute statistic of each row of labels; `larger[i, j]`: 1 where unit i is above j, 1/2 a tie."""
    seconds = labels.astype(np.float64)
    firsts = 1 - seconds
    counts = firsts.sum(axis=1), seconds.sum(axis=1)
    above_firsts = firsts @ larger.T / counts[0][:, None]
    above_seconds = seconds @ larger.T / counts[1][:, None]
    share = (above_firsts * seconds).sum(axis=1) / counts[1]
    errors = _variance(above_firsts, seconds) / counts[1] + _variance(above_seconds, firsts) / counts[0]
    gap = np.abs(share - 0.5)
    return np.divide(gap, np.sqrt(errors), out=np.where(gap > 0, np.inf, 0.0), where=errors > 1e-15)  # noqa: PLR2004


def _variance(values: Floats, members: Floats) -> Floats:
    """Return the variance of each row's values over its members."""
    count = members.sum(axis=1)
    means = (values * members).sum(axis=1) / count
    return (np.square(values - means[:, None]) * members).sum(axis=1) / (count - 1)
