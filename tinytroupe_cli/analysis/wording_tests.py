"""Tests and standard errors of an effect where wordings are random. Arrays in, numbers out.

People and wordings are both samples, so the error of an effect has a part of each (Clark, 1973, The
language-as-fixed-effect fallacy; Judd, Westfall and Kenny, 2012). The permutation test of Helm and Priebe (2026) is not
built.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtri, stdtr, stdtrit  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.permutation import TOLERANCE


@dataclass(frozen=True, slots=True)
class EffectTest:
    """An effect with its standard error, for a t test."""

    estimate: float
    error: float
    """Standard error; 0 where nothing varies."""
    freedom: float
    """Degrees of freedom of t."""
    name: str

    @property
    def p(self) -> float:
        """Return the two-sided p-value; 1 without an effect, and the smallest of t where nothing varies."""
        if self.error == 0:
            return 1.0 if self.estimate == 0 else 2.0**-self.freedom
        return max(float(2 * stdtr(self.freedom, -abs(self.estimate) / self.error)), MIN_P)


MIN_P: Final = 1e-300
"""p-values are never 0."""


def interval_factor(wordings: int, alpha: float = 0.05) -> float:
    """Return how many times as wide the interval is as with many wordings of the same spread of means."""
    return float(stdtrit(wordings - 1, 1 - alpha / 2) / ndtri(1 - alpha / 2))


def rotated_test(effects: Floats) -> EffectTest:
    """Test the mean of the effects of wordings, each among the people who met it: t with a wording as one unit.

    `effects`: shape (wordings,). Raises ValueError for fewer than 2 wordings.
    """
    count = len(effects)
    if count < 2:  # noqa: PLR2004 - no variance
        raise ValueError("a test over wordings needs two of them")
    error = math.sqrt(float(effects.var(ddof=1)) / count)
    return _test(float(effects.mean()), error**2, count - 1, "t over wordings", float(np.abs(effects).max()))


def crossed_test(sides: Sequence[Floats], weights: Sequence[Floats] | None = None) -> EffectTest:
    """Test an effect of which people and wordings are crossed.

    `sides`: one array of each person's differences, or two arrays of values of separate people, second minus first;
    each of shape (people, wordings), NaN where an answer is missing. Complete: quasi-F (Clark, 1973) with Satterthwaite
    (1946) degrees of freedom. With gaps, or with `weights` of the people of each side: variance clustered by people and
    by wordings (Cameron, Gelbach and Miller, 2011). Raises ValueError for fewer than 2 people or wordings.
    """
    if min(min(side.shape) for side in sides) < 2:  # noqa: PLR2004 - no variance
        raise ValueError("a test over people and wordings needs two of each")
    is_complete = not any(np.isnan(side).any() for side in sides)
    if is_complete and weights is None:
        return _quasi_f(sides)
    return _clustered(sides, weights or [np.ones(len(side)) for side in sides])


def _quasi_f(sides: Sequence[Floats]) -> EffectTest:
    """Return the test of complete arrays; each variance is that of the effect if nothing else varied."""
    wordings = sides[0].shape[1]
    effects = sides[-1].mean(axis=0) - (sides[0].mean(axis=0) if len(sides) > 1 else 0.0)
    of_wordings = float(effects.var(ddof=1)) / wordings
    people = [float(side.mean(axis=1).var(ddof=1)) / len(side) for side in sides]
    both = [_residual(side) / side.size for side in sides]
    freedoms = [len(side) - 1 for side in sides]
    variance = sum(people) + of_wordings - sum(both)
    largest = float(max(np.abs(side).max() for side in sides))
    name = "quasi-F over people and wordings"
    if variance < max(sum(people), of_wordings):
        if sum(people) < of_wordings:
            return _test(float(effects.mean()), of_wordings, wordings - 1, name, largest)
        below = sum(part**2 / freedom for part, freedom in zip(people, freedoms, strict=True))
        freedom = sum(people) ** 2 / below if below > 0 else float(sum(freedoms))
        return _test(float(effects.mean()), sum(people), freedom, name, largest)
    below = of_wordings**2 / (wordings - 1)
    below += sum(part**2 / freedom for part, freedom in zip(people, freedoms, strict=True))
    below += sum(part**2 / (freedom * (wordings - 1)) for part, freedom in zip(both, freedoms, strict=True))
    freedom = variance**2 / below if below > 0 else float(min(wordings, len(sides[0])) - 1)
    return _test(float(effects.mean()), variance, freedom, name, largest)


def _residual(values: Floats) -> float:
    """Return the mean square of people by wordings."""
    people, wordings = values.shape
    rest = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0) + values.mean()
    return float(np.square(rest).sum()) / ((people - 1) * (wordings - 1))


def _clustered(sides: Sequence[Floats], weights: Sequence[Floats]) -> EffectTest:
    """Return the test of arrays with gaps; the estimate is of all answers that are there."""
    signs = [1.0] if len(sides) == 1 else [-1.0, 1.0]
    own = [~np.isnan(side) * weight[:, None] for side, weight in zip(sides, weights, strict=True)]
    means = [float((np.nan_to_num(side) * part).sum() / part.sum()) for side, part in zip(sides, own, strict=True)]
    scores = [
        sign * np.nan_to_num(side - mean) * part / part.sum()
        for sign, side, mean, part in zip(signs, sides, means, own, strict=True)
    ]
    people, wordings = sum(len(side) for side in sides), sides[0].shape[1]
    by_person = sum(float(np.square(score.sum(axis=1)).sum()) for score in scores) * people / (people - 1)
    by_wording = float(np.square(np.sum([score.sum(axis=0) for score in scores], axis=0)).sum())
    by_wording *= wordings / (wordings - 1)
    both = sum(float(np.square(score).sum()) for score in scores)
    variance = max(by_person + by_wording - both, by_person, by_wording)
    estimate = sum(sign * mean for sign, mean in zip(signs, means, strict=True))
    freedom = min(*(len(side) for side in sides), wordings) - 1
    largest = float(max(np.nanmax(np.abs(side)) for side in sides))
    return _test(estimate, variance, freedom, "t, clustered by people and wordings", largest)


def _test(estimate: float, variance: float, freedom: float, name: str, largest: float) -> EffectTest:
    """Return a test; what rounding leaves of a variance or an effect counts as 0."""
    slack = TOLERANCE * largest
    error = math.sqrt(variance) if variance > 0 else 0.0
    return EffectTest(estimate if abs(estimate) > slack else 0.0, error if error > slack else 0.0, freedom, name)
