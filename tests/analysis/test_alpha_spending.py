from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tinytroupe_cli.analysis.alpha_spending import spending_bounds, spent, stagewise_p

FIVE = (0.2, 0.4, 0.6, 0.8, 1.0)


def test_five_equal_looks_have_the_published_bounds():
    assert spending_bounds(FIVE) == pytest.approx([4.8769, 3.3569, 2.6803, 2.2898, 2.0310], abs=2e-3)


def test_one_look_is_the_usual_test():
    assert spending_bounds([1.0]) == pytest.approx([stats.norm.isf(0.025)], abs=1e-6)
    assert stagewise_p([1.0], [], 1.7) == pytest.approx(2 * stats.norm.sf(1.7), abs=1e-9)


def test_alpha_is_spent_by_the_last_look_and_hardly_any_at_the_first():
    found = spent(FIVE)
    assert found == sorted(found)
    assert found[-1] == pytest.approx(0.05)
    assert found[0] < 1e-5


def test_the_p_value_at_a_bound_is_the_alpha_spent():
    bounds = spending_bounds(FIVE)
    for place in range(1, 5):
        p = stagewise_p(FIVE[: place + 1], bounds[:place], bounds[place])
        assert p == pytest.approx(spent(FIVE)[place], abs=1e-6)


@pytest.mark.parametrize("fractions", [[], [0.5, 0.5], [0.6, 0.4], [0.0, 1.0]])
def test_looks_that_do_not_rise_are_refused(fractions):
    with pytest.raises(ValueError, match="rise"):
        spending_bounds(fractions)


def test_bounds_agree_with_brownian_motion():
    generator = np.random.default_rng(4)
    walk = np.cumsum(generator.normal(0, np.sqrt(0.2), (200_000, 5)), axis=1) / np.sqrt(FIVE)
    crossed = (np.abs(walk) >= spending_bounds(FIVE)).any(axis=1).mean()
    assert crossed == pytest.approx(0.05, abs=0.002)
