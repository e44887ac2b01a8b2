"""The distance between two levels' distributions of answers, which a difference of means can miss.

A unit's distribution is that of its answers, each of which may be a distribution itself; a level's is the mean over its
units. The distance is Wasserstein-1, in the measure's unit: how far answers would have to move on average.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.answer_points import points_of
from tinytroupe_cli.analysis.asked import AskedQuestion
from tinytroupe_cli.analysis.bca import Statistic, bca
from tinytroupe_cli.analysis.differences import labels_permuted_in
from tinytroupe_cli.analysis.distances import Floats, total_variation, wasserstein
from tinytroupe_cli.analysis.level_values import UnitValues
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.omnibus import drawn_labels, group_sums
from tinytroupe_cli.analysis.permutation import BLOCK, PermutationTest, drawn_test
from tinytroupe_cli.analysis.score_intervals import exact_bound
from tinytroupe_cli.analysis.unit_distributions import unit_distributions
from tinytroupe_cli.core.quantile_distributions import cumulative
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField

CELLS: Final = 200
"""Parts of the range of a number whose quantiles were asked for."""


def distribution_figures(
    asked: AskedQuestion, levels: Sequence[UnitValues], settings: AnalysisSettings
) -> dict[str, Any]:
    """Return distance, interval and test of a pair of levels; `levels` has the units that count."""
    first, second, values = _shares(asked, levels)
    figures = distance_figures(first, second, values, settings, is_paired=asked.is_within)
    if points_of(asked.question.field) is None:
        return figures
    apart = total_variation(first.mean(axis=0), second.mean(axis=0))
    return figures | {"effect": "total variation", "effect_size": float(apart)}


def distance_figures(
    first: Floats, second: Floats, values: Floats, settings: AnalysisSettings, *, is_paired: bool
) -> dict[str, Any]:
    """Return the fields of `ComparisonResult`.

    `first`, `second`: shape (units, values), rows add up to 1; `values` in ascending order. The interval is BCa; it
    includes 0 unless the test rejects equal distributions, as a distance is never negative.
    """
    alpha = settings.inference.alpha
    statistic = _distance(first, second, values, is_paired=is_paired)
    sizes = (len(first),) if is_paired else (len(first), len(second))
    estimate = float(statistic([np.ones((1, size)) for size in sizes])[0])
    test = _exchanged(first, second, values, settings) if is_paired else _permuted(first, second, values, settings)
    interval = bca(statistic, sizes, resamples=settings.inference.resamples, seed=settings.seed, alpha=alpha)
    width = float(values[-1] - values[0])
    if interval is None:  # all units agree: those that could differ move by the range at most
        slack = exact_bound(min(sizes), alpha=alpha) * width
        low, high, name = max(0.0, estimate - slack), min(width, estimate + slack), "exact bound"
    else:
        low, high, name = interval.low, interval.high, "BCa"
    arranged = "levels exchanged within units" if is_paired else labels_permuted_in(settings)
    return {
        "estimate": estimate,
        "low": low if test.p < alpha else 0.0,
        "high": max(high, estimate),
        "interval": name,
        "test": f"{arranged}, Wasserstein distance",
        "tested": test,
        "p": test.p,
        "smallest_p": test.smallest,
        "detectable": None,
    }


def _distance(first: Floats, second: Floats, values: Floats, *, is_paired: bool) -> Statistic:
    def statistic(counts: Sequence[Floats]) -> Floats:
        ones, others = counts[0], counts[0 if is_paired else 1]
        means = [one @ own / one.sum(axis=1, keepdims=True) for one, own in ((ones, first), (others, second))]
        return wasserstein(means[0], means[1], values)

    return statistic


def _exchanged(first: Floats, second: Floats, values: Floats, settings: AnalysisSettings) -> PermutationTest:
    """Test by exchanging each unit's two distributions or not (Fisher, 1935)."""
    gaps, count = second - first, len(first)
    observed = float(wasserstein(first.mean(axis=0), second.mean(axis=0), values))
    generator, drawn = np.random.default_rng(settings.seed), list[Floats]()
    for start in range(0, settings.inference.permutations, BLOCK):
        size = min(BLOCK, settings.inference.permutations - start)
        signs = generator.integers(0, 2, (size, count)) * 2.0 - 1
        mean = signs @ gaps / count
        drawn.append(wasserstein(mean, np.zeros_like(mean), values))
    differing = int(np.count_nonzero(np.abs(gaps).sum(axis=1)))
    return drawn_test(observed, np.concatenate(drawn), min(1.0, 2.0 ** (1 - differing)))


def _permuted(first: Floats, second: Floats, values: Floats, settings: AnalysisSettings) -> PermutationTest:
    """Test by permuting labels, within blocks where units were assigned within blocks."""
    shares, sizes = np.concatenate([first, second]), (len(first), len(second))
    observed = float(wasserstein(first.mean(axis=0), second.mean(axis=0), values))
    drawn: list[Floats] = []
    for labels in drawn_labels(sizes, settings.inference.permutations, settings.seed, tuple(settings.blocks)):
        sums = group_sums(shares, labels, 2)
        drawn.append(wasserstein(sums[:, 0] / sizes[0], sums[:, 1] / sizes[1], values))
    return drawn_test(observed, np.concatenate(drawn))


def _shares(asked: AskedQuestion, levels: Sequence[UnitValues]) -> tuple[Floats, Floats, Floats]:
    """Return the shares of each unit's answers at both levels, shape (units, values), and the values."""
    field = asked.question.field
    weights = None if asked.weighed is None else asked.weighed.for_figures
    sides: list[dict[str, dict[float, float]]] = []
    cells = _cells(asked)
    for place, level in enumerate(levels):
        rows = [row for row in _matched(asked, place) if asked.units.unit(row) in level]
        found = unit_distributions(rows, asked.units, lambda row: _masses(row, field, cells), weights)
        sides.append({unit: found[unit] for unit in level})
    values = sorted({value for side in sides for own in side.values() for value in own})
    at = {value: number for number, value in enumerate(values)}
    arrays = [np.zeros((len(side), len(values))) for side in sides]
    for array, side in zip(arrays, sides, strict=True):
        for number, own in enumerate(side.values()):
            for value, share in own.items():
                array[number, at[value]] += share
    return arrays[0], arrays[1], np.array(values)


def _matched(asked: AskedQuestion, place: int) -> list[Observation]:
    """Return the rows at a level; in a within design, of conditions where the unit has all levels."""
    rows = asked.values.rows(asked.question, place)
    if not asked.is_within:
        return rows
    stated = {
        (asked.units.unit(row), row.condition)
        for level in range(len(asked.question.levels))
        for row in asked.values.rows(asked.question, level)
        if row.outcome == "stated"
    }
    partners: dict[str, list[tuple[str, ...]]] = {}
    for conditions in zip(*asked.question.conditions, strict=True):
        partners.setdefault(conditions[place], []).append(conditions)

    def has_all(row: Observation) -> bool:
        unit = asked.units.unit(row)
        return any(all((unit, one) in stated for one in own) for own in partners[row.condition])

    return [row for row in rows if has_all(row)]


def _cells(asked: AskedQuestion) -> list[tuple[float, float]]:
    """Return the ends of the parts of a number's range; empty: no quantiles were asked for."""
    field = asked.question.field
    if field.kind != "number" or field.elicit == "direct":
        return []
    low, high = type_of(field).range(field)
    return list(pairwise(np.linspace(low, high, CELLS + 1).tolist()))


def _masses(row: Observation, field: PlannedField, cells: Sequence[tuple[float, float]]) -> Mapping[float, float]:
    """Return the numbers that an answer stands for, with their shares."""
    if row.quantiles:
        reached = [0.0, *(cumulative(row.quantiles, high) for _, high in cells)]
        shares = [after - before for before, after in pairwise(reached)]
        return {(low + high) / 2: share for (low, high), share in zip(cells, shares, strict=True) if share > 0}
    points = points_of(field)
    if row.pmf and points is not None:
        return {point: share for point, share in zip(points, row.pmf, strict=True) if share > 0}
    number = type_of(field).as_number(field, row.value)
    return {} if number is None else {number: 1.0}
