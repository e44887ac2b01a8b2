"""Weighted intervals and tests against a population whose composition is known, from samples with another one."""

from __future__ import annotations

import numpy as np
import pytest
from rates import is_at_least, is_at_most, is_near, noise, number_of_draws

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.raking import RakingMargin, rake
from tinytroupe_cli.analysis.units import Units
from tinytroupe_cli.analysis.weighted_differences import weighted_figures, weighted_units
from tinytroupe_cli.analysis.weighted_summaries import effective_wilson
from tinytroupe_cli.analysis.weights import Weighed, Weighting
from tinytroupe_cli.plan.planned_comparisons import PlannedInference

DRAWS = number_of_draws(short=100)
GENDERS, AGES = np.array([0.5, 0.5]), np.array([0.3, 0.4, 0.3])
"""Of the population."""
MORE_MEN, MORE_YOUNG = np.array([0.65, 0.35]), np.array([0.45, 0.3, 0.25])
"""Of the samples."""
SLOPE = 0.1
"""By how much the answers of the levels differ."""
ASKED = ComparisonResult(measure="q.f", by="x", levels=(1, 2), design="within", scale="number", unit="person")


class Sample:
    """People of known levels, with weights."""

    def __init__(self, seed, people):
        self.chance, self.names = np.random.default_rng(seed), [str(number) for number in range(people)]
        raked = None
        while raked is None or not raked.is_met:  # a sample without young women, say, is refused
            codes = [self.chance.choice(2, people, p=MORE_MEN), self.chance.choice(3, people, p=MORE_YOUNG)]
            margins = [RakingMargin(codes[0], GENDERS), RakingMargin(codes[1], AGES)]
            if [len(set(own)) for own in codes] == [2, 3]:
                raked = rake(np.ones(people), margins)
        self.weights = raked.weights
        self.level = 0.3 + SLOPE * (codes[0] - 0.5) + SLOPE * (codes[1] - 1.0)  # its mean in the population is 0.3
        kept = tuple((tuple(one.codes.tolist()), tuple(one.shares.tolist())) for one in margins)
        self.weighed = Weighed(
            Weighting(people=people), dict(zip(self.names, self.weights.tolist(), strict=True)), kept
        )

    def compared(self, first, second, seed, **changes):
        sides = [dict(zip(names, values, strict=True)) for names, values in (first, second)]
        asked = ASKED.model_copy(update=changes)
        how = AnalysisSettings(PlannedInference(permutations=499), seed)
        units = weighted_units(self.weighed, Units("person", {name: name for name in self.names}))
        return weighted_figures(*sides, asked, 1.0 if asked.scale == "share" else np.inf, how, weighted=units)


def rate(people, holds):
    return float(np.mean([holds(Sample(seed, people), seed) for seed in range(DRAWS)]))


def answers(sample, kind, more=0.0):
    """Return one answer per person, which depends on their levels."""
    chance = np.clip(sample.level + more, 0, 1)
    match kind:
        case "yes_no":
            return sample.chance.binomial(1, chance) * 1.0
        case "three of yes_no":
            return sample.chance.binomial(3, chance) / 3
        case _:
            return 2 * chance + sample.chance.normal(0, 0.5, len(chance))


@pytest.mark.truth
@pytest.mark.parametrize("people", [20, 40])
def test_weighted_shares_cover_the_share_of_the_population(people):
    def is_covered(sample, _seed):
        share = np.average(answers(sample, "yes_no"), weights=sample.weights)
        low, high = effective_wilson(share, sample.weights.sum() ** 2 / np.square(sample.weights).sum())
        return low <= 0.3 <= high

    assert is_at_least(rate(people, is_covered), 0.93 - noise(0.95, DRAWS))


@pytest.mark.truth
@pytest.mark.parametrize("kind", ["number", "yes_no", "three of yes_no"])
@pytest.mark.parametrize("design", ["within", "between"])
def test_weighted_differences_cover_the_difference_of_the_population(design, kind):
    scale, effect = ("number", 0.4) if kind == "number" else ("share", 0.2)

    def is_covered(sample, seed):
        first, second = answers(sample, kind), answers(sample, kind, more=0.2)
        half = slice(None) if design == "within" else slice(None, None, 2)
        other = slice(None) if design == "within" else slice(1, None, 2)
        sides = (sample.names[half], first[half]), (sample.names[other], second[other])
        found = sample.compared(*sides, seed, design=design, scale=scale)
        return found["low"] <= effect <= found["high"]

    assert is_at_least(rate(40, is_covered), 0.93 - noise(0.95, DRAWS))


@pytest.mark.truth
@pytest.mark.parametrize("design", ["within", "between"])
def test_weighted_tests_err_as_often_as_they_say(design):
    def is_wrong(sample, seed):
        first, second = answers(sample, "number"), answers(sample, "number")
        half, other = (slice(None),) * 2 if design == "within" else (slice(None, None, 2), slice(1, None, 2))
        sides = (sample.names[half], first[half]), (sample.names[other], second[other])
        return sample.compared(*sides, seed, design=design)["p"] <= 0.05

    assert is_near(rate(40, is_wrong), 0.05, draws=DRAWS)


@pytest.mark.truth
def test_without_weights_a_biased_sample_misses_the_share_of_the_population():
    def is_covered(sample, _seed):
        return abs(sample.level.mean() - 0.3) < 0.02

    assert is_at_most(rate(400, is_covered), 0.1)
