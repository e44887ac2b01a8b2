"""One test of many analyses of the same answers: could their results together be due to chance?

Every analysis is repeated on the same rearrangements of the units, so that the test takes into account how closely the
analyses are related (Simonsohn, Simmons and Nelson 2020, "Specification curve analysis"). Arrays in, p-values out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tinytroupe_cli.analysis.covariate_adjustment import studentized
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.permutation import label_orders, sign_flips

LARGEST: Final = 1e6
"""Statistic of a difference without any spread."""
NO_SPREAD: Final = 1e-12
"""Variance, as a share of all squares, below which a group has none."""


@dataclass(frozen=True, slots=True)
class JointFigures:
    """The results of the joint test."""

    median: float
    """Median of the analyses' t statistics."""
    median_p: float
    """Two-sided p-value of the median."""
    share: float
    """Share of analyses that are significant: at most alpha of their rearrangements have a statistic as large."""
    share_p: float
    """p-value of this share."""


def paired_joint_test(differences: Floats, *, draws: int, seed: int, alpha: float) -> JointFigures:
    """Test whether paired differences are centered on 0 in several analyses at once, by flipping signs.

    `differences`: shape (units, analyses); weighted where units are; 0 where an analysis leaves a unit out. A unit's
    sign is the same in all analyses. The statistic of an analysis is the sum of its differences, divided by the root of
    its sum of squares, which orders rearrangements as Student's t does.
    """
    norms = np.sqrt(np.square(differences).sum(axis=0))
    scaled = np.divide(differences, norms, out=np.zeros_like(differences), where=norms > 0)
    parts, is_exact = sign_flips(len(differences), draws=draws, seed=seed)
    drawn = [signs.astype(np.float64) @ scaled for signs in parts]
    return _figures(scaled.sum(axis=0), np.concatenate(drawn), alpha, is_exact=is_exact)


@dataclass(frozen=True, slots=True)
class JointTable:
    """The values of two groups of units in several analyses."""

    values: Floats
    """Shape (units, analyses)."""
    weights: Floats
    """Shape (units, analyses); 0 where an analysis leaves a unit out."""
    adjusted: Mapping[int, Floats] = field(default_factory=dict[int, Floats])
    """Analysis -> its covariates, of shape (units it has, covariates)."""


def separate_joint_test(
    table: JointTable, own: int, *, draws: int, seed: int, alpha: float, blocks: Sequence[str] = ()
) -> JointFigures:
    """Test whether two groups have the same mean in several analyses at once, by permuting labels.

    The first `own` units are one group. `blocks`: the block of each unit. The statistic of an analysis is Welch's t of
    weighted means (Chung and Romano 2013), with values taken from their block's mean; of one that is adjusted, the
    studentized adjusted difference (Zhao and Ding 2021).
    """
    units = len(table.values)
    block = np.unique(list(blocks), return_inverse=True)[1] if blocks else np.zeros(units, dtype=np.int64)
    centered = table.values - _block_means(table.values, table.weights, block)

    def statistics(orders: NDArray[np.integer]) -> Floats:
        found = _welch(orders, own, centered, table.weights)
        for analysis, covariates in table.adjusted.items():
            found[:, analysis] = _adjusted(orders, own, table, analysis, covariates)
        return found

    parts, is_exact = label_orders(block, own, draws=draws, seed=seed)
    drawn = [statistics(part) for part in parts]
    return _figures(statistics(np.arange(units)[None, :])[0], np.concatenate(drawn), alpha, is_exact=is_exact)


def _adjusted(orders: NDArray[np.integer], own: int, table: JointTable, analysis: int, covariates: Floats) -> Floats:
    is_in = table.weights[:, analysis] > 0
    found = studentized(table.values[is_in, analysis], _labels(orders, own)[:, is_in], covariates)
    return np.clip(found, -LARGEST, LARGEST)


def _labels(orders: NDArray[np.integer], own: int) -> Floats:
    """Return 1 for the units that are in the first group of each order; shape (orders, units)."""
    found = np.zeros(orders.shape)
    np.put_along_axis(found, orders[:, :own].astype(np.int64), 1.0, axis=1)
    return found


def _figures(observed: Floats, drawn: Floats, alpha: float, *, is_exact: bool) -> JointFigures:
    """Return the median and the share that is significant, with their p-values; `drawn`: (draws, analyses).

    An analysis is significant if at most `alpha` of its arrangements have a statistic at least as large, ties included.
    """
    sizes = np.abs(drawn)
    critical = _critical(sizes, alpha, is_exact=is_exact)
    share, shares = (np.abs(observed) > critical).mean(), (sizes > critical).mean(axis=1)
    median = float(np.median(observed))
    return JointFigures(
        median=median,
        median_p=_p(np.abs(np.median(drawn, axis=1)), abs(median), is_exact=is_exact),
        share=float(share),
        share_p=_p(shares, float(share), is_exact=is_exact),
    )


def _critical(sizes: Floats, alpha: float, *, is_exact: bool) -> Floats:
    """Return, for each analysis, the size that a significant statistic must exceed."""
    draws = len(sizes)
    most = math.floor(alpha * draws + 1e-9) if is_exact else math.floor(alpha * (draws + 1) + 1e-9) - 1
    if most < 0:  # too few arrangements for any to be significant
        return np.zeros(sizes.shape[1]) + np.inf
    place = draws - 1 - most
    found: Floats = np.partition(sizes, place, axis=0)[place] * (1 + 1e-10)
    return found


def _p(drawn: NDArray[np.floating], observed: float, *, is_exact: bool) -> float:
    reached = int((drawn >= observed - 1e-10 * max(1.0, observed)).sum())
    return reached / len(drawn) if is_exact else (reached + 1) / (len(drawn) + 1)


def _block_means(values: Floats, weights: Floats, block: NDArray[np.int64]) -> Floats:
    member = np.equal(block[:, None], np.arange(int(block.max()) + 1)[None, :]).astype(np.float64)
    totals = member.T @ weights
    means = np.divide(member.T @ (weights * values), totals, out=np.zeros_like(totals), where=totals > 0)
    return means[block]


def _welch(orders: NDArray[np.integer], own: int, values: Floats, weights: Floats) -> Floats:
    """Return t of each order (rows) and analysis (columns): the first `own` units against the rest."""
    first = _labels(orders, own)
    means: list[Floats] = []
    variances: list[Floats] = []
    for label in (first, 1.0 - first):
        mean, variance = _moments(label, values, weights)
        means.append(mean)
        variances.append(variance)
    gap, error = means[1] - means[0], np.sqrt(variances[0] + variances[1])
    # Without any spread the difference has no scale: it counts as the largest there can be.
    return np.divide(gap, error, out=np.sign(np.round(gap, 12)) * LARGEST, where=error > 0)


def _moments(label: Floats, values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the weighted mean and its linearized variance in each order and analysis."""
    total, counts = label @ weights, label @ (weights > 0)
    mean = np.divide(label @ (weights * values), total, out=np.zeros_like(total), where=total > 0)
    squares = np.square(weights)
    spread = label @ (squares * np.square(values)) - 2 * mean * (label @ (squares * values))
    spread = spread + np.square(mean) * (label @ squares)
    floor = NO_SPREAD * (squares * np.square(values)).sum(axis=0)
    spread = np.where(spread > floor, spread, 0.0)
    scale = np.divide(counts, counts - 1, out=np.zeros_like(counts), where=counts > 1)
    return mean, np.divide(scale * spread, np.square(total), out=np.zeros_like(total), where=total > 0)
