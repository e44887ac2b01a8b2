"""The power of a comparison, by simulation: how often would a design find an effect? Arrays in, numbers out.

A draw simulates the units of one run and tests them with the functions that a report uses. Knows no plan, event or
prompt.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from scipy.special import ndtri, stdtr, stdtrit  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType] - no stubs

from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.multiplicity import Correction, corrected
from tinytroupe_cli.analysis.permutation import PermutationTest, label_test, sign_flip_test

WANTED: Final = 0.8
"""Power from which a design is recommended."""
MIN_ARRANGEMENTS: Final = 199
ABOVE: Final = 20
"""Arrangements that are expected to be beyond a statistic at the significance level, after correction."""
FIRST: Final = 10
"""The same, of a first look, which decides where the p-value is far from the level."""
NEAR: Final = (0.2, 3.0)
"""Multiples of the level between which a first look does not decide: it would be wrong in fewer than 1 in 1,000."""


NEGLIGIBLE: Final = 1.1**2 - 1
"""Relative excess of a variance whose standard error is 10% too large."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Who answers how often in one comparison of two levels."""

    people: tuple[int, int]
    """People at each level; within: the same people, so both numbers are equal."""
    is_within: bool = True
    wordings: int = 1
    """Wordings dealt evenly over the people of each level; 1: the claim is about this wording."""
    replicates: int = 1
    conditions: int = 1
    """Conditions at each level that a person is in; the comparison averages over them."""
    blocks: tuple[float, ...] = ()
    """Relative size of each block within which people are assigned; empty: no blocks."""


@dataclass(frozen=True, slots=True)
class AnswerModel:
    """Standard deviations of an answer's random parts, and the difference between the two levels.

    answer = mean + level + person + wording x level + person x condition + noise. Of a share, all parts are on a normal
    scale on which persons, interaction and noise have a total variance of 1, and an answer is "yes" above a threshold.
    """

    person: float
    interaction: float
    noise: float
    wording: float
    """Wording x level: how much the difference between levels varies with the wording, for each level."""
    effect: float
    """In the measure's unit; of a share, between 0 and 1."""
    share: float | None = None
    """Share at the first level; None: a number."""


class Sample(NamedTuple):
    """One simulated run: a value per unit at each level, and the number of each unit's wording."""

    first: Floats
    second: Floats
    wordings: tuple[Floats, Floats]


class Power(NamedTuple):
    """How often an effect was found."""

    power: float
    error: float
    """Monte Carlo standard error of the power."""
    spread: float
    """Standard error of the estimate: its standard deviation over draws."""
    detectable: float
    """Smallest effect that would be found with a power of 80%, from the standard error of the estimate."""


Sampler = Callable[[np.random.Generator], Sample]


@dataclass(frozen=True, slots=True)
class PowerSettings:
    """How each draw is tested."""

    alpha: float = 0.05
    correction: Correction = "holm"
    comparisons: int = 1
    """Comparisons in the family; the others are assumed to find nothing."""
    permutations: int = 20_000
    """Most arrangements that are drawn."""
    draws: int = 1_000
    seed: int = 0

    @property
    def level(self) -> float:
        """Return the p-value below which the comparison is significant, if no other of its family finds anything."""
        return self.alpha if self.correction == "none" else self.alpha / self.comparisons

    def arrangements(self, beyond: int) -> int:
        """Return how many arrangements to draw so that `beyond` are expected beyond a statistic at the level.

        One more than beyond / level - 1, because p must be below the level: else the test would be stricter than it is.
        """
        return min(self.permutations, max(MIN_ARRANGEMENTS, math.ceil(beyond / self.level)))


def simulated_power(sample: Sampler, layout: Layout, how: PowerSettings) -> Power:
    """Return how often the test of a drawn sample is statistically significant after correction."""
    estimates, found = np.empty(how.draws), 0
    for draw in range(how.draws):
        drawn = sample(np.random.default_rng([how.seed, draw]))
        estimates[draw] = drawn.second.mean() - drawn.first.mean()
        p = p_value(drawn, layout, how, seed=how.seed + draw)
        found += corrected([p, *[1.0] * (how.comparisons - 1)], how.correction)[0] < how.alpha
    power = found / how.draws
    error = math.sqrt(power * (1 - power) / how.draws)
    spread = float(estimates.std(ddof=1))
    return Power(power, error, spread, spread * _quantiles(freedom_of(layout), how))


def p_value(drawn: Sample, layout: Layout, how: PowerSettings, *, seed: int) -> float:
    """Return the two-sided p-value of a sample, by the test that its layout asks for.

    With several wordings it is the t test over the wordings' differences (Clark, 1973; Judd, Westfall and Kenny, 2012).
    A test draws fewer arrangements than a report's, and still fewer where its p-value is far from the level.
    """
    if layout.wordings > 1:
        return wording_test(_differences_by_wording(drawn, layout))
    first = _permutation_test(drawn, layout, how.arrangements(FIRST), seed)
    if first.is_exact or not NEAR[0] * how.level < first.p < NEAR[1] * how.level:
        return first.p
    return _permutation_test(drawn, layout, how.arrangements(ABOVE), seed).p


def _permutation_test(drawn: Sample, layout: Layout, arrangements: int, seed: int) -> PermutationTest:
    if layout.is_within:
        return sign_flip_test(drawn.second - drawn.first, draws=arrangements, seed=seed)
    blocks = [str(block) for people in layout.people for block in _dealt(people, layout.blocks)]
    is_blocked = len(set(blocks)) > 1
    return label_test(drawn.first, drawn.second, draws=arrangements, seed=seed, blocks=blocks if is_blocked else ())


def wording_test(differences: Floats) -> float:
    """Return the two-sided p-value of a t test over wordings, with W - 1 degrees of freedom.

    `differences`: shape (wordings,), the difference among the people of each wording. 1 where they do not vary.
    """
    count = len(differences)
    error = float(differences.std(ddof=1)) / math.sqrt(count)
    return float(2 * stdtr(count - 1, -abs(float(differences.mean())) / error)) if error > 0 else 1.0


def model_sampler(model: AnswerModel, layout: Layout) -> Sampler:
    """Return what draws a sample from variance components; answers of a unit are averaged, as in a report."""
    return lambda generator: _of_answers(model, layout, generator)


def freedom_of(layout: Layout) -> int:
    """Return the degrees of freedom of the estimate's standard error."""
    if layout.wordings > 1:
        return layout.wordings - 1
    return layout.people[0] - 1 if layout.is_within else sum(layout.people) - 2


def wording_variance(wording: float, wordings: int, share: float | None = None) -> float:
    """Return the variance of the estimate that no number of people can reduce; 0 for one wording.

    `wording`: standard deviation of wording x level; with a `share`, on the normal scale, and carried over to the share
    by the slope of the normal distribution there.
    """
    if wordings <= 1:
        return 0.0
    slope = 1.0
    if share is not None:
        slope = math.exp(-(float(ndtri(share)) ** 2) / 2) / math.sqrt(2 * math.pi * (1 + wording**2))
    return 2 * (slope * wording) ** 2 / wordings


def people_beyond(spread: float, people: int, fixed: float) -> int | None:
    """Return the people from which more of them shrink the standard error by less than 10%, however many.

    `spread`: the standard error with so many `people`; `fixed`: the part of its variance that people can't reduce. None
    where there is no such part, or no other.
    """
    own = spread**2 - fixed
    return math.ceil(own * people / (NEGLIGIBLE * fixed)) if fixed > 0 and own > 0 else None


def _of_answers(model: AnswerModel, layout: Layout, generator: np.random.Generator) -> Sample:
    counts = layout.people
    wordings = tuple(np.arange(count, dtype=np.float64) % layout.wordings for count in counts)
    shifts = generator.normal(0, model.wording, (2, layout.wordings)) if layout.wordings > 1 else np.zeros((2, 1))
    person = generator.normal(0, model.person, counts[0])
    sides: list[Floats] = []
    for level in (0, 1):
        own = person if layout.is_within or not level else generator.normal(0, model.person, counts[1])
        base = own + shifts[level, wordings[level].astype(np.int64)]
        sides.append(_answers(model, layout, base, level, generator))
    return Sample(sides[0], sides[1], (wordings[0], wordings[1]))


def _answers(model: AnswerModel, layout: Layout, base: Floats, level: int, generator: np.random.Generator) -> Floats:
    """Return the mean answer of each person at a level; `base`: shape (people,), what their answers share."""
    if model.share is None:
        spread = math.sqrt((model.interaction**2 + model.noise**2 / layout.replicates) / layout.conditions)
        return base + generator.normal(0, spread, len(base)) + model.effect * level
    shape = (len(base), layout.conditions, layout.replicates)
    cells = base[:, None, None] + generator.normal(0, model.interaction, shape[:2])[:, :, None]
    answers = cells + generator.normal(0, model.noise, shape)
    scale = math.sqrt(1 + model.wording**2) if layout.wordings > 1 else 1.0
    threshold = -float(ndtri(model.share + model.effect * level)) * scale
    return np.asarray(answers > threshold, dtype=np.float64).mean(axis=(1, 2))


def _differences_by_wording(drawn: Sample, layout: Layout) -> Floats:
    means = [
        np.bincount(own.astype(np.int64), weights=side, minlength=layout.wordings)
        / np.bincount(own.astype(np.int64), minlength=layout.wordings)
        for side, own in zip((drawn.first, drawn.second), drawn.wordings, strict=True)
    ]
    return means[1] - means[0]


def _dealt(people: int, shares: tuple[float, ...]) -> list[int]:
    """Return the block of each person of a level, each block in proportion to its share."""
    if not shares:
        return [0] * people
    ends = np.cumsum(shares) / sum(shares)
    return [int(place) for place in np.searchsorted(ends, (np.arange(people) + 0.5) / people)]


def _quantiles(freedom: int, how: PowerSettings) -> float:
    """Return the standard errors that an effect must be from 0: corrected as if no other comparison found anything."""
    return float(np.sum(stdtrit(freedom, [1 - how.level / 2, WANTED])))
