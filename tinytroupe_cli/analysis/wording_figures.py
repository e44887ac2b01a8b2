"""Test, interval and effect size of a difference where wordings are random, by the names in `ComparisonResult`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from tinytroupe_cli.analysis.differences import DifferenceTest, bound, effect, row_of, student
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.permutation import PermutationTest, sign_flip_test
from tinytroupe_cli.analysis.score_intervals import Interval
from tinytroupe_cli.analysis.wording_tests import EffectTest, crossed_test, rotated_test

if TYPE_CHECKING:
    from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
    from tinytroupe_cli.analysis.asked import AskedQuestion
    from tinytroupe_cli.analysis.comparison_result import ComparisonResult

MIN_FLIPPED: Final = 6
"""Wordings from which sign flips of their effects are shown beside t."""


@dataclass(frozen=True, slots=True)
class WordingValues:
    """The values at both levels, by wording."""

    cross: Literal["", "rotate", "all"]
    sides: tuple[tuple[Mapping[str, float], Mapping[str, float]], ...]
    """For each wording: unit -> value at the first level, and at the second; the same units in a within design."""
    weights: Mapping[str, float] | None = None
    """Unit -> weight; None: all count the same."""

    @property
    def means_by_wording(self) -> Floats:
        """Return the mean of each wording at both levels; shape (wordings, 2)."""
        return np.array([[_mean([side], self.weights) for side in pair] for pair in self.sides])

    @property
    def means(self) -> tuple[float, float]:
        """Return what the estimate is the difference of: means over wordings, or over people and wordings."""
        if self.cross == "rotate":
            first, second = self.means_by_wording.mean(axis=0).tolist()
            return first, second
        first, second = (_mean([pair[place] for pair in self.sides], self.weights) for place in (0, 1))
        return first, second

    def tested(self, *, is_within: bool) -> EffectTest:
        """Return the test of the difference."""
        if self.cross == "rotate":
            return rotated_test(np.diff(self.means_by_wording)[:, 0])
        return _crossed(self, is_within=is_within)


def wording_values(
    asked: AskedQuestion, sides: tuple[tuple[Mapping[str, float], Mapping[str, float]], ...]
) -> WordingValues:
    """Return values of a question by wording, with the weights that count in its estimate."""
    levels = [level for pair in sides for level in pair]
    is_weighted = asked.weighed is not None and asked.estimand is None and asked.is_weighted(levels)
    weights = asked.unit_weights(asked.weighed) if asked.weighed is not None and is_weighted else None
    return WordingValues(asked.wordings, sides, weights)


def worded_figures(
    values: WordingValues,
    both: tuple[Sequence[float], Sequence[float]],
    asked: ComparisonResult,
    width: float,
    settings: AnalysisSettings,
) -> dict[str, Any]:
    """Return the figures; `both` has the value of each unit over all wordings, for the spread in the effect size.

    `width` is the range of possible values; infinite where there is none.
    """
    row = row_over_wordings(values, asked, width, settings)
    row |= {"wordings": len(values.sides), "smallest_p": None, "tested": None}
    row |= effect(np.array(both[0]), np.array(both[1]), asked, values.means)
    if values.cross == "rotate" and len(values.sides) >= MIN_FLIPPED:
        effects: Floats = np.diff(values.means_by_wording)[:, 0]
        row["wordings_p"] = sign_flip_test(effects, draws=settings.inference.permutations, seed=settings.seed).p
    return row


def row_over_wordings(
    values: WordingValues,
    asked: ComparisonResult,
    width: float,
    settings: AnalysisSettings,
    *,
    tested: EffectTest | None = None,
) -> dict[str, Any]:
    """Return means, estimate and test; `tested`: the test to tell of, None: that of the values."""
    test = tested or values.tested(is_within=asked.design == "within")
    first, second = values.means
    return row_of(_found(test, asked, width), asked, settings) | {"values": (first, second), "estimate": second - first}


def _mean(columns: Sequence[Mapping[str, float]], weights: Mapping[str, float] | None) -> float:
    """Return the mean of all units in some wordings."""
    units = [unit for column in columns for unit in column]
    own = None if weights is None else [weights.get(unit, 1.0) for unit in units]
    return float(np.average([value for column in columns for value in column.values()], weights=own))


def _crossed(values: WordingValues, *, is_within: bool) -> EffectTest:
    first, second = ([pair[place] for pair in values.sides] for place in (0, 1))
    units = [list(dict.fromkeys(unit for column in side for unit in column)) for side in (first, second)]
    one, other = _table(first, units[0]), _table(second, units[1])
    sides, names = ([other - one], units[:1]) if is_within else ([one, other], units)
    if values.weights is None:
        return crossed_test(sides)
    own = values.weights
    return crossed_test(sides, [np.array([own.get(unit, 1.0) for unit in side]) for side in names])


def _table(columns: Sequence[Mapping[str, float]], units: Sequence[str]) -> Floats:
    """Return units x wordings, NaN where a unit has no answer."""
    return np.array([[column.get(unit, np.nan) for column in columns] for unit in units])


def _found(tested: EffectTest, asked: ComparisonResult, width: float) -> DifferenceTest:
    def interval(alpha: float) -> tuple[Interval | None, str]:
        if tested.error == 0:
            return bound(tested.estimate, round(tested.freedom) + 1, width, alpha)
        limit = 1.0 if asked.scale == "share" else np.inf
        return student(tested.estimate, tested.error, tested.freedom, alpha, limit=limit), "Student's t"

    statistic = abs(tested.estimate) / tested.error if tested.error else 0.0
    test = PermutationTest(statistic, tested.p, 0.0, is_exact=False)
    return DifferenceTest(tested.name, test, tested.error, tested.freedom, interval)
