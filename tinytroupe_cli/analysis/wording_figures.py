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
    from tinytroupe_cli.analysis.comparison_result import AnalysisSettings, ComparisonResult

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


def worded_figures(
    values: WordingValues,
    both: tuple[Sequence[float], Sequence[float]],
    asked: ComparisonResult,
    width: float,
    settings: AnalysisSettings,
) -> dict[str, Any]:
    """Return the figures; `both` has the value of each unit over all wordings, for the effect size.

    `width` is the range of possible values; infinite where there is none.
    """
    by_wording = np.array([[_mean([side], values.weights) for side in pair] for pair in values.sides])
    effects: Floats = by_wording[:, 1] - by_wording[:, 0]
    if values.cross == "rotate":
        tested = rotated_test(effects)
        means = float(by_wording[:, 0].mean()), float(by_wording[:, 1].mean())
    else:
        tested = _crossed(values, asked)
        first, second = ([pair[place] for pair in values.sides] for place in (0, 1))
        means = _mean(first, values.weights), _mean(second, values.weights)
    row = row_of(_found(tested, asked, width), asked, settings)
    row |= {
        "values": means,
        "estimate": means[1] - means[0],
        "wordings": len(effects),
        "smallest_p": None,
        "tested": None,
    }
    row |= effect(np.array(both[0]), np.array(both[1]), asked, means)
    if values.cross == "rotate" and len(effects) >= MIN_FLIPPED:
        row["wordings_p"] = sign_flip_test(effects, draws=settings.inference.permutations, seed=settings.seed).p
    return row


def _mean(columns: Sequence[Mapping[str, float]], weights: Mapping[str, float] | None) -> float:
    """Return the mean of all units in some wordings."""
    units = [unit for column in columns for unit in column]
    own = None if weights is None else [weights.get(unit, 1.0) for unit in units]
    return float(np.average([value for column in columns for value in column.values()], weights=own))


def _crossed(values: WordingValues, asked: ComparisonResult) -> EffectTest:
    first, second = ([pair[place] for pair in values.sides] for place in (0, 1))
    units = [list(dict.fromkeys(unit for column in side for unit in column)) for side in (first, second)]
    one, other = _table(first, units[0]), _table(second, units[1])
    sides, names = ([other - one], units[:1]) if asked.design == "within" else ([one, other], units)
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
