"""Values of missing answers where wordings are random, and what the test over wordings says of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any, Final, NamedTuple

import numpy as np

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.asked import AskedQuestion
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.level_values import UnitValues
from tinytroupe_cli.analysis.wording_figures import WordingValues, row_over_wordings, wording_values
from tinytroupe_cli.analysis.wording_tests import EffectTest, rotated_test
from tinytroupe_cli.analysis.worst_fills import Fill, clearest_differences, clearest_of, is_paired, possible_values

MOST: Final = 100
"""Most values of a level's mean in one wording that are tried."""
PLACES: Final = 12
"""Decimal places to which effects are told apart."""
Side = tuple[UnitValues, UnitValues]
"""The values at both levels in one wording."""
Sides = tuple[Side, ...]


class WordedFills(NamedTuple):
    """The estimates at the two bounds, and what the test says there and of the clearest fills."""

    bounds: tuple[float, float]
    rows: tuple[dict[str, Any], ...]


def worded_fills(
    asked: AskedQuestion,
    ends: tuple[float, float],
    blank: ComparisonResult,
    settings: AnalysisSettings,
    *,
    is_share: bool,
) -> WordedFills:
    """Return the estimate and the test over wordings at the bounds, and the test of the clearest and faintest fills."""
    least, most = (asked.levels_by_wording(end) for end in ends)
    lowest: Sides = tuple((high[0], low[1]) for low, high in zip(least, most, strict=True))
    highest: Sides = tuple((low[0], high[1]) for low, high in zip(least, most, strict=True))
    extremes = [wording_values(asked, sides) for sides in (lowest, highest)]
    clearest = _rotated if asked.wordings == "rotate" else _crossed
    tests = [*clearest(asked, extremes, ends, is_share=is_share), _faintest(asked, lowest, highest)]
    found = [row_over_wordings(values, blank, asked.width, settings) for values in extremes]
    rows = [row_over_wordings(extremes[0], blank, asked.width, settings, tested=test) for test in tests]
    return WordedFills((found[0]["estimate"], found[1]["estimate"]), (*found, *rows))


def _faintest(asked: AskedQuestion, lowest: Sides, highest: Sides) -> EffectTest:
    """Return the test with the largest p if the missing answers of each wording are at one of the two bounds."""
    able = list(zip(lowest, highest, strict=True))
    return max((_climbed(asked, able, end, lambda test: test.p) for end in (0, 1)), key=lambda test: test.p)


def _climbed(
    asked: AskedQuestion, able: Sequence[Sequence[Side]], start: int, score: Callable[[EffectTest], float]
) -> EffectTest:
    """Return the test of one of the sides that each wording can have, chosen one wording at a time while it is better.

    `able`: for each wording, the same number of sides; `start`: the place of those to begin with.
    """

    def tested(places: tuple[int, ...]) -> EffectTest:
        sides = tuple(own[place] for own, place in zip(able, places, strict=True))
        return wording_values(asked, sides).tested(is_within=is_paired(asked))

    best_at = (start,) * len(able)
    best = tested(best_at)
    for _ in able:
        tries = {places: tested(places) for places in _one_changed(best_at, len(able[0]))}
        at = max(tries, key=lambda places: score(tries[places]))
        if score(tries[at]) <= score(best):
            break
        best_at, best = at, tries[at]
    return best


def _one_changed(places: tuple[int, ...], options: int) -> list[tuple[int, ...]]:
    return [
        (*places[:at], other, *places[at + 1 :])
        for at, place in enumerate(places)
        for other in range(options)
        if other != place
    ]


def _rotated(
    asked: AskedQuestion, extremes: Sequence[WordingValues], ends: tuple[float, float], *, is_share: bool
) -> list[EffectTest]:
    """Return the clearest test in each direction; each wording has an effect of its own."""
    steps = len(possible_values(*ends, is_share=is_share)) - 1
    lowest, highest = extremes
    able: list[Floats] = []
    for low, high, pair in zip(lowest.means_by_wording, highest.means_by_wording, lowest.sides, strict=True):
        first, second = (_means(float(low[at]), float(high[at]), steps * len(pair[at]) / asked.width) for at in (0, 1))
        able.append(np.unique(np.round(second[None, :] - first[:, None], PLACES)))
    up, down = (_clearest([sign * effects for effects in able]) for sign in (1.0, -1.0))
    shared = set(able[0].tolist()).intersection(*(own.tolist() for own in able[1:]))
    alike = [rotated_test(np.full(len(able), one)) for one in shared]
    return [up, replace(down, estimate=-down.estimate), *alike[:1]]


def _means(low: float, high: float, per_width: float) -> Floats:
    """Return the means that a level can have between two ends; `per_width`: how many a difference of 1 holds."""
    between = min(round(abs(high - low) * per_width), MOST)
    return np.linspace(min(low, high), max(low, high), between + 1)


def _clearest(able: Sequence[Floats]) -> EffectTest:
    """Return the test with the smallest p of effects that are each one of those it can be."""
    chosen = clearest_differences(able)
    tries = [rotated_test(chosen)]
    # Effects that are all equal have no error, and a p-value for this; those next to them have a smaller one.
    for place, effects in enumerate(able):
        others = effects[effects != chosen[place]]
        if tries[0].error == 0 and len(others):
            near = chosen.copy()
            near[place] = others[np.abs(others - chosen[place]).argmin()]
            tries.append(rotated_test(near))
    return min(tries, key=lambda test: test.p)


def _crossed(
    asked: AskedQuestion, _: Sequence[WordingValues], ends: tuple[float, float], *, is_share: bool
) -> list[EffectTest]:
    """Return the clearest test in each direction; each person has an answer in every wording."""
    sides = {value: _flat(asked.levels_by_wording(value)) for value in possible_values(*ends, is_share=is_share)}
    pairs = [pair for pair in product(sides, repeat=2) if not (_is_of_options(asked) and is_share and all(pair))]
    fills = [(sides[one][0], sides[other][1]) for one, other in pairs]
    fills = [*(clearest_of(fills) if is_paired(asked) else []), *fills]
    values = [wording_values(asked, _by_wording(fill)) for fill in fills]
    tests = [one.tested(is_within=is_paired(asked)) for one in values]
    middle = list(sides)[len(sides) // 2]
    few = [at for at, fill in enumerate(pairs, start=len(fills) - len(pairs)) if set(fill) <= {*ends, middle}]
    found: list[EffectTest] = []
    for sign in (1.0, -1.0):
        score = partial(_clearness, sign)
        start = max(range(len(tests)), key=lambda at: score(tests[at]))
        able = list(zip(*(values[at].sides for at in (start, *few)), strict=True))
        found.append(_climbed(asked, able, 0, score))
    return found


def _clearness(sign: float, test: EffectTest) -> float:
    """Return how clear an effect is in a direction."""
    return sign * test.estimate / test.error if test.error else 0.0


def _is_of_options(asked: AskedQuestion) -> bool:
    return asked.question.kind == "options"


def _flat(levels: Sequence[tuple[UnitValues, ...]]) -> Fill:
    """Return cell -> value at each level; a cell is a unit in a wording."""
    first, second = (
        {f"{number} {unit}": value for number, level in enumerate(levels) for unit, value in level[at].items()}
        for at in (0, 1)
    )
    return first, second


def _by_wording(fill: Fill) -> Sides:
    numbers = sorted({int(cell.split(" ", 1)[0]) for cell in fill[0]})
    sides: dict[int, tuple[dict[str, float], dict[str, float]]] = {number: ({}, {}) for number in numbers}
    for at, level in enumerate(fill):
        for cell, value in level.items():
            number, unit = cell.split(" ", 1)
            sides[int(number)][at][unit] = value
    return tuple(sides.values())
