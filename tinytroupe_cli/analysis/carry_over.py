"""Carry-over in a crossover design: whether values depend on the condition before. Arrays in, numbers out.

With two conditions, carry-over cannot be told from a difference between the people of the two orders: it is tested on
people's totals (Grizzle, 1965; Jones and Kenward, 2014, chapter 2), with little power. With more, first-order
carry-over is part of the model (Jones and Kenward, 2014, chapter 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinytroupe_cli.analysis.crossover import Crossover, crossover_fit, doubly_centered, sequences_reassigned
from tinytroupe_cli.analysis.omnibus import repeated_measures_f
from tinytroupe_cli.analysis.permutation import TOLERANCE, Floats, label_test

MIN_OF_AN_ORDER = 2
"""Units of each order that a test on totals needs."""


@dataclass(frozen=True, slots=True)
class CarryOver:
    """First-order carry-over: what is left of a condition in the period after it."""

    effects: tuple[float, ...] = ()
    """Of each condition, adding up to 0."""
    p: float | None = None
    why_not: str = ""
    """Why there is no test."""


def carry_over(values: Floats, design: Crossover, *, draws: int, seed: int, blocks: Sequence[str] = ()) -> CarryOver:
    """Estimate and test carry-over from values of shape (units, periods); `blocks`: the block of each unit."""
    if design.size == 2:  # noqa: PLR2004 - the 2 x 2 design
        return _of_totals(values, design, draws=draws, seed=seed, blocks=blocks)
    conditions = design.indicators()
    carried = _carried(design)
    cross = np.einsum("s,spc,spd->cd", _counts(design), conditions, carried)
    own = carried - conditions @ (np.linalg.pinv(design.products(conditions)) @ cross)
    products = design.products(own)
    if np.linalg.matrix_rank(products, tol=1e-8) < design.size - 1:
        return CarryOver(why_not="in these orders, carry-over can't be told from the effects of the conditions")
    inverse, direct = np.linalg.pinv(products), np.linalg.pinv(design.products(conditions))
    effects = crossover_fit(values, design).effects
    residuals = doubly_centered(values - effects[design.kinds[design.labels]])
    total = float(np.square(residuals).sum())
    if total <= TOLERANCE * max(1.0, float(np.square(values).sum())):
        return CarryOver(
            tuple(np.zeros(design.size).tolist()), why_not="nothing is left to vary by the condition before"
        )
    projected = [np.einsum("spc,ip->isc", part, residuals) for part in (own, conditions)]
    units = np.arange(len(values))

    def statistic(labels: NDArray[np.int64]) -> Floats:
        """Return F of carry-over from the residuals without it (Freedman and Lane, 1983)."""
        explained = [
            np.einsum("dc,ce,de->d", sums, weights, sums)
            for sums, weights in zip(
                (one[units, labels].sum(axis=1) for one in projected), (inverse, direct), strict=True
            )
        ]
        left = total - explained[0] - explained[1]
        return np.divide(explained[0], left, out=np.full(len(labels), np.inf), where=left > TOLERANCE * total)

    test = sequences_reassigned(statistic, design.labels, draws=draws, seed=seed, blocks=blocks)
    found = inverse @ np.einsum("ipc,ip->c", own[design.labels], doubly_centered(values))
    return CarryOver(tuple((found - found.mean()).tolist()), test.p)


def period_test(values: Floats, design: Crossover, *, draws: int, seed: int) -> float:
    """Return the p-value of differences between periods: periods permuted within units, without conditions' effects."""
    effects = crossover_fit(values, design).effects
    return repeated_measures_f((values - effects[design.kinds[design.labels]])[None], draws=draws, seed=seed).p


def _of_totals(values: Floats, design: Crossover, *, draws: int, seed: int, blocks: Sequence[str]) -> CarryOver:
    if len(design.kinds) < 2:  # noqa: PLR2004 - both orders
        return CarryOver(why_not="everyone has the same order")
    starts_with_first = design.kinds[design.labels][:, 0] == 0
    totals, places = values.sum(axis=1), (np.flatnonzero(starts_with_first), np.flatnonzero(~starts_with_first))
    first, second = (totals[place] for place in places)
    if min(len(first), len(second)) < MIN_OF_AN_ORDER:
        return CarryOver(why_not="an order has fewer than two people")
    difference = float(first.mean() - second.mean())
    order: list[int] = np.concatenate(places).tolist()
    own = [blocks[place] for place in order] if len(blocks) else []
    test = label_test(first, second, draws=draws, seed=seed, blocks=own)
    return CarryOver((difference / 2, -difference / 2), test.p)


def _carried(design: Crossover) -> Floats:
    """Return 1 where a sequence had a condition in the period before, without the means of units and of periods."""
    had = np.eye(design.size)[design.kinds]
    before = np.concatenate([np.zeros_like(had[:, :1]), had[:, :-1]], axis=1)
    return design.without_means(before)


def _counts(design: Crossover) -> Floats:
    return np.bincount(design.labels, minlength=len(design.kinds)).astype(np.float64)
