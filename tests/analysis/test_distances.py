"""Distances equal scipy's on raw samples, with ties, one value and weights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import jensenshannon

from tinytroupe_cli.analysis import distances
from tinytroupe_cli.analysis.answer_sets import answer_set

VALUES = np.array([1.0, 2.0, 3.0, 5.0, 9.0])
CODES = st.lists(st.integers(0, 4), min_size=1, max_size=30)
WEIGHTS = st.lists(st.floats(0.1, 10), min_size=30, max_size=30)


def shares(codes, weights=None):
    return answer_set([[(code, 1.0)] for code in codes], weights or [1.0] * len(codes), 5).shares()


@given(CODES, CODES)
def test_kolmogorov_smirnov_is_scipys(one, other):
    one, other = one * 2, other * 2  # scipy's p-value, not its statistic, divides by 0 for one answer a side
    found = distances.kolmogorov_smirnov(shares(one), shares(other))
    wanted = stats.ks_2samp(VALUES[one], VALUES[other], method="asymp").statistic
    assert found == pytest.approx(wanted, abs=1e-9)


@given(CODES, CODES, WEIGHTS, WEIGHTS)
def test_wasserstein_is_scipys_with_weights(one, other, first, second):
    first, second = first[: len(one)], second[: len(other)]
    found = distances.wasserstein(shares(one, first), shares(other, second), VALUES)
    wanted = stats.wasserstein_distance(VALUES[one], VALUES[other], first, second)
    assert found == pytest.approx(wanted, abs=1e-9)


@given(CODES, CODES)
def test_jensen_shannon_is_the_divergence_not_its_root(one, other):
    p, q = shares(one), shares(other)
    root = np.nan_to_num(jensenshannon(p, q, base=2))
    assert distances.jensen_shannon(p, q) == pytest.approx(root**2, abs=1e-9)


def test_jensen_shannon_of_a_known_pair():
    p, q = np.array([1.0, 0.0]), np.array([0.5, 0.5])
    assert distances.jensen_shannon(p, q) == pytest.approx(0.311278124459, abs=1e-9)  # its root is 0.558
    assert distances.jensen_shannon(p, p) == 0
    assert distances.jensen_shannon(p, p[::-1]) == 1


@given(CODES)
def test_entropy_mean_and_spread_are_scipys(codes):
    p = shares(codes)
    assert distances.entropy(p) == pytest.approx(stats.entropy(p, base=2), abs=1e-9)
    assert distances.mean(p, VALUES) == pytest.approx(VALUES[codes].mean(), abs=1e-9)
    assert distances.standard_deviation(p, VALUES) == pytest.approx(VALUES[codes].std(), abs=1e-9)


@given(CODES, CODES)
def test_the_agreement_of_ranks_is_kendalls_tau_b(one, other):
    p, q = shares(one), shares(other)
    wanted = stats.kendalltau(np.round(p, 9), np.round(q, 9)).statistic
    assert distances.rank_agreement(p, q) == pytest.approx(wanted, abs=1e-9, nan_ok=True)


@given(CODES, CODES)
def test_total_variation_is_the_share_of_answers_that_would_have_to_change(one, other):
    p, q = shares(one), shares(other)
    assert distances.total_variation(p, q) == pytest.approx(np.maximum(p - q, 0).sum(), abs=1e-9)
    assert distances.kolmogorov_smirnov(p, q) <= distances.total_variation(p, q) + 1e-12


def test_a_unit_that_answered_several_times_counts_once():
    mixed = answer_set([[(0, 0.5), (1, 0.5)], [(1, 1.0)]], [1, 1], 2)
    assert mixed.shares().tolist() == [0.25, 0.75]
    assert mixed.shares(np.array([[2.0, 0.0], [1.0, 3.0]])).tolist() == [[0.5, 0.5], [0.125, 0.875]]
    assert mixed.scores(np.array([10.0, 20.0])).tolist() == [15.0, 20.0]
    assert mixed.only(np.array([False, True])).shares().tolist() == [0, 1]


def test_a_weight_counts_like_as_many_people():
    weighted = answer_set([[(0, 1.0)], [(1, 1.0)]], [3, 1], 2)
    repeated = answer_set([[(0, 1.0)]] * 3 + [[(1, 1.0)]], [1] * 4, 2)
    assert weighted.shares().tolist() == pytest.approx(repeated.shares().tolist())
