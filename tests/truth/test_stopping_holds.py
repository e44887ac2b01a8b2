"""Generators with a known truth for looking at a run as it grows: coverage over all looks, and errors on stopping."""

from __future__ import annotations

import numpy as np
import pytest
from rates import ALPHA, DRAWS, is_at_least, is_at_most, is_near, noise
from scipy import stats

from tinytroupe_cli.analysis.alpha_spending import spending_bounds
from tinytroupe_cli.analysis.confidence_sequence import Look, half_width, mixture_variance, sequential_p

LOOKS = range(40, 401, 40)
RHO2 = mixture_variance((40 + 400) / 2, ALPHA)
NOISE = noise(ALPHA)
KINDS = {
    "share": (lambda generator: (generator.random(400) < 0.3) * 1.0, 0.3),
    "difference of shares": (lambda generator: generator.choice([-1.0, 0.0, 1.0], 400, p=[0.2, 0.5, 0.3]), 0.1),
    "normal": (lambda generator: generator.normal(1, 2, 400), 1.0),
    "skewed": (lambda generator: generator.exponential(1, 400), 1.0),
}


def looks_at(values):
    return [Look(t, float(values[:t].mean()), float(values[:t].std(ddof=1) / np.sqrt(t))) for t in LOOKS]


def draws():
    return (np.random.default_rng(seed) for seed in range(DRAWS))


@pytest.mark.truth
@pytest.mark.parametrize("kind", KINDS)
def test_the_sequence_covers_at_all_ten_looks_where_repeated_intervals_do_not(kind):
    draw, truth = KINDS[kind]
    every = [looks_at(draw(generator)) for generator in draws()]
    held = [all(abs(one.estimate - truth) <= half_width(one, ALPHA, RHO2) for one in looks) for looks in every]
    naive = [all(abs(one.estimate - truth) <= 1.96 * one.error for one in looks) for looks in every]
    assert is_at_least(np.mean(held), 1 - ALPHA - NOISE)
    assert is_at_most(np.mean(naive), 0.88)


@pytest.mark.truth
def test_two_groups_of_unequal_spread_are_covered_at_all_looks():
    def held(generator):
        first, second = generator.normal(0, 1, 200), generator.normal(0.5, 3, 200)
        for t in LOOKS:
            one, other = first[: t // 2], second[: t // 2]
            error = float(np.sqrt((one.var(ddof=1) + other.var(ddof=1)) / (t // 2)))
            look = Look(t, float(other.mean() - one.mean()), error)
            if abs(look.estimate - 0.5) > half_width(look, ALPHA, RHO2):
                return False
        return True

    assert is_at_least(np.mean([held(generator) for generator in draws()]), 1 - ALPHA - NOISE)


@pytest.mark.truth
def test_stopping_when_narrow_enough_does_not_spoil_the_p_value():
    def is_wrong(generator):
        looks = looks_at(generator.choice([-1.0, 0.0, 1.0], 400, p=[0.25, 0.5, 0.25]))
        stop = next((place for place, one in enumerate(looks) if half_width(one, ALPHA, RHO2) <= 0.15), len(looks) - 1)
        return sequential_p(looks[: stop + 1], RHO2) < ALPHA

    assert is_at_most(np.mean([is_wrong(generator) for generator in draws()]), ALPHA + NOISE)


@pytest.mark.truth
def test_stopping_as_soon_as_something_is_found_errs_in_at_most_five_of_a_hundred():
    wrong = [sequential_p(looks_at(generator.normal(0, 1, 400)), RHO2) < ALPHA for generator in draws()]
    assert is_at_most(np.mean(wrong), ALPHA + NOISE)


@pytest.mark.truth
def test_with_alpha_spending_the_looks_together_err_as_often_as_they_say():
    fractions = [look / 400 for look in LOOKS]
    bounds = spending_bounds(fractions, ALPHA)

    def is_wrong(generator):
        looks = looks_at(generator.normal(0, 1, 400))
        z = [stats.norm.isf(stats.t.sf(abs(one.estimate / one.error), one.people - 1)) for one in looks]
        return any(one >= bound for one, bound in zip(z, bounds, strict=True))

    assert is_near(np.mean([is_wrong(generator) for generator in draws()]), ALPHA, slack=0.01)
