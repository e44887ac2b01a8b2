"""Raking of weights to known margins. Arrays in, weights out; knows no plan, event or prompt.

Iterative proportional fitting (Deming and Stephan, 1940): each margin in turn is scaled to its shares until all fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tinytroupe_cli.analysis.distances import Floats

MarginCodes = NDArray[np.int64]

TOLERANCE: Final = 1e-6
"""Largest gap between a reached and a wanted share at which raking stops."""
MAX_CYCLES: Final = 1_000
MAX_ROUNDS: Final = 50
"""Rounds of trimming and raking again."""
CLOSE: Final = 1e-12
"""Gap at which cycles stop: they go on past the tolerance, as they cost next to nothing."""
SAMPLE_CYCLES, SAMPLE_CLOSE = 200, 1e-8
"""The same for jackknife samples."""
VANISHED: Final = 1e-9
"""Share of a level below which it is not scaled up any more: its margin contradicts another one."""


@dataclass(frozen=True, slots=True)
class RakingMargin:
    """The shares of one attribute's levels."""

    codes: MarginCodes
    """Level of each person, from 0; shape (people,)."""
    shares: Floats
    """Wanted share of each level, adding up to 1; shape (levels,)."""


@dataclass(frozen=True, slots=True)
class Raked:
    """Weights, and how well they fit."""

    weights: Floats
    """Mean 1; shape (people,)."""
    gaps: tuple[float, ...]
    """Largest gap of each margin between a reached and a wanted share."""

    @property
    def is_met(self) -> bool:
        """Return whether every margin is within the tolerance."""
        return all(gap <= TOLERANCE for gap in self.gaps)


def rake(base: Floats, margins: Sequence[RakingMargin], *, trim: tuple[float, float] | None = None) -> Raked:
    """Return weights whose margins are the wanted shares, as near to `base` as raking gets.

    `base`: weights to begin with, above 0; shape (people,). Every level needs a person. `trim`: least and largest
    weight, as multiples of the mean; weights are trimmed and raked again up to 50 times (Battaglia and others, 2009).
    Trimmed weights keep their bounds, so margins may be missed.
    """
    weights = raked(base[None, :], margins, cycles=MAX_CYCLES)
    if trim is not None:
        for _ in range(MAX_ROUNDS):
            trimmed = np.clip(weights, *trim)
            if np.allclose(trimmed, weights, rtol=0, atol=CLOSE):
                break
            weights = raked(trimmed, margins, cycles=MAX_CYCLES)
        weights = np.clip(weights, *trim)
    only = weights[0] / weights[0].mean()
    return Raked(only, tuple(_gap(only, margin) for margin in margins))


def raked(base: Floats, margins: Sequence[RakingMargin], *, cycles: int, close: float = CLOSE) -> Floats:
    """Return raked weights of many samples at once, each with mean 1 over its people; no trimming.

    `base`: shape (samples, people); 0 for people who are not in a sample. Levels that nobody of a sample has lose their
    share to the others.
    """
    weights = base / base.mean(axis=1, keepdims=True)
    members = [np.eye(len(margin.shares))[margin.codes] for margin in margins]
    total = float(base.shape[1])
    wanted = [total * _present(weights @ own, margin.shares) for own, margin in zip(members, margins, strict=True)]
    for _ in range(cycles if margins else 0):
        largest = 0.0
        for own, goal in zip(members, wanted, strict=True):
            sums = weights @ own
            largest = max(largest, float(np.abs(sums - goal).max()))
            weights *= np.divide(goal, sums, out=np.ones_like(sums), where=sums > VANISHED * total) @ own.T
        if largest <= close * total:
            break
    return weights


def effective_size(weights: Floats) -> float:
    """Return Kish's effective sample size (Kish, 1965): (sum of w)^2 / sum of w^2."""
    return float(weights.sum() ** 2 / np.square(weights).sum())


def _present(sums: Floats, shares: Floats) -> Floats:
    """Return the shares of the levels that each sample has, adding up to 1."""
    kept = np.where(sums > 0, shares, 0.0)
    return kept / kept.sum(axis=1, keepdims=True)


def _gap(weights: Floats, margin: RakingMargin) -> float:
    reached = np.bincount(margin.codes, weights, minlength=len(margin.shares)) / weights.sum()
    return float(np.abs(reached - margin.shares).max())


def without_each(base: Floats, margins: Sequence[RakingMargin], groups: MarginCodes) -> Floats:
    """Return the weights of delete-a-group jackknife samples (Kott, 2001), each raked again.

    `groups`: group of each person, from 0; shape (people,). Returns shape (groups, people), 0 for who was left out.
    """
    kept = np.arange(int(groups.max()) + 1)[:, None] != groups[None, :]
    return raked(np.where(kept, base[None, :], 0.0), margins, cycles=SAMPLE_CYCLES, close=SAMPLE_CLOSE)


def jackknife_error(estimates: Floats) -> float:
    """Return the standard error of a figure from its jackknife estimates, one for each group left out."""
    count = len(estimates)
    return float(np.sqrt((count - 1) / count * np.square(estimates - estimates.mean()).sum()))
