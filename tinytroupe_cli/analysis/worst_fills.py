"""Values of missing answers at which a difference is clearest, and what the run's own test says of them.

Each fill can happen: all missing answers of a unit at a level have one value that the measure can have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Final, NamedTuple

import numpy as np

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.asked import AskedQuestion
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.differences import figures, t_test
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.level_values import UnitValues

MANY: Final = 1000
"""Units from which fills are tested with t, which then hardly differs from a permutation test."""
STEPS: Final = 10
"""Steps between the lowest and the highest value of a measure with more than these."""
Fill = tuple[UnitValues, UnitValues]
"""Unit -> value, at each of two levels."""


class Decided(NamedTuple):
    """What a test says of one fill."""

    p: float
    is_within: bool | None
    """Whether the difference is within the bounds that count as none; None: there are no bounds."""


def clearest_fills(asked: AskedQuestion, low: float, high: float, *, is_share: bool) -> list[Fill]:
    """Return the fill with the smallest p of a t test in each direction; none of very many units."""
    if sum(map(len, asked.levels_if_missing(low))) >= MANY:
        return []  # so many units that the bounds tell enough
    values = possible_values(low, high, is_share=is_share)
    levels = {value: asked.levels_if_missing(value) for value in values}
    if asked.question.kind == "options":
        pairs = [(one, other) for one, other in product(values, repeat=2) if not (is_share and one and other)]
    else:
        pairs = list(product(values, repeat=2))
    fills = [(levels[one][0], levels[other][1]) for one, other in pairs]
    if is_paired(asked):
        fills = clearest_of(fills)
    return _smallest(asked, fills)


def is_paired(asked: AskedQuestion) -> bool:
    """Return whether the same units are at both levels."""
    return asked.is_within or asked.question.kind == "options"


def t_p(asked: AskedQuestion, fill: Fill) -> float:
    """Return the p-value of a t test: Student's for the same units, Welch's for different ones."""
    first, second = fill
    if is_paired(asked):
        return t_test([second[unit] - first[unit] for unit in first if unit in second])
    return t_test(list(second.values()), list(first.values()))


def decided(asked: AskedQuestion, fill: Fill, blank: ComparisonResult, settings: AnalysisSettings) -> Decided:
    """Return what the comparison's own test says of a fill."""
    first, second = fill
    if is_paired(asked):
        first = {unit: value for unit, value in first.items() if unit in second}
        second = {unit: second[unit] for unit in first}
    if min(len(first), len(second)) < 2:  # noqa: PLR2004 - no spread
        return Decided(1.0, None)
    if blank.equivalence is None:  # then no interval is needed
        settings = replace(settings, inference=settings.inference.model_copy(update={"resamples": 1}))
    found = figures(
        list(first.values()),
        list(second.values()),
        blank,
        asked.width,
        replace(settings, blocks=asked.blocks(fill)),
    )
    verdict = found.get("verdict")
    return Decided(found["p"], None if verdict is None else verdict in ("equivalent", "different_but_negligible"))


def has_own_test(asked: AskedQuestion, fill: Fill) -> bool:
    """Return whether the comparison's own test is one of the units' values alone."""
    is_plain = not (asked.wordings or asked.sequences or asked.covariates or asked.looked_at)
    return is_plain and not asked.is_weighted(fill) and len(fill[0]) + len(fill[1]) < MANY


def possible_values(low: float, high: float, *, is_share: bool) -> list[float]:
    """Return the values of a missing answer that are tried, from the lowest to the highest."""
    width = high - low
    steps = 1 if is_share else int(width) if width == int(width) and 1 <= width <= STEPS else STEPS
    return [low + width * step / steps for step in range(steps + 1)]


def clearest_of(fills: Sequence[Fill]) -> list[Fill]:
    """Return, for each direction, the values of each unit, each from one of the fills, whose difference is clearest."""
    return [_towards(fills, sign) for sign in (1.0, -1.0)]


def _towards(fills: Sequence[Fill], sign: float) -> Fill:
    """Return the fill whose differences are the clearest in a direction."""
    units = [unit for unit in fills[0][0] if unit in fills[0][1]]
    gaps = [
        {sign * (second[unit] - first[unit]): place for place, (first, second) in enumerate(fills)} for unit in units
    ]
    chosen = clearest_differences([np.array(list(own)) for own in gaps])
    places = {unit: own[gap] for unit, own, gap in zip(units, gaps, chosen.tolist(), strict=True)}
    return (
        {unit: fills[place][0][unit] for unit, place in places.items()},
        {unit: fills[place][1][unit] for unit, place in places.items()},
    )


def clearest_differences(able: Sequence[Floats]) -> Floats:
    """Return one difference of each unit, of those it can have, so that their mean is clearly above 0.

    The ratio of a mean to its spread is largest where each difference is as near as it can be to the sum of squares of
    all differences, divided by their sum.
    """
    chosen = np.array([own.max() for own in able])
    for _ in range(STEPS):
        total = float(chosen.sum())
        if total <= 0:
            break
        wanted = float(np.square(chosen).sum()) / total
        chosen = np.array([own[np.abs(own - wanted).argmin()] for own in able])
    return chosen


def _smallest(asked: AskedQuestion, fills: Sequence[Fill]) -> list[Fill]:
    """Return, for each direction, the fill with the smallest p of a t test."""
    found: dict[bool, tuple[float, int]] = {}
    for place, fill in enumerate(fills):
        is_up = asked.mean(fill[1]) >= asked.mean(fill[0])
        found[is_up] = min(found.get(is_up, (2.0, place)), (t_p(asked, fill), place))
    return [fills[place] for _, place in found.values()]
