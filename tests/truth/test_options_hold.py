"""Generators with a known truth for the options of one choice: how often is one said to win that does not?"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from rates import ALPHA, ARRANGEMENTS, is_at_least, is_at_most, noise, rate

from tinytroupe_cli.analysis.multiplicity import holm
from tinytroupe_cli.analysis.permutation import sign_flip_test

PEOPLE, OPTIONS = 40, 4


def p_values(generator, seed, chances):
    """Return the p-value of every pair of options, and the pair that is first and second."""
    chosen = np.eye(OPTIONS)[generator.choice(OPTIONS, size=PEOPLE, p=chances)]
    pairs = list(combinations(range(OPTIONS), 2))
    ps = [sign_flip_test(chosen[:, b] - chosen[:, a], draws=ARRANGEMENTS, seed=seed).p for a, b in pairs]
    return dict(zip(pairs, ps, strict=True)), int(chosen.sum(axis=0).argmax())


@pytest.mark.truth
def test_the_winner_of_equal_options_is_rarely_said_to_beat_another():
    def is_wrong(generator, seed):
        ps, first = p_values(generator, seed, [1 / OPTIONS] * OPTIONS)
        corrected = dict(zip(ps, holm(list(ps.values())), strict=True))
        return min(p for pair, p in corrected.items() if first in pair) <= ALPHA

    def is_wrong_uncorrected(generator, seed):
        ps, first = p_values(generator, seed, [1 / OPTIONS] * OPTIONS)
        return min(p for pair, p in ps.items() if first in pair) <= ALPHA

    assert is_at_most(rate(is_wrong), 0.065 + noise(ALPHA))
    assert is_at_least(rate(is_wrong_uncorrected), 0.1)


@pytest.mark.truth
def test_an_option_that_wins_is_found():
    def is_found(generator, seed):
        ps, first = p_values(generator, seed, [0.64, 0.12, 0.12, 0.12])
        corrected = dict(zip(ps, holm(list(ps.values())), strict=True))
        return first == 0 and max(p for pair, p in corrected.items() if 0 in pair) <= ALPHA

    assert is_at_least(rate(is_found), 0.6)
