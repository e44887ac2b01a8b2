"""Probabilities that people state: how they are read, and how answers are drawn from them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.measurement.verbalized import draw, in_written_order, probabilities
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
