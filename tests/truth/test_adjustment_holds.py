"""A generator with a known truth for comparisons that are adjusted for covariates."""

from __future__ import annotations

import numpy as np
import pytest
from rates import ALPHA, DRAWS, is_near, rate

from tinytroupe_cli.analysis.covariate_adjustment import adjusted_difference, adjusted_label_test
from tinytroupe_cli.analysis.differences import student

SIZES = {"equal groups": (20, 20), "unequal groups, unequal spread": (14, 30)}
RHO = 0.7


def drawn(generator, sizes, effect=0.0, *, is_unequal=False):
    """Draw values that correlate with a covariate; where groups are unequal, so are slopes and spreads."""
    x = generator.normal(0, 1, sum(sizes))
    noise = generator.normal(0, np.sqrt(1 - RHO**2), sum(sizes))
    second = np.arange(sum(sizes)) >= sizes[0]
    slope = np.where(second & is_unequal, 0.3, RHO)
    y = slope * x + noise * np.where(second & is_unequal, 2, 1) + effect * second
    return y[: sizes[0]], y[sizes[0] :], x[:, None]


@pytest.mark.truth
@pytest.mark.parametrize("name", SIZES)
def test_an_adjusted_test_errs_as_often_as_it_says(name):
    sizes, is_unequal = SIZES[name], "unequal" in name

    def is_wrong(generator, seed):
        return adjusted_label_test(*drawn(generator, sizes, is_unequal=is_unequal), draws=299, seed=seed).p <= ALPHA

    assert is_near(rate(is_wrong), ALPHA)


@pytest.mark.truth
@pytest.mark.parametrize("name", SIZES)
def test_an_adjusted_estimate_is_unbiased_and_its_interval_covers(name):
    sizes, is_unequal = SIZES[name], "unequal" in name
    estimates = []

    def is_covered(generator, _):
        first, second, x = drawn(generator, sizes, 0.5, is_unequal=is_unequal)
        found = adjusted_difference(first, second, x)
        estimates.append(found.estimate)
        low, high = student(found.estimate, found.error, sum(sizes) - 4, ALPHA, np.inf)
        return low <= 0.5 <= high

    assert is_near(rate(is_covered), 1 - ALPHA, slack=0.02)
    assert abs(np.mean(estimates) - 0.5) <= 3 * np.std(estimates) / np.sqrt(DRAWS)


@pytest.mark.truth
def test_the_variance_saved_is_the_squared_correlation():
    def squares(generator):
        first, second, x = drawn(generator, (60, 60))
        return adjusted_difference(first, second, x).estimate, second.mean() - first.mean()

    found = np.array([squares(np.random.default_rng(seed)) for seed in range(max(DRAWS, 1_000))])
    saved = 1 - found[:, 0].var() / found[:, 1].var()
    assert saved == pytest.approx(RHO**2, abs=0.06)
