"""Generators of discussions: is a first speaker's influence found, and as often as stated where there is none?"""

from __future__ import annotations

import numpy as np
import pytest
from rates import ALPHA, is_near, rate

from tinytroupe_cli.analysis.discussion_tests import (
    followed_numbers,
    followed_options,
    share_of_unlike_pairs,
    standard_deviation,
)

GROUPS, OTHERS = 20, 4


def numbers(generator, influence):
    first = {str(group): float(generator.normal()) for group in range(GROUPS)}
    final = {group: influence * x + float(generator.normal(0, 0.5)) for group, x in first.items()}
    return first, final


def options(generator, influence):
    first = {str(group): str(generator.choice(["a", "b", "c"], p=[0.5, 0.3, 0.2])) for group in range(GROUPS)}
    return first, {
        group: [
            x if generator.random() < influence else str(generator.choice(["a", "b", "c"], p=[0.5, 0.3, 0.2]))
            for _ in range(OTHERS)
        ]
        for group, x in first.items()
    }


@pytest.mark.truth
@pytest.mark.parametrize(("drawn", "test"), [(numbers, followed_numbers), (options, followed_options)])
def test_without_influence_it_is_found_in_five_of_a_hundred(drawn, test):
    def is_wrong(generator, seed):
        return test(*drawn(generator, 0.0), draws=199, seed=seed).p <= ALPHA

    assert is_near(rate(is_wrong), ALPHA)


@pytest.mark.truth
@pytest.mark.parametrize(("drawn", "test"), [(numbers, followed_numbers), (options, followed_options)])
def test_influence_is_found(drawn, test):
    def is_found(generator, seed):
        found = test(*drawn(generator, 0.6), draws=199, seed=seed)
        return found.p <= ALPHA and found.statistic > 0

    assert rate(is_found) > 0.9


def test_dispersion_is_what_it_is_called():
    assert standard_deviation([1, 3]) == pytest.approx(np.sqrt(2))
    assert standard_deviation([1]) is None
    assert share_of_unlike_pairs(["a", "a", "b"]) == pytest.approx(2 / 3)
    assert share_of_unlike_pairs(["a", "a"]) == 0
    assert share_of_unlike_pairs(["a"]) is None


def test_equal_first_speakers_can_not_be_followed():
    first = dict.fromkeys("abcdef", 2.0)
    assert followed_numbers(first, {one: float(at) for at, one in enumerate(first)}, draws=99, seed=1).p == 1
    same = dict.fromkeys("abcdef", "yes")
    assert followed_options(same, {group: ["yes", "no"] for group in same}, draws=99, seed=1).p == 1
