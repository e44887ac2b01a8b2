"""Raking meets its margins, as other algorithms for the same problem find the same weights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinytroupe_cli.analysis.raking import (
    TOLERANCE,
    RakingMargin,
    effective_size,
    jackknife_error,
    rake,
    raked,
    without_each,
)

SEEDS = range(50)


def people(seed, count=80, levels=(2, 3, 4)):
    """Return base weights and margins that people of all levels can meet."""
    generator = np.random.default_rng(seed)
    codes = [np.concatenate([np.arange(many), generator.integers(0, many, count - many)]) for many in levels]
    wanted = generator.uniform(0.5, 2, count)  # hidden weights, whose margins are wanted: so they can be met
    margins = [RakingMargin(own, np.bincount(own, wanted) / wanted.sum()) for own in codes]
    return generator.uniform(0.5, 1.5, count), margins


def by_table(base, margins):
    """Fit the table of all levels to its margins, as `ipfn` does: each axis in turn, in place, over the whole table."""
    table = np.zeros([len(margin.shares) for margin in margins])
    cells = tuple(margin.codes for margin in margins)
    np.add.at(table, cells, base)
    fitted = table.copy()
    for _ in range(200):
        for axis, margin in enumerate(margins):
            others = tuple(other for other in range(len(margins)) if other != axis)
            shape = [-1 if place == axis else 1 for place in range(len(margins))]
            fitted *= (len(base) * margin.shares / fitted.sum(axis=others)).reshape(shape)
    return base * (fitted / np.where(table > 0, table, 1))[cells]


def by_calibration(base, margins):
    """Solve for the weights by Newton's method on the exponents, as calibration with the raking distance.

    Deville and Sarndal (1992): w = base * exp(x'b), with b such that the margins fit.
    """
    columns = [np.eye(len(margins[0].shares))[margins[0].codes]]
    goals = [len(base) * margins[0].shares]
    for margin in margins[1:]:  # the first level of the others follows from the total
        columns.append(np.eye(len(margin.shares))[margin.codes][:, 1:])
        goals.append(len(base) * margin.shares[1:])
    design, goal = np.hstack(columns), np.concatenate(goals)
    exponents = np.zeros(design.shape[1])
    for _ in range(60):
        weights = base * np.exp(design @ exponents)
        exponents += np.linalg.solve((design * weights[:, None]).T @ design, goal - design.T @ weights)
    return base * np.exp(design @ exponents)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_margins_are_met_and_the_weights_are_those_of_other_algorithms(seed):
    base, margins = people(seed)
    found = rake(base, margins)
    assert found.is_met
    assert max(found.gaps) < TOLERANCE
    assert found.weights.mean() == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose(found.weights, by_table(base, margins), atol=1e-8)
    np.testing.assert_allclose(found.weights, by_calibration(base, margins), atol=1e-8)


def test_margins_that_contradict_each_other_are_not_met():
    together = np.array([0, 0, 1, 1])
    found = rake(
        np.ones(4), [RakingMargin(together, np.array([0.5, 0.5])), RakingMargin(together, np.array([0.2, 0.8]))]
    )
    assert not found.is_met
    assert max(found.gaps) == pytest.approx(0.3)


def test_a_sample_that_has_its_margins_keeps_its_weights():
    codes = np.array([0, 0, 1, 1, 1])
    np.testing.assert_array_equal(rake(np.ones(5), [RakingMargin(codes, np.array([0.4, 0.6]))]).weights, np.ones(5))


@pytest.mark.parametrize("seed", range(10))
def test_trimmed_weights_keep_their_bounds_and_meet_margins_that_allow_it(seed):
    codes = np.random.default_rng(seed).integers(0, 2, (2, 100))
    margins = [RakingMargin(own, np.array([0.4, 0.6])) for own in codes]
    base = np.exp(np.random.default_rng(seed).normal(0, 1, 100))
    assert rake(base, margins).weights.max() > 3
    found = rake(base, margins, trim=(0.3, 3))
    assert found.weights.min() * (1 + 1e-3) >= 0.3
    assert found.weights.max() <= 3 * (1 + 1e-3)
    assert max(found.gaps) < 1e-3


def test_where_trimming_misses_a_margin_the_gap_is_told():
    codes = np.array([0] + [1] * 19)
    found = rake(np.ones(20), [RakingMargin(codes, np.array([0.5, 0.5]))], trim=(0.3, 3))
    assert found.weights.max() / found.weights.min() <= 10.001
    assert found.gaps[0] > 0.2
    assert not found.is_met


def test_a_level_that_a_sample_lacks_leaves_its_share_to_the_others():
    margin = RakingMargin(np.array([0, 1, 1, 2]), np.array([0.5, 0.25, 0.25]))
    [weights] = raked(np.array([[0.0, 1.0, 1.0, 1.0]]), [margin], cycles=10)
    assert weights[0] == 0
    assert weights[1] + weights[2] == pytest.approx(weights[3])


def test_without_margins_the_jackknife_of_a_mean_is_its_standard_error():
    values = np.random.default_rng(3).normal(0, 1, 30)
    samples = without_each(np.ones(30), [], np.arange(30))
    means = samples @ values / samples.sum(axis=1)
    assert jackknife_error(means) == pytest.approx(values.std(ddof=1) / np.sqrt(30))


@given(st.integers(0, 10_000), st.floats(0.1, 10), st.permutations(range(40)))
@settings(deadline=None, max_examples=40)
def test_neither_the_scale_of_the_base_nor_the_order_of_people_matters(seed, scale, order):
    base, margins = people(seed, count=40, levels=(2, 3))
    found = rake(base, margins).weights
    np.testing.assert_allclose(rake(scale * base, margins).weights, found, rtol=1e-9)
    shuffled = [RakingMargin(margin.codes[order], margin.shares) for margin in margins]
    np.testing.assert_allclose(rake(base[order], shuffled).weights, found[order], rtol=1e-7)


def test_the_effective_size_is_n_for_equal_weights_and_less_for_others():
    assert effective_size(np.full(9, 2.0)) == pytest.approx(9)
    assert effective_size(np.array([1.0, 3.0])) == pytest.approx(16 / 10)
