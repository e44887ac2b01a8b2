"""Generators with a known truth for families: how often is any of ten null measures said to differ?"""

from __future__ import annotations

import numpy as np
import pytest
from rates import ALPHA, ARRANGEMENTS, is_at_least, is_at_most, is_near, rate

from tinytroupe_cli.analysis.multiplicity import holm
from tinytroupe_cli.analysis.permutation import label_test, sign_flip_test
from tinytroupe_cli.analysis.step_down import step_down_min_p

MEASURES, PEOPLE = 10, 30
HOW = {"draws": ARRANGEMENTS}


def related(generator, *, effects=(0.0,) * MEASURES, relation=0.7):
    """Return measures x people: differences that share a part."""
    shared = generator.normal(0, 1, PEOPLE)
    own = generator.normal(0, 1, (MEASURES, PEOPLE))
    return np.sqrt(relation) * shared + np.sqrt(1 - relation) * own + np.array(effects)[:, None]


def within(generator, seed, **changes):
    return [sign_flip_test(one, draws=ARRANGEMENTS, seed=seed) for one in related(generator, **changes)]


def between(generator, seed):
    return [label_test(one[:15], one[15:], draws=ARRANGEMENTS, seed=seed) for one in related(generator)[:4]]


@pytest.mark.truth
@pytest.mark.parametrize("family", [within, between])
def test_in_a_family_of_nulls_any_is_rarely_said_to_differ(family):
    def is_wrong(generator, seed):
        return min(step_down_min_p(family(generator, seed), seed=seed, **HOW)) <= ALPHA

    assert is_near(rate(is_wrong), ALPHA)


@pytest.mark.truth
def test_joint_correction_finds_more_than_holm_where_measures_are_related():
    """One measure of ten differs; the other nine must still rarely be said to."""
    effects = (0.65, *(0.0,) * (MEASURES - 1))

    def outcomes(generator, seed):
        tests = within(generator, seed, effects=effects)
        joint, apart = step_down_min_p(tests, seed=seed, **HOW), holm([test.p for test in tests])
        return joint[0] <= ALPHA, apart[0] <= ALPHA, min(joint[1:]) <= ALPHA

    joint, apart, wrong = (rate(lambda g, s, at=at: outcomes(g, s)[at]) for at in range(3))
    assert is_at_least(joint, apart + 0.03)
    assert is_at_most(wrong, ALPHA + 0.04)
