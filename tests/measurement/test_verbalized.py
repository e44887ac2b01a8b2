"""Probabilities that people state: how they are read, and how answers are drawn from them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tinytroupe_cli.core.quantile_distributions import cumulative, expectation, mixture_moments, quantile_at
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.measurement.verbalized import draw, in_written_order, probabilities, quantiles, rounded
from tinytroupe_cli.plan.types import PlannedField


def test_numbers_that_make_about_100_are_normalised() -> None:
    assert probabilities([50, 30, 20]) == pytest.approx((0.5, 0.3, 0.2))
    assert probabilities([50, 30, 16]) == pytest.approx((50 / 96, 30 / 96, 16 / 96))


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([50, 30], "make 80"),
        ([0.5, 0.5], "make 1,"),
        ([120, -20], "below 0"),
        ([100, None], "needs a number"),
        ([100, True], "needs a number"),
        ([math.nan, 100], "needs a number"),
    ],
)
def test_others_are_refused_with_a_reason(values: list[float | None], says: str) -> None:
    found = probabilities(values)
    assert isinstance(found, str)
    assert says in found


def test_what_was_shown_in_another_order_is_put_back() -> None:
    field = PlannedField(name="f", kind="choice", options=("tea", "coffee", "water"))
    assert in_written_order(field, ("water", "tea", "coffee"), (0.1, 0.2, 0.7)) == (0.2, 0.7, 0.1)


def test_shares_of_draws_are_the_probabilities() -> None:
    pmf, count = (0.1, 0.0, 0.6, 0.3), 4_000
    drawn = [draw(pmf, Stream(1, "draw", number).fraction()) for number in range(count)]
    counts = [drawn.count(place) for place in range(4)]
    assert counts[1] == 0
    expected = [count * p for p in pmf if p]
    assert stats.chisquare([one for one in counts if one], expected).pvalue > 0.001


@given(st.lists(st.floats(0, 1), min_size=2, max_size=6).filter(any), st.floats(0, 0.999999))
def test_a_draw_is_possible_and_moves_with_the_number(weights: list[float], luck: float) -> None:
    pmf = [one / sum(weights) for one in weights]
    place = draw(pmf, luck)
    assert pmf[place] > 0
    assert draw(pmf, luck / 2) <= place


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([10, 5, 20], "do not increase"),
        ([10, 20, None], "needs a number"),
        ([10, 20, 101], "101 is not between 0 and 100"),
        ([-1, 20, 30], "-1 is not between 0 and 100"),
        ([10, 20, math.inf], "needs a number"),
    ],
)
def test_quantiles_that_can_not_be_used_say_why(values: list[float | None], says: str) -> None:
    found = quantiles(values, 0, 100)
    assert isinstance(found, str)
    assert says in found


def test_zero_is_a_number_and_equal_quantiles_are_a_certain_answer() -> None:
    assert quantiles([0, 0, 0], 0, 100) == (0, 0, 0, 0, 100)
    assert quantile_at((0, 0, 0, 0, 100), 0.7) == 0


some_quantiles = st.lists(st.floats(0, 100).map(lambda x: round(x, 3)), min_size=3, max_size=3).map(
    lambda three: (0.0, *sorted(three), 100.0)
)


@given(st.lists(some_quantiles, min_size=1, max_size=4))
def test_moments_of_numbers_are_those_of_many_draws(many: list[tuple[float, ...]]) -> None:
    levels = [(number + 0.5) / 4_000 for number in range(4_000)]
    drawn = np.array([quantile_at(one, level) for one in many for level in levels])
    mean, sd, median = mixture_moments(many)
    assert mean == pytest.approx(drawn.mean(), abs=0.02)
    assert sd == pytest.approx(drawn.std(), abs=0.03)
    assert np.mean(drawn < median - 0.05) <= 0.5 + 1e-3
    assert np.mean(drawn <= median + 0.05) >= 0.5 - 1e-3
    assert mean == pytest.approx(np.mean([expectation(one) for one in many]))


@given(some_quantiles, st.floats(0.001, 0.999))
def test_the_cumulative_distribution_and_its_inverse_agree(one: tuple[float, ...], level: float) -> None:
    assert cumulative(one, quantile_at(one, level)) >= level - 1e-6


def test_weights_weigh_numbers() -> None:
    low, high = (0.0, 0.0, 0.0, 0.0, 100.0), (0.0, 100.0, 100.0, 100.0, 100.0)
    assert mixture_moments([low, high], [3, 1])[0] == pytest.approx(0.75 * 5 + 0.25 * 95)
    assert mixture_moments([low, high], [3, 1])[2] == 0
    assert mixture_moments([low, high], [1, 3])[2] == 100


def test_a_draw_has_as_many_digits_as_its_range_needs() -> None:
    assert rounded(12.34567, 100) == 12.3
    assert rounded(0.1234567, 1) == 0.123
    assert rounded(12345.67, 100_000) == 12346
