"""Fidelity against generators with a known truth: what do the verdicts say of simulations that are right or wrong?"""

from __future__ import annotations

import numpy as np
import pytest
from rates import is_at_least, is_at_most, noise, number_of_draws, rate

from tinytroupe_cli.analysis import fidelity_figures
from tinytroupe_cli.analysis.answer_sets import answer_set
from tinytroupe_cli.analysis.distances import total_variation
from tinytroupe_cli.analysis.fidelity_figures import AnswerScale, FidelityFigures
from tinytroupe_cli.analysis.human_sampling import Sides, halves

DRAWS = max(20, number_of_draws(short=200) // 10)
"""Draws of each generator; each draws thousands of samples itself."""
LIKERT = AnswerScale(np.arange(1.0, 6.0), is_ordered=True, has_categories=True, width=4.0)
CHOICE = AnswerScale(None, is_ordered=False, has_categories=True, width=1.0)
SKEWED = np.array([0.1, 0.2, 0.3, 0.25, 0.15])
NO_TWINS = np.zeros((0, 2), dtype=np.int64)


def one_each(codes, size=5):
    return answer_set([[(int(code), 1.0)] for code in codes], [1.0] * len(codes), size)


def held(simulated, humans, scale=LIKERT, seed=0, twins=NO_TWINS):
    size = 5 if scale is LIKERT or scale is CHOICE else len(scale.values)
    return FidelityFigures(Sides(one_each(simulated, size), one_each(humans, size), twins), scale, 200, seed)


def verdicts(found):
    return {(one.verdict, one.against) for one in found.verdicts()}


def at_least(wanted):
    """Return the least rate that `DRAWS` draws can show where the true one is `wanted`."""
    return wanted - noise(wanted, DRAWS)


@pytest.mark.truth
@pytest.mark.parametrize("scale", [LIKERT, CHOICE])
def test_resampled_humans_are_within_the_ceiling(scale):
    def is_within(generator, seed):
        humans = generator.choice(5, 500, p=SKEWED)
        return ("within_ceiling", "") in verdicts(held(generator.choice(humans, 500), humans, scale, seed))

    assert is_at_least(rate(is_within, DRAWS), at_least(0.95))


@pytest.mark.truth
def test_a_simulation_off_by_more_than_the_margin_is_not_within_the_ceiling():
    def is_within(generator, seed):
        humans = generator.choice(5, 1000, p=SKEWED)
        simulated = generator.choice(5, 1000, p=SKEWED + np.array([-0.1, 0, 0, 0, 0.1]))
        return ("within_ceiling", "") in verdicts(held(simulated, humans, seed=seed))

    assert is_at_most(rate(is_within, DRAWS), 1 - at_least(0.95))


@pytest.mark.truth
def test_half_the_spread_is_collapsed():
    def is_said(generator, seed):
        humans, narrow = generator.normal(2, 1.2, 200), generator.normal(2, 0.6, 200)
        rounded = [np.clip(np.round(one), 0, 4).astype(int) for one in (narrow, humans)]
        return ("spread_collapsed", "") in verdicts(held(*rounded, seed=seed))

    assert is_at_least(rate(is_said, DRAWS), at_least(0.95))


@pytest.mark.truth
def test_an_equal_spread_is_not_collapsed():
    def is_said(generator, seed):
        return ("spread_collapsed", "") in verdicts(held(*generator.choice(5, (2, 200), p=SKEWED), seed=seed))

    assert is_at_most(rate(is_said, DRAWS), 1 - at_least(0.95))


@pytest.mark.truth
@pytest.mark.parametrize("scale", [LIKERT, CHOICE])
def test_uniform_answers_are_no_better_than_uniform(scale):
    def is_better(generator, seed):
        humans = generator.choice(5, 200, p=SKEWED)
        return ("better_than", "uniform") in verdicts(held(generator.integers(0, 5, 200), humans, scale, seed))

    assert is_at_most(rate(is_better, DRAWS), 1 - at_least(0.95))


@pytest.mark.truth
def test_against_uniform_humans_nothing_is_better_than_uniform():
    def is_better(generator, seed):
        simulated = generator.integers(0, 5, 200)
        return ("better_than", "uniform") in verdicts(held(simulated, generator.integers(0, 5, 200), seed=seed))

    assert is_at_most(rate(is_better, DRAWS), 1 - at_least(0.95))


@pytest.mark.truth
def test_a_good_simulation_is_better_than_both_baselines():
    wanted = {("better_than", "uniform"), ("better_than", "majority")}
    steep = np.array([0.05, 0.05, 0.1, 0.3, 0.5])

    def is_better(generator, seed):
        return wanted <= verdicts(held(*generator.choice(5, (2, 200), p=steep), seed=seed))

    assert is_at_least(rate(is_better, DRAWS), at_least(0.95))


@pytest.mark.truth
def test_intervals_of_distances_hold_the_distance():
    other = SKEWED + np.array([-0.05, -0.05, 0, 0, 0.1])

    def covers(generator, seed):
        found = held(generator.choice(5, 200, p=other), generator.choice(5, 200, p=SKEWED), seed=seed)
        figures = {one.name: one for one in found.figures()}
        one = figures["total_variation"]
        return one.low <= total_variation(other, SKEWED) <= one.high

    assert is_at_least(rate(covers, DRAWS), at_least(0.88))


@pytest.mark.truth
def test_equal_distributions_have_0_in_the_interval():
    def covers(generator, seed):
        figures = held(*generator.choice(5, (2, 150), p=SKEWED), seed=seed).figures()
        return figures[0].low == 0

    assert is_at_least(rate(covers, DRAWS), at_least(0.95))


@pytest.mark.truth
@pytest.mark.parametrize("units", [30, 400])
def test_the_ceiling_is_computed_at_the_size_of_the_simulation(units):
    """A simulation that is right is as far off as people are, however few it has; distances grow as samples shrink."""
    generator = np.random.default_rng(units)
    gaps = []
    for _ in range(20):
        simulated, humans = generator.choice(5, units, p=SKEWED), generator.choice(5, 600, p=SKEWED)
        split = halves(Sides(one_each(simulated), one_each(humans), NO_TWINS), 100, generator)
        assert split.size == min(units, 300)
        gaps.append(np.mean(total_variation(split.simulated, split.first) - total_variation(split.second, split.first)))
    assert is_at_most(abs(np.mean(gaps)), 3 * np.std(gaps) / np.sqrt(len(gaps)) + 0.003)
    full = np.mean([total_variation(one, SKEWED) for one in split.simulated])
    assert full > 0.02 or units > 100


def test_identical_answers_have_no_interval_of_width_0():
    figures = {one.name: one for one in held([2] * 50, [2] * 60).figures()}
    assert figures["total_variation"].value == 0
    assert figures["total_variation"].high > 0.05
    assert figures["mean_difference"].low < 0 < figures["mean_difference"].high
    assert figures["sd_ratio"].value is None
    assert figures["sd_ratio"].why_not


def test_small_samples_that_agree_by_chance_are_not_said_to_be_the_same():
    answers = [0, 1, 2, 3, 4] * 4
    for one in held(answers, answers).figures():
        if one.name in ("total_variation", "kolmogorov_smirnov", "wasserstein", "jensen_shannon"):
            assert one.value == one.low == 0
            assert one.high > 0.02


@pytest.mark.truth
def test_intervals_hold_a_distance_between_small_samples():
    other = np.array([0.3, 0.25, 0.2, 0.15, 0.1])

    def covers(generator, seed):
        found = held(generator.choice(5, 24, p=other), generator.choice(5, 24, p=SKEWED), seed=seed)
        one = next(figure for figure in found.figures() if figure.name == "total_variation")
        return one.low <= total_variation(other, SKEWED) <= one.high

    assert is_at_least(rate(covers, DRAWS), at_least(0.88))


def test_one_answer_from_everybody_simulated_has_a_bound_of_its_spread():
    figures = {one.name: one for one in held([2] * 50, [0, 1, 2, 3, 4] * 12).figures()}
    assert figures["sd_ratio"].value == 0
    assert 0 < figures["sd_ratio"].high < 1


def test_the_order_of_people_changes_nothing_but_the_draws():
    generator = np.random.default_rng(1)
    simulated, humans = generator.choice(5, 80, p=SKEWED), generator.choice(5, 90, p=SKEWED)
    one, other = held(simulated, humans).figures(), held(simulated[::-1], humans[::-1]).figures()
    assert [figure.value for figure in one] == pytest.approx([figure.value for figure in other])
    assert held(simulated, humans).figures() == one


def test_the_margin_is_the_one_that_is_documented():
    assert (fidelity_figures.MARGIN, fidelity_figures.COLLAPSED) == (0.05, 0.8)
