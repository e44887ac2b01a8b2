"""Cronbach's alpha, its interval and item-rest correlations."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tinytroupe_cli.analysis.reliability import cronbach_alpha, feldt_interval, item_rest_correlations

ITEMS = np.array([[2.0, 3, 3], [4, 4, 5], [1, 2, 1], [5, 4, 4], [3, 3, 2], [2, 1, 2]])


def test_alpha_by_covariances() -> None:
    """k / (k - 1) * (1 - trace / sum of the covariance matrix)."""
    covariance = np.cov(ITEMS.T)
    assert cronbach_alpha(ITEMS) == pytest.approx(1.5 * (1 - np.trace(covariance) / covariance.sum()))


def test_equal_items_are_perfectly_reliable_and_constant_ones_have_no_reliability() -> None:
    assert cronbach_alpha(np.repeat(ITEMS[:, :1], 4, axis=1)) == pytest.approx(1)
    assert cronbach_alpha(np.full((5, 3), 2.0)) is None


def test_the_interval_is_that_of_the_f_distribution() -> None:
    low, high = feldt_interval(0.8, 30, 5)
    assert low == pytest.approx(1 - 0.2 * stats.f.ppf(0.975, 29, 116))
    assert high == pytest.approx(1 - 0.2 * stats.f.ppf(0.025, 29, 116))
    assert low < 0.8 < high


@given(st.integers(0, 10**6), st.floats(0.1, 10), st.floats(-5, 5))
def test_the_unit_of_all_items_does_not_matter(seed: int, times: float, plus: float) -> None:
    generator = np.random.default_rng(seed)
    items = generator.normal(0, 1, (12, 1)) + generator.normal(0, 1, (12, 4))
    assert cronbach_alpha(times * items + plus) == pytest.approx(cronbach_alpha(items))
    assert cronbach_alpha(items[::-1]) == pytest.approx(cronbach_alpha(items))


def test_an_item_correlates_with_the_sum_of_the_others() -> None:
    found = item_rest_correlations(ITEMS)
    for at, one in enumerate(found):
        rest = np.delete(ITEMS, at, axis=1).sum(axis=1)
        assert one == pytest.approx(np.corrcoef(ITEMS[:, at], rest)[0, 1])
    assert item_rest_correlations(np.column_stack([np.ones(6), ITEMS[:, 0], ITEMS[:, 1]]))[0] is None
    assert not any(one is not None and math.isnan(one) for one in found)
