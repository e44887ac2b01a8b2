"""Baselines by hand: what the rules say of a few units."""

from __future__ import annotations

import numpy as np
import pytest

from tinytroupe_cli.analysis.answer_sets import answer_set
from tinytroupe_cli.analysis.baseline_figures import (
    BootstrapDraws,
    ContrastEstimate,
    DistanceEstimate,
    baseline_distances,
    contrast_estimate,
    is_same_conclusion,
    person_share,
    spreads,
    verdict_of,
)
from tinytroupe_cli.analysis.baseline_result import PersonShare
from tinytroupe_cli.analysis.fidelity_figures import AnswerScale
from tinytroupe_cli.analysis.human_sampling import Sides

SCALE = AnswerScale(np.arange(1.0, 4.0), is_ordered=True, has_categories=True, width=2.0)
NO_PAIRS = np.zeros((0, 2), dtype=np.int64)
SAME, FAR = DistanceEstimate(0.02, 0.0, 0.08), DistanceEstimate(0.3, 0.2, 0.4)
WIDE = DistanceEstimate(0.1, 0.0, 0.3)


def one_each(places):
    return answer_set([[(place, 1.0)] for place in places], [1.0] * len(places), 3)


def test_distances_are_of_all_answers_and_ordered_ones_have_two():
    sides = Sides(one_each([0, 0, 1, 2] * 10), one_each([0, 1, 1, 2] * 10), NO_PAIRS)
    found = baseline_distances(sides, SCALE, BootstrapDraws(200, 1))
    assert found["total_variation"].value == pytest.approx(0.25)
    assert found["wasserstein"].value == pytest.approx(0.125)
    assert all(one.low <= one.value <= one.high for one in found.values())


def test_a_known_distribution_is_not_sampled():
    known = answer_set([[(0, 1 / 3), (1, 1 / 3), (2, 1 / 3)]], [1.0], 3)
    found = baseline_distances(Sides(one_each([0, 1, 2] * 40), known, NO_PAIRS), SCALE, BootstrapDraws(200, 1))
    both = Sides(one_each([0, 1, 2] * 40), one_each([0, 1, 2] * 40), NO_PAIRS)
    sampled = baseline_distances(both, SCALE, BootstrapDraws(200, 1))
    assert found["total_variation"].value == pytest.approx(0)
    assert found["total_variation"].high < sampled["total_variation"].high


def test_samples_that_agree_by_chance_are_not_said_to_be_the_same():
    found = baseline_distances(
        Sides(one_each([0, 1, 2] * 4), one_each([0, 1, 2] * 4), NO_PAIRS), SCALE, BootstrapDraws(500, 1)
    )
    assert found["total_variation"].value == 0
    assert found["total_variation"].high > 0.3


def test_where_nobody_differs_the_interval_is_the_exact_bound():
    found = baseline_distances(Sides(one_each([1] * 20), one_each([1] * 40), NO_PAIRS), SCALE, BootstrapDraws(200, 1))
    assert found["total_variation"].high == pytest.approx(1 - 0.025 ** (1 / 20))


def test_spreads_are_of_the_mixture():
    deviation, entropy = spreads(one_each([0, 2]), SCALE)
    assert (deviation, entropy) == (1.0, 1.0)


def test_a_contrast_leaves_out_missing_answers_and_has_no_interval_with_few_units():
    values, weights = np.array([[0.0, 1.0], [0.0, np.nan], [1.0, 1.0]]), np.array([-1.0, 1.0])
    found = contrast_estimate(values, weights, np.ones(3), BootstrapDraws(100, 1), tests=1)
    assert found == ContrastEstimate(pytest.approx(1 - 1 / 3))
    nothing = contrast_estimate(np.full((3, 2), np.nan), weights, np.ones(3), BootstrapDraws(100, 1), tests=1)
    assert nothing == ContrastEstimate()


def test_whether_a_contrast_is_shown_is_corrected_for_their_number():
    values = np.column_stack([np.zeros(40), np.r_[np.ones(6), np.zeros(34)]])
    weights, draws = np.array([-1.0, 1.0]), BootstrapDraws(1000, 1)
    assert contrast_estimate(values, weights, np.ones(40), draws, tests=1).is_shown
    assert not contrast_estimate(values, weights, np.ones(40), draws, tests=50).is_shown


def test_only_shown_differences_have_a_sign():
    quiet, loud, none = ContrastEstimate(-0.1), ContrastEstimate(-0.2, -0.3, -0.1, is_shown=True), ContrastEstimate()
    assert is_same_conclusion(0.1, quiet, is_shown=False)
    assert not is_same_conclusion(0.1, quiet, is_shown=True)
    assert not is_same_conclusion(0.1, loud, is_shown=False)
    assert is_same_conclusion(-0.1, loud, is_shown=True)
    assert not is_same_conclusion(0.1, ContrastEstimate(0.0), is_shown=True)
    assert not is_same_conclusion(0.1, none, is_shown=False)


@pytest.mark.parametrize(
    ("distance", "is_same", "people", "verdict"),
    [
        (SAME, True, None, "adds_nothing"),
        (SAME, False, None, "undecided"),
        (WIDE, True, None, "undecided"),
        (FAR, True, None, "differ"),
        (SAME, True, PersonShare(), "same_distribution"),
        (SAME, True, PersonShare(is_deterministic=True), "same_distribution"),
        (SAME, True, PersonShare(icc=0.01, low=0, high=0.05, p=0.4), "adds_nothing"),
        (SAME, True, PersonShare(icc=0.05, low=0, high=0.2, p=0.2), "undecided"),
        (SAME, True, PersonShare(icc=0.3, low=0.2, high=0.4, p=0.001), "differ"),
    ],
)
def test_the_rule(distance, is_same, people, verdict):
    assert verdict_of(distance, is_same=is_same, alpha=0.05, people=people) == verdict


def test_the_share_of_people_equals_a_one_way_analysis_of_variance():
    """Shrout and Fleiss (1979), table 2: six targets, four ratings; ICC(1,1) is 0.17."""
    ratings = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
    found = person_share(ratings[:, None, :, None].astype(float), 0.05)
    assert found.icc == pytest.approx(0.166, abs=5e-4)
    assert found.low == 0.0
    assert found.high == pytest.approx(0.72, abs=0.005)  # McGraw and Wong (1996): [-0.13, 0.72]


def test_copies_and_single_answers_tell_nothing_about_people():
    assert person_share(np.zeros((8, 2, 1, 1)), 0.05) == PersonShare()
    assert person_share(np.zeros((5, 2, 3, 1)), 0.05) == PersonShare()
    copies = np.arange(8.0)[:, None, None, None] * np.ones((8, 2, 3, 1))
    assert person_share(copies, 0.05) == PersonShare(is_deterministic=True)
