"""Generators with a known truth for tests of all levels at once, and for the total variation of a choice."""

from __future__ import annotations

import numpy as np
import pytest
from rates import ALPHA, ARRANGEMENTS, is_at_least, is_near, noise, rate

from tinytroupe_cli.analysis.bca import bca
from tinytroupe_cli.analysis.omnibus import chi_square, friedman, repeated_measures_f, welch_f
from tinytroupe_cli.analysis.shares_of_options import total_variation

PEOPLE, LEVELS, OPTIONS = 24, 3, 4


def within(generator, *, effect=0.0):
    """Return people x levels: person and noise are random."""
    noise = generator.normal(0, 1, (PEOPLE, LEVELS)) + effect * np.arange(LEVELS)
    return generator.normal(0, 1, (PEOPLE, 1)) + noise


def chosen(generator, people, chances):
    return np.eye(OPTIONS)[generator.choice(OPTIONS, size=people, p=chances)]


TESTS = {
    "repeated-measures F": lambda g, **how: repeated_measures_f(within(g)[None], **how),
    "Friedman": lambda g, **how: friedman(np.round(within(g)), **how),
    "F over options": lambda g, **how: repeated_measures_f(
        np.stack([chosen(g, PEOPLE, [0.4, 0.3, 0.2, 0.1]) for _ in range(LEVELS)], axis=2).transpose(1, 0, 2), **how
    ),
    "Welch F": lambda g, **how: welch_f([g.normal(0, sd, n) for n, sd in ((12, 1), (18, 2), (10, 1))], **how),
    "chi-square": lambda g, **how: chi_square([chosen(g, n, [0.4, 0.3, 0.2, 0.1]) for n in (20, 14, 30)], **how),
}


@pytest.mark.truth
@pytest.mark.parametrize("name", TESTS)
def test_the_tests_err_as_often_as_they_say(name):
    found = rate(lambda generator, seed: TESTS[name](generator, draws=ARRANGEMENTS, seed=seed).p <= ALPHA)
    assert is_near(found, ALPHA)


@pytest.mark.truth
def test_levels_that_differ_are_found():
    found = rate(
        lambda generator, seed: (
            repeated_measures_f(within(generator, effect=0.5)[None], draws=ARRANGEMENTS, seed=seed).p <= ALPHA
        )
    )
    assert is_at_least(found, 0.8)


@pytest.mark.truth
def test_intervals_of_total_variation_cover():
    first, second = [0.5, 0.3, 0.1, 0.1], [0.2, 0.2, 0.3, 0.3]

    def is_covered(generator, seed):
        shares = chosen(generator, 80, first), chosen(generator, 80, second)
        low, high = bca(total_variation(*shares, is_paired=False), [80, 80], resamples=999, seed=seed, alpha=ALPHA)
        return low <= 0.4 <= high

    assert is_at_least(rate(is_covered), 0.92 - noise(0.95))
