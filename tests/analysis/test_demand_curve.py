"""Demand over prices: intervals that are never of width 0, and the price of greatest revenue."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

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


@pytest.mark.parametrize("is_weighted", [False, True])
def test_intervals_of_demand_and_excluded_prices_follow_the_text_of_the_docs(is_weighted: bool) -> None:
    generator = np.random.default_rng(4)
    units, prices = 40, np.array([1.0, 2, 3, 4])
    accepted = (generator.integers(0, 5, units)[:, None] >= np.arange(1, 5)).astype(float)
    weights = generator.uniform(0.5, 2, units) if is_weighted else np.ones(units)
    w = (weights / weights.sum())[:, None]
    p = (w * accepted).sum(axis=0)
    d = w * (accepted - p) / np.sqrt(1 - w)
    e, draws = np.sqrt(np.square(d).sum(axis=0)), generator.standard_normal((20_000, units))
    level = 2 - 2 * stats.norm.cdf(np.quantile(np.abs(draws @ d / e).max(axis=1), 0.95))
    f = np.square(w).sum() ** 2 / (w**4).sum() - 1
    effective = p * (1 - p) / e**2 * (stats.t.isf(level / 2, units - 1) / stats.t.isf(level / 2, f)) ** 2
    if not is_weighted:
        assert effective == pytest.approx(units - 1)
    said = p * effective
    low, high = (
        stats.beta.ppf(level / 2, said, effective - said + 1),
        stats.beta.ppf(1 - level / 2, said + 1, effective - said),
    )
    how: dict[str, Any] = {"resamples": 20_000, "seed": 3, "alpha": 0.05}
    found = np.array([(one.low, one.high) for one in demand_band(accepted, weights, **how)])
    assert found == pytest.approx(np.column_stack([low, high]), abs=0.006)
    kept: list[int] = []
    for j in range(4):
        others = [k for k in range(4) if k != j]
        gaps = (d * prices)[:, others] - (d * prices)[:, [j]]
        least = np.maximum(prices[others], prices[j]) / (units + 1)
        error = np.maximum(np.sqrt(np.square(gaps).sum(axis=0)), least)
        ratio = ((p * prices)[others] - p[j] * prices[j]) / error
        if ratio.max() <= np.quantile((draws @ gaps / error).max(axis=1), 0.95):
            kept.append(j)
    assert greatest_revenue(accepted, prices, weights, **how).candidates == tuple(kept)
