"""The interval of a share or a mean, over units: what `.low` and `.high` in `expect` stand for."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.score_intervals import Interval, wilson
from tinytroupe_cli.analysis.units import UnitKind, cell_values, pooled, units_of
from tinytroupe_cli.analysis.weighted_summaries import effective_people, effective_wilson, weighted_mean
from tinytroupe_cli.analysis.weights import weighed_people
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.plan.types import Plan

MIN_UNITS: Final = 6
"""Units below which there is no interval."""


def figure_interval(
    plan: Plan,
    rows: Sequence[Observation],
    number: Callable[[Observation], float | None],
    *,
    is_share: bool,
    bounds: tuple[float, float],
) -> Interval | None:
    """Return the interval of a mean of stated answers, each turned into a `number`; None below six units.

    Shares with one answer per unit: Wilson. Other shares: t. Means: bootstrap-t. With weights: Wilson with the
    effective sample size, and t with the error by jackknife. `bounds`: least and largest possible mean.
    """
    units = units_of(plan, plan.inference.about)
    weighed = weighed_people(plan) if units.kind != "replicate" else None
    weights = weighed.for_figures if weighed else None
    stated = [row for row in rows if row.outcome == "stated" and number(row) is not None]
    values = pooled(cell_values(stated, units, number, weights))
    if len(values) < MIN_UNITS:
        return None
    alpha = plan.inference.alpha
    if is_share and len(values) == len(stated):
        return _of_single_answers(stated, [number(row) or 0.0 for row in stated], weights, alpha)
    # A run whose expectations need no such interval loads no numpy.
    from tinytroupe_cli.analysis.mean_intervals import mean_interval, weighted_mean_interval  # noqa: PLC0415

    if weighed is not None and weights is not None and values.keys() <= set(units.of.values()):
        return weighted_mean_interval(values, weighed, units, alpha=alpha, bounds=bounds)
    resamples = 0 if is_share else plan.inference.resamples
    seed = Stream(plan.seed, "analysis").integer()
    return mean_interval(list(values.values()), resamples=resamples, seed=seed, alpha=alpha, bounds=bounds)


def unit_mean(
    plan: Plan, rows: Sequence[Observation], number: Callable[[Observation], float | None]
) -> tuple[float, UnitKind] | None:
    """Return the mean that `figure_interval` is about, and what counts once in it; None: no answers.

    Each unit counts once, or by its weight; the mean of all answers differs where units gave different numbers of them.
    """
    units = units_of(plan, plan.inference.about)
    weighed = weighed_people(plan) if units.kind != "replicate" else None
    stated = [row for row in rows if row.outcome == "stated" and number(row) is not None]
    values = pooled(cell_values(stated, units, number, weighed.for_figures if weighed else None))
    if not values:
        return None
    sizes = dict.fromkeys(values, 1.0)
    if weighed and values.keys() <= set(units.of.values()):
        sizes = dict.fromkeys(values, 0.0)
        for person, weight in weighed.weights.items():
            if units.of[person] in sizes:
                sizes[units.of[person]] += weight
    return weighted_mean(list(values.values()), list(sizes.values())), units.kind


def _of_single_answers(
    stated: Sequence[Observation], answers: Sequence[float], weights: Mapping[str, float] | None, alpha: float
) -> Interval:
    if weights is None or any(row.person not in weights for row in stated):
        return wilson(math.fsum(answers), len(answers), alpha=alpha)
    share = weighted_mean(answers, [weights[row.person] for row in stated])
    return effective_wilson(share, effective_people(stated, weights), alpha=alpha)
