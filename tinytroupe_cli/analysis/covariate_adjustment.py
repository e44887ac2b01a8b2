"""Differences between two groups, adjusted for covariates. Arrays in, numbers out; knows no plan, event or prompt.

The interacted regression of Lin (2013, "Agnostic notes on regression adjustments to experimental data"): each group has
a least-squares fit of its own, and the estimate is the difference of both fits at the covariates' overall mean.
Standard errors are HC2 (MacKinnon and White, 1985). The test permutes labels and compares studentized estimates (Zhao
and Ding, 2021, "Covariate-adjusted Fisher randomization tests for the average treatment effect").
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.permutation import TOLERANCE, PermutationTest, labels_permuted

NO_ROOM: Final = 1e-9
"""What a leverage may lack of 1 where a unit determines its own fit."""


@dataclass(frozen=True, slots=True)
class AdjustedDifference:
    """The second group minus the first, at the mean of the covariates."""

    means: tuple[float, float]
    """The fitted mean of each group, where covariates have their overall mean."""
    errors: tuple[float, float]
    """Their HC2 standard errors."""

    @property
    def estimate(self) -> float:
        """Return the adjusted difference: the coefficient of the group in the interacted regression."""
        return self.means[1] - self.means[0]

    @property
    def error(self) -> float:
        """Return its HC2 standard error."""
        return math.hypot(*self.errors)


def adjusted_difference(first: Floats, second: Floats, covariates: Floats) -> AdjustedDifference:
    """Return the adjusted difference of two groups.

    `first`, `second`: shape (units,). `covariates`: shape (units of both groups, covariates), the first group on top.
    """
    values, design = np.concatenate([first, second]), _design(covariates)
    is_first = (np.arange(len(values)) < len(first)).astype(np.float64)[None]
    fits = [_fits(design, values, members) for members in (is_first, 1 - is_first)]
    means, variances = ([float(fit[part][0]) for fit in fits] for part in (0, 1))
    return AdjustedDifference((means[0], means[1]), (math.sqrt(variances[0]), math.sqrt(variances[1])))


def adjusted_label_test(
    first: Floats, second: Floats, covariates: Floats, *, draws: int, seed: int, blocks: Sequence[str] = ()
) -> PermutationTest:
    """Test whether the adjusted difference is 0, by permuting labels; covariates stay with their units.

    Arguments as in `adjusted_difference`; with `blocks`, the block of each unit, labels are permuted within blocks.
    Raises ValueError for fewer than 2 units in a group.
    """
    values, own = np.concatenate([first, second]), len(first)

    def statistic(orders: NDArray[np.integer]) -> Floats:
        members = np.zeros(orders.shape)
        np.put_along_axis(members, orders[:, :own].astype(np.int64), 1.0, axis=1)
        return np.abs(studentized(values, members, covariates))

    return labels_permuted(statistic, own, len(values), draws=draws, seed=seed, blocks=blocks)


def studentized(values: Floats, members: Floats, covariates: Floats) -> Floats:
    """Return the adjusted difference over its standard error, second group minus first; shape (arrangements,).

    `values`: shape (units,). `members`: shape (arrangements, units), 1 for units of the first group. `covariates`:
    shape (units, covariates). Infinite for a difference without an error.
    """
    design, values = _design(covariates), values - values.mean()
    floor = TOLERANCE * (float(np.abs(values).max(initial=0.0)) or 1.0)
    means, variances = zip(*(_fits(design, values, side) for side in (members, 1 - members)), strict=True)
    gap, error = means[1] - means[0], np.sqrt(variances[0] + variances[1])
    without = np.where(np.abs(gap) > floor, np.copysign(np.inf, gap), 0.0)
    return np.divide(gap, error, out=without, where=error > floor)


def _design(covariates: Floats) -> Floats:
    """Return a column of ones, then the covariates, centered and of unit variance."""
    centered = covariates - covariates.mean(axis=0)
    spread = centered.std(axis=0)
    return np.column_stack([np.ones(len(covariates)), centered / np.where(spread > 0, spread, 1.0)])


def _fits(design: Floats, values: Floats, members: Floats) -> tuple[Floats, Floats]:
    """Return the fitted mean at the centre and its HC2 variance, for each row of `members`: who is in the group.

    Units that determine their own fit (leverage 1) have no residual, and add nothing.
    """
    units, columns = design.shape
    products = (design[:, :, None] * design[:, None, :]).reshape(units, -1)
    gram = (members @ products).reshape(-1, columns, columns)
    inverse = np.linalg.pinv(gram, rcond=TOLERANCE, hermitian=True)
    slopes = np.einsum("dpq,dq->dp", inverse, members @ (design * values[:, None]))
    room = 1 - inverse.reshape(-1, columns * columns) @ products.T
    pulls = np.square((inverse[:, 0] @ design.T) * (values - slopes @ design.T))
    shares = np.divide(pulls, room, out=np.zeros_like(pulls), where=room > NO_ROOM)
    return slopes[:, 0], (members * shares).sum(axis=1)
