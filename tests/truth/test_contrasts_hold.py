"""Generators with a known truth for contrasts, interactions and slopes."""

from __future__ import annotations

import pytest
from rates import ALPHA, is_near, rate

from tinytroupe_cli.analysis.bca import bca
from tinytroupe_cli.analysis.contrasts import Contrast, contrast_bootstrap_t, contrast_test
from tinytroupe_cli.analysis.slopes import slope, slope_test

HOW = {"draws": 299}
CONTRASTS = {
    "one against two": ((1, -0.5, -0.5), ((1.5, 1, 15), (2, 2, 10), (1, 1, 20))),
    "interaction with large main effects": ((1, -1, -1, 1), ((0, 1, 15), (2, 2, 12), (3, 1, 20), (5, 2, 12))),
}


def groups(generator, sizes):
    return [generator.normal(mean, spread, count) for mean, spread, count in sizes]


@pytest.mark.truth
@pytest.mark.parametrize("name", CONTRASTS)
def test_contrasts_err_and_cover_as_often_as_they_say_where_variances_differ(name):
    weights, sizes = CONTRASTS[name]

    def is_wrong(generator, seed):
        return contrast_test(Contrast(groups(generator, sizes), weights), seed=seed, **HOW).p <= ALPHA

    def is_covered(generator, seed):
        contrast = Contrast(groups(generator, sizes), weights)
        low, high = contrast_bootstrap_t(contrast, resamples=999, seed=seed, alpha=ALPHA)
        return low <= 0 <= high

    assert is_near(rate(is_wrong), ALPHA, slack=0.02)
    assert is_near(rate(is_covered), 1 - ALPHA, slack=0.025)


@pytest.mark.truth
def test_slopes_err_and_cover_as_often_as_they_say():
    def drawn(generator, effect=0.0):
        x = generator.uniform(0, 4, 40)
        return x, effect * x + generator.normal(0, 1, 40) * (0.5 + x / 4)

    def is_wrong(generator, seed):
        return slope_test(*drawn(generator), seed=seed, **HOW).p <= ALPHA

    def is_covered(generator, seed):
        low, high = bca(slope(*drawn(generator, 0.3)), [40], resamples=999, seed=seed, alpha=ALPHA)
        return low <= 0.3 <= high

    assert is_near(rate(is_wrong), ALPHA, slack=0.02)
    assert is_near(rate(is_covered), 1 - ALPHA, slack=0.03)
