"""Tests and intervals of one difference between weighted units.

The weight travels with the unit. Errors are by jackknife: each unit (or each of 500 groups of units) is left out in
turn and the rest is raked again, so that the error knows of the margins.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tinytroupe_cli.analysis.differences import (
    DifferenceTest,
    bound,
    is_binary,
    labels_permuted_in,
    row_of,
    student,
    welch_freedom,
)
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.effect_sizes import cohens_h, weighted_hedges_g, weighted_hedges_g_av
from tinytroupe_cli.analysis.permutation import sign_flip_test
from tinytroupe_cli.analysis.raking import MarginCodes, RakingMargin, effective_size, jackknife_error, without_each
from tinytroupe_cli.analysis.score_intervals import Interval, newcombe, tango
from tinytroupe_cli.analysis.weighted_permutation import weighted_label_test

if TYPE_CHECKING:
    from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
    from tinytroupe_cli.analysis.comparison_result import ComparisonResult
    from tinytroupe_cli.analysis.units import Units
    from tinytroupe_cli.analysis.weights import Weighed

MAX_GROUPS: Final = 500
"""Jackknife samples; with more units, several are left out together."""
ALIKE: Final = 1e-12
"""Error below which all units agree."""


@dataclass(frozen=True, slots=True)
class WeightedUnits:
    """The weights of units, and those of every jackknife sample."""

    place: Mapping[str, int]
    """Unit -> its number."""
    weights: Floats
    """Shape (units,)."""
    samples: Floats
    """Weights with each group of units left out; shape (groups, units)."""

    def of(self, units: Sequence[str]) -> tuple[Floats, Floats]:
        """Return the weights of some units, and those of the samples."""
        places = [self.place[unit] for unit in units]
        return self.weights[places], self.samples[:, places]


def weighted_units(weighed: Weighed, units: Units) -> WeightedUnits:
    """Return the weights of all units; a group's is the sum of its people's."""
    names = [units.of[person] for person in weighed.weights]
    place = {name: number for number, name in enumerate(dict.fromkeys(names))}
    own = tuple(place[name] for name in names)
    weights = tuple(weighed.weights.values())
    return WeightedUnits(
        place, np.bincount(np.array(own), weights).astype(np.float64), _samples(weights, weighed.margins, own)
    )


@lru_cache(maxsize=2)
def _samples(
    weights: tuple[float, ...], margins: tuple[tuple[tuple[int, ...], tuple[float, ...]], ...], units: tuple[int, ...]
) -> Floats:
    """Return the weights of units in each jackknife sample; comparisons of the same people share them."""
    groups: MarginCodes = np.array(units) % MAX_GROUPS
    planned = [RakingMargin(np.array(codes), np.array(shares)) for codes, shares in margins]
    found = without_each(np.array(weights), planned, groups)
    is_alone = units == tuple(range(len(units)))
    return found if is_alone else found @ np.eye(max(units) + 1)[list(units)]


def weighted_figures(
    first: Mapping[str, float],
    second: Mapping[str, float],
    asked: ComparisonResult,
    width: float,
    settings: AnalysisSettings,
    *,
    weighted: WeightedUnits,
) -> dict[str, Any]:
    """Return test, interval and effect size of a difference, by the field's names in `ComparisonResult`.

    Both mappings have a value per unit, of the same units in a within design. `width` is the range of possible values;
    infinite where there is none.
    """
    one, other = _Side(first, weighted), _Side(second, weighted)
    is_within = asked.design == "within"
    found = _paired(one, other, asked, width, settings) if is_within else _apart(one, other, asked, width, settings)
    return {
        **_effect(one, other, asked),
        **row_of(found, asked, settings),
        "effective": (one.effective, other.effective),
    }


class _Side:
    """The units at one level."""

    def __init__(self, values: Mapping[str, float], weighted: WeightedUnits) -> None:
        self.values = np.array(list(values.values()))
        self.weights, self._samples = weighted.of(list(values))
        self.effective = effective_size(self.weights)

    @property
    def mean(self) -> float:
        return float(np.average(self.values, weights=self.weights))

    @property
    def error(self) -> float:
        """Return the standard error of the mean, weights taken as given."""
        return weighted_error(self.values, self.weights)

    def means(self, values: Floats) -> Floats:
        """Return the mean of each jackknife sample; the whole mean where nobody is left of this side."""
        total = self._samples.sum(axis=1)
        whole = np.full(len(total), float(np.average(values, weights=self.weights)))
        return np.divide(self._samples @ values, total, out=whole, where=total > 0)


def weighted_error(values: Floats, weights: Floats) -> float:
    """Return the standard error of a weighted mean by linearization, weights taken as given."""
    count = len(values)
    residuals = weights * (values - np.average(values, weights=weights))
    return math.sqrt(count / (count - 1) * float(np.square(residuals).sum())) / float(weights.sum())


def _paired(
    first: _Side, second: _Side, asked: ComparisonResult, width: float, settings: AnalysisSettings
) -> DifferenceTest:
    differences = second.values - first.values
    estimate = float(np.average(differences, weights=first.weights))
    error, size = jackknife_error(first.means(differences)), first.effective
    more, less = (float(np.average(differences * sign > 0, weights=first.weights)) for sign in (1, -1))
    are_binary = asked.scale == "share" and is_binary(first.values) and is_binary(second.values)

    def interval(alpha: float) -> tuple[Interval | None, str]:
        if are_binary and (more or less):
            return tango(more * size, less * size, size, alpha=alpha), "Tango with effective n"
        return _of_mean(estimate, error, size - 1, alpha, width=width, size=size)

    test = sign_flip_test(first.weights * differences, draws=settings.inference.permutations, seed=settings.seed)
    return DifferenceTest("weighted sign flips", test, error, max(1.0, size - 1), interval)


def _apart(
    first: _Side, second: _Side, asked: ComparisonResult, width: float, settings: AnalysisSettings
) -> DifferenceTest:
    estimate = second.mean - first.mean
    error = jackknife_error(second.means(second.values) - first.means(first.values))
    sizes = first.effective, second.effective
    freedom = welch_freedom([first.error**2, second.error**2], sizes)
    are_binary = asked.scale == "share" and is_binary(first.values) and is_binary(second.values)

    def interval(alpha: float) -> tuple[Interval | None, str]:
        if are_binary:
            shares = [(_exact(side.mean) * side.effective, side.effective) for side in (first, second)]
            return newcombe(*shares, alpha=alpha), "Newcombe with effective n"
        return _of_mean(estimate, error, freedom, alpha, width=width, size=min(sizes))

    sides = (first.values, first.weights), (second.values, second.weights)
    is_assigned = asked.design != "description"
    arranged = labels_permuted_in(settings) if is_assigned else "permuted values"
    test = weighted_label_test(
        *sides,
        draws=settings.inference.permutations,
        seed=settings.seed,
        blocks=settings.blocks,
        is_assigned=is_assigned,
    )
    return DifferenceTest(f"{arranged}, weighted Welch's t", test, error, freedom, interval)


def _of_mean(
    estimate: float, error: float, freedom: float, alpha: float, *, width: float, size: float
) -> tuple[Interval | None, str]:
    if error < ALIKE:
        return bound(estimate, size, width, alpha)
    return student(estimate, error, max(1.0, freedom), alpha, width), "jackknife t"


def _effect(first: _Side, second: _Side, asked: ComparisonResult) -> dict[str, Any]:
    if asked.scale == "share":
        return {"effect": "Cohen's h", "effect_size": cohens_h(_exact(first.mean), _exact(second.mean))}
    sides = (first.values, first.weights), (second.values, second.weights)
    if asked.design == "within":
        return {"effect": "Hedges' g_av", "effect_size": weighted_hedges_g_av(*sides)}
    return {"effect": "Hedges' g", "effect_size": weighted_hedges_g(*sides)}


def _exact(share: float) -> float:
    """Return a share that is 0 or 1 but for rounding as just that."""
    return float(round(share)) if abs(share - round(share)) < ALIKE else share
