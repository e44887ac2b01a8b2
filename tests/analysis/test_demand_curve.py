"""Demand over prices: intervals that are never of width 0, and the price of greatest revenue."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tinytroupe_cli.analysis.demand_curve import demand_band, greatest_revenue

HOW: dict[str, Any] = {"resamples": 1000, "seed": 3, "alpha": 0.05}


def test_the_band_is_wider_than_intervals_of_single_prices() -> None:
    highest = np.arange(30)
    accepted = (highest[:, None] >= np.array([6, 12, 18, 24])).astype(np.float64)
    together = demand_band(accepted, np.ones(30), **HOW)
    for price, interval in enumerate(together):
        [alone] = demand_band(accepted[:, [price]], np.ones(30), **HOW)
        assert interval.low < alone.low < accepted[:, price].mean() < alone.high < interval.high


def test_where_everybody_agrees_the_interval_has_a_width() -> None:
    accepted = np.column_stack([np.ones(20), np.zeros(20)])
    sure, never = demand_band(accepted, np.ones(20), **HOW)
    assert sure.high == 1
    assert 0.7 < sure.low < 0.9
    assert never == pytest.approx((0, 1 - sure.low))


def test_equal_weights_change_nothing() -> None:
    accepted = (np.random.default_rng(0).random((25, 3)) < [0.8, 0.5, 0.2]).astype(np.float64)
    assert np.allclose(demand_band(accepted, np.ones(25), **HOW), demand_band(accepted, np.full(25, 7.0), **HOW))


def test_the_only_price_that_anyone_accepts_is_the_best() -> None:
    accepted = np.column_stack([np.ones(40), np.zeros(40)])
    found = greatest_revenue(accepted, np.array([10.0, 11.0]), np.ones(40), **HOW)
    assert (found.best, found.candidates) == (0, (0,))


def test_a_higher_price_that_all_accept_does_not_exclude_one_just_below() -> None:
    """Of 12 people, all accept both; had one more refused the higher price, the lower one would bring in more."""
    found = greatest_revenue(np.ones((12, 2)), np.array([100.0, 101.0]), np.ones(12), **HOW)
    assert found.best == 1
    assert found.candidates == (0, 1)
    far = greatest_revenue(np.ones((12, 2)), np.array([50.0, 101.0]), np.ones(12), **HOW)
    assert far.candidates == (1,)


def test_of_two_equal_revenues_the_lower_price_is_named() -> None:
    accepted = np.column_stack([np.ones(20), np.tile([0.0, 1.0], 10)])
    found = greatest_revenue(accepted, np.array([5.0, 10.0]), np.ones(20), **HOW)
    assert found.best == 0
    assert found.candidates == (0, 1)


def test_shares_that_are_the_same_for_all_units_are_inside_their_interval() -> None:
    [interval] = demand_band(np.full((7, 1), 0.75), np.ones(7), **HOW)
    assert interval.low < 0.75 < interval.high < 1
