"""Whether answers depend on the order in which options, scales or items were shown. Arrays in, numbers out.

Orders were dealt to people at random, so a test permutes the orders over the people of each cell; for intervals,
people are drawn. Knows no plan, event or prompt.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import stdtrit  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType] - no stubs

from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.order_sums import OrderedAnswers, OrderSums, added, rearranged, resampled, sums_by_person
from tinytroupe_cli.analysis.permutation import TOLERANCE, p_of_draws
from tinytroupe_cli.analysis.position_share import PlaceExcess, excess_of_place
from tinytroupe_cli.analysis.score_intervals import Interval, exact_bound

PlaceContrast = Literal["last_minus_first", "slope"]
"""What is estimated of a column: its mean in the last place minus that in the first, or the slope by place."""


@dataclass(frozen=True, slots=True)
class OrderDraws:
    """How often to draw, and from which seed."""

    permutations: int
    resamples: int
    seed: int
    alpha: float = 0.05


@dataclass(frozen=True, slots=True)
class OrderContrast:
    """How a column's answers depend on the place."""

    by_place: tuple[float | None, ...]
    """Mean at each place; None: nobody saw it there."""
    middle: float | None
    """Mean over all places but the first and last; None: there are none."""
    estimate: float | None
    """None: nobody saw it first, or last."""
    p: float | None
    interval: Interval | None
    """None: nothing varies, and the measure has no bounds."""


@dataclass(frozen=True, slots=True)
class OrderEffects:
    """The order effects of one measure."""

    columns: tuple[OrderContrast, ...]
    p: float
    """p-value of all columns together."""
    first: PlaceExcess | None
    """Of options; else None."""
    last: PlaceExcess | None


def order_effects(
    answers: OrderedAnswers, contrast: PlaceContrast, *, is_choice: bool, width: float, draws: OrderDraws
) -> OrderEffects:
    """Return each column's dependence on the place, one test over all columns, and the excess of first and last place.

    `is_choice`: columns are options, and each answer names one; then the one test is Pearson's statistic of how often
    each place was chosen, else the sum of squared contrasts. `width` is the range of values. An interval is the
    estimate and Student's t times the bootstrap standard error over people (Efron, 1979); where nothing varies, the
    exact bound times the range. Needs two people.
    """
    own = sums_by_person(answers)
    observed = added(own, np.ones((1, len(answers.values))))
    arranged = rearranged(answers, draws=draws.permutations, seed=draws.seed)
    drawn = resampled(own, draws=draws.resamples, seed=draws.seed)
    gaps, errors = _contrasts(arranged, contrast), _contrasts(drawn, contrast).std(axis=0)
    columns = tuple(
        _column(observed, own, column, contrast, error=float(errors[column]), gaps=gaps, width=width, alpha=draws.alpha)
        for column in range(len(errors))
    )
    pooled = [
        _pearson(sums) if is_choice else np.square(_contrasts(sums, contrast)).sum(axis=1)
        for sums in (arranged, observed)
    ]
    whole = p_of_draws(*pooled)
    first, last = (
        excess_of_place(observed, arranged, drawn, place=place, alpha=draws.alpha) if is_choice else None
        for place in (0, answers.count - 1)
    )
    return OrderEffects(columns, whole, first, last)


def _contrasts(sums: OrderSums, contrast: PlaceContrast) -> Floats:
    """Return last minus first, or the slope by place, of each column; shape (draws, columns)."""
    if contrast == "last_minus_first":
        is_both = (sums.shown[:, :, [0, -1]] > 0).all(axis=2)
        return np.where(is_both, sums.means[:, :, -1] - sums.means[:, :, 0], 0.0)
    places = np.arange(sums.named.shape[2], dtype=np.float64)
    centre = (sums.shown @ places) / np.maximum(sums.shown.sum(axis=2), TOLERANCE)
    offsets = places - centre[..., None]
    variation = (sums.shown * np.square(offsets)).sum(axis=2)
    return (sums.named * offsets).sum(axis=2) / np.maximum(variation, TOLERANCE)


def _pearson(sums: OrderSums) -> Floats:
    """Return Pearson's statistic of how often each place was chosen, against what the options' shares make of it."""
    return (np.square(sums.chosen - sums.expected) / np.maximum(sums.expected, TOLERANCE)).sum(axis=1)


def _column(
    sums: OrderSums,
    own: OrderSums,
    column: int,
    contrast: PlaceContrast,
    *,
    error: float,
    gaps: Floats,
    width: float,
    alpha: float,
) -> OrderContrast:
    shown, means = sums.shown[0, column], sums.means[0, column]
    by_place = tuple(float(mean) if count > 0 else None for mean, count in zip(means, shown, strict=True))
    between = float(shown[1:-1].sum())
    middle = float(sums.named[0, column, 1:-1].sum()) / between if between > 0 else None
    least = min(int((own.shown[:, column, place] > 0).sum()) for place in (0, -1))
    if not least:
        return OrderContrast(by_place, middle, None, None, None)
    estimate = float(_contrasts(sums, contrast)[0, column])
    p = p_of_draws(np.abs(gaps[:, column]), np.array([abs(estimate)]))
    freedom = max(1, int((own.shown[:, column] > 0).any(axis=1).sum()) - 2)
    slack = exact_bound(least, alpha=alpha) * width
    if error > TOLERANCE:
        slack = float(stdtrit(freedom, 1 - alpha / 2)) * error
    interval = Interval(max(-width, estimate - slack), min(width, estimate + slack)) if math.isfinite(slack) else None
    return OrderContrast(by_place, middle, estimate, p, interval)
