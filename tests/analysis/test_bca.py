import numpy as np
import pytest
from scipy import stats

from tinytroupe_cli.analysis.bca import bca


def mean_of(values):
    return lambda counts: counts[0] @ values / counts[0].sum(axis=1)


def test_the_interval_equals_scipys_but_for_the_draws():
    values = np.random.default_rng(2).exponential(1, 40)
    found = bca(mean_of(values), [40], resamples=20_000, seed=1, alpha=0.05)
    known = stats.bootstrap((values,), np.mean, n_resamples=20_000, method="BCa", rng=np.random.default_rng(5))
    assert found == pytest.approx(tuple(known.confidence_interval), abs=0.02)


def test_the_interval_of_two_groups_equals_scipys_but_for_the_draws():
    generator = np.random.default_rng(4)
    one, other = generator.exponential(1, 30), generator.exponential(2, 20)

    def ratio(counts):
        return (counts[1] @ other / counts[1].sum(axis=1)) / (counts[0] @ one / counts[0].sum(axis=1))

    def known_ratio(first, second, axis):
        return second.mean(axis=axis) / first.mean(axis=axis)

    found = bca(ratio, [30, 20], resamples=20_000, seed=1, alpha=0.05)
    known = stats.bootstrap((one, other), known_ratio, n_resamples=20_000, method="BCa", vectorized=True, rng=7)
    assert found == pytest.approx(tuple(known.confidence_interval), rel=0.04)


def test_a_statistic_that_never_varies_has_no_interval():
    assert bca(mean_of(np.ones(12)), [12], resamples=999, seed=1, alpha=0.05) is None
