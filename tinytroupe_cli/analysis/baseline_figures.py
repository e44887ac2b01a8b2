"""How far the simulation's answers are from a baseline's, and what follows. Arrays in, numbers out."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from scipy.special import (  # pyright: ignore[reportMissingTypeStubs] - no stubs
    fdtrc,  # pyright: ignore[reportUnknownVariableType] - no stubs
    fdtri,  # pyright: ignore[reportUnknownVariableType] - no stubs
)

from tinytroupe_cli.analysis import distances
from tinytroupe_cli.analysis.answer_sets import AnswerSet
from tinytroupe_cli.analysis.baseline_result import BaselineVerdict, PersonShare
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.fidelity_figures import AnswerScale, figure_functions
from tinytroupe_cli.analysis.fidelity_result import FigureName
from tinytroupe_cli.analysis.human_sampling import Sides, bootstrap, permuted
from tinytroupe_cli.analysis.score_intervals import exact_bound
from tinytroupe_cli.analysis.units import MIN_UNITS

NEGLIGIBLE: Final = 0.1
"""Distance below which two distributions count as the same, and share of variance below which people do."""
PERMUTATIONS: Final = 1_000


@dataclass(frozen=True, slots=True)
class DistanceEstimate:
    """A distance with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ContrastEstimate:
    """What a baseline says of a difference between conditions."""

    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    is_shown: bool = False


@dataclass(frozen=True, slots=True)
class BootstrapDraws:
    """How samples are drawn."""

    count: int
    seed: int
    alpha: float = 0.05


def primary_distance(scale: AnswerScale) -> FigureName:
    """Return the distance that verdicts are about: total variation, for numbers Kolmogorov-Smirnov.

    Two samples of numbers seldom have a number in common, so their total variation says nothing.
    """
    return "total_variation" if scale.has_categories else "kolmogorov_smirnov"


def baseline_distances(sides: Sides, scale: AnswerScale, draws: BootstrapDraws) -> dict[FigureName, DistanceEstimate]:
    """Return the primary distance and, of ordered answers, Wasserstein-1 as a share of the range.

    Intervals are from a bootstrap of units on both sides (`Sides.humans` holds the baseline's), people who are on both
    sides drawn together; the upper end is at least that of the percentile interval, which errs upwards. A baseline of
    one unit is a distribution that is known: only the simulation is sampled.
    """
    is_known = sides.humans.count == 1
    functions = figure_functions(scale)
    wanted: list[FigureName] = [primary_distance(scale), *(["wasserstein"] if scale.is_ordered else [])]
    shares = sides.simulated.shares(), sides.humans.shares()
    generator = np.random.default_rng((draws.seed, 1))
    drawn = bootstrap(sides, draws.count, generator)
    labels = None if is_known else permuted(sides, PERMUTATIONS, np.random.default_rng((draws.seed, 2)))
    counts = [sides.simulated.count] if is_known else [sides.simulated.count, sides.humans.count]
    slack = exact_bound(min(counts), alpha=draws.alpha)
    found: dict[FigureName, DistanceEstimate] = {}
    for name in wanted:
        function, p = functions[name], 0.0
        value = float(function(*shares))
        if labels is not None:
            floors = function(labels.simulated, labels.humans)
            p = (1 + int((floors >= value - 1e-12).sum())) / (1 + len(floors))
        samples = function(drawn.simulated, drawn.humans)
        low, high = distances.distance_interval(value, samples, p, slack=slack, alpha=draws.alpha)
        found[name] = DistanceEstimate(value, low, high)
    return found


def spreads(answers: AnswerSet, scale: AnswerScale) -> tuple[float | None, float | None]:
    """Return the standard deviation (None: a choice) and the entropy in bits (None: numbers) of all answers."""
    shares = answers.shares()
    values = scale.values
    deviation = None if values is None else float(distances.standard_deviation(shares, values))
    return deviation, float(distances.entropy(shares)) if scale.has_categories else None


def contrast_estimate(
    values: Floats, weights: Floats, counted: Floats, draws: BootstrapDraws, *, tests: int
) -> ContrastEstimate:
    """Return a weighted sum of the conditions' means with its bootstrap interval.

    `values`: units x conditions, NaN where there is no answer; `weights`: conditions; `counted`: how much each unit
    counts. With fewer than six units there is no interval. Whether it is shown is corrected for the number of tests
    (Bonferroni).
    """
    used = weights != 0
    values, weights = values[:, used], weights[used]
    is_there = ~np.isnan(values)
    if not values.size or not is_there.any(axis=0).all():
        return ContrastEstimate()
    filled = np.where(is_there, values, 0.0)

    def estimates(counts: Floats) -> Floats:
        totals = counts @ is_there
        means = np.divide(counts @ filled, totals, out=np.full(totals.shape, np.nan), where=totals > 0)
        return means @ weights

    estimate, units = float(estimates(counted[None, :])[0]), len(values)
    if units < MIN_UNITS:
        return ContrastEstimate(estimate)
    generator = np.random.default_rng((draws.seed, 3))
    samples = estimates(generator.multinomial(units, np.full(units, 1 / units), size=draws.count) * counted)
    low, high = np.nanquantile(samples, [draws.alpha / 2, 1 - draws.alpha / 2])
    least = NormalDist().inv_cdf(1 - draws.alpha / (2 * tests)) * float(np.nanstd(samples))
    return ContrastEstimate(estimate, float(low), float(high), is_shown=abs(estimate) > least)


def person_share(values: Floats, alpha: float) -> PersonShare:
    """Return the share of variance that is between people, over replicates within conditions: ICC(1).

    `values`: people x conditions x replicates x columns, a column for each option of a choice; mean squares are added
    up over columns. Interval and p-value by F (McGraw and Wong, 1996, table 7), with people - 1 degrees of freedom in
    the numerator: a person's answers in several conditions are not independent.
    """
    people, conditions, replicates, _ = values.shape
    if people < MIN_UNITS or replicates < 2:  # noqa: PLR2004 - nothing to compare
        return PersonShare()
    cells = values.mean(axis=2)
    within = float(np.square(values - cells[:, :, None]).sum()) / (people * conditions * (replicates - 1))
    between = replicates * float(np.square(cells - cells.mean(axis=0)).sum()) / ((people - 1) * conditions)
    if within == 0:
        return PersonShare(is_deterministic=True)
    ratio, freedom = between / within, (people - 1, people * conditions * (replicates - 1))
    bounds = (
        ratio / float(fdtri(*freedom, 1 - alpha / 2)),
        ratio * float(fdtri(*reversed(freedom), 1 - alpha / 2)),
    )
    low, high = (max(0.0, (bound - 1) / (bound + replicates - 1)) for bound in bounds)
    p = float(fdtrc(*freedom, ratio))
    return PersonShare(icc=(ratio - 1) / (ratio + replicates - 1), low=low, high=high, p=p)


def verdict_of(
    distance: DistanceEstimate, *, is_same: bool, alpha: float, people: PersonShare | None = None
) -> BaselineVerdict:
    """Return what the rule says; `is_same`: no contrast has another conclusion.

    `people` is given where the baseline has no personas: the shares of all answers can be the same although each
    person's answers follow their persona.
    """
    if distance.low > NEGLIGIBLE or (people and people.p is not None and people.p < alpha):
        return "differ"
    if distance.high >= NEGLIGIBLE or not is_same:
        return "undecided"
    if people is None:
        return "adds_nothing"
    if people.high is None:
        return "same_distribution"
    return "adds_nothing" if people.high < NEGLIGIBLE else "undecided"


def is_same_conclusion(simulated: float, found: ContrastEstimate, *, is_shown: bool) -> bool:
    """Return whether a baseline has the simulation's conclusion on one contrast.

    Only a difference that is shown, by the simulation (`is_shown`) or by the baseline, has a sign. If neither shows
    one, both say that none could be shown.
    """
    if found.estimate is None:
        return False
    return not (is_shown or found.is_shown) or bool(np.sign(simulated) == np.sign(found.estimate))
