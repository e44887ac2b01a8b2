import numpy as np
import pytest
from scipy import stats

from tinytroupe_cli.analysis.bootstrap import bootstrap_t, bootstrap_t_difference
from tinytroupe_cli.analysis.effect_sizes import cohens_h, hedges_g, hedges_g_av
from tinytroupe_cli.analysis.multiplicity import benjamini_hochberg, corrected, holm
from tinytroupe_cli.analysis.score_intervals import exact_bound, newcombe, tango, wilson

P_VALUES = [0.01, 0.04, 0.03, 0.5]


@pytest.mark.parametrize(("count", "total"), [(0, 5), (7, 20), (20, 20), (499, 1000)])
def test_wilson_equals_scipys(count, total):
    known = stats.binomtest(count, total).proportion_ci(method="wilson")
    assert wilson(count, total) == pytest.approx((known.low, known.high), abs=1e-6)


def test_newcombe_is_his_example():
    # Newcombe (1998), table II, 56/70 against 48/80, method 10: 0.0524 to 0.3339.
    assert newcombe((48, 80), (56, 70)) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_tango_solves_his_score_equation_and_mirrors():
    low, high = tango(9, 3, 40)
    assert low < (9 - 3) / 40 < high
    assert tango(3, 9, 40) == pytest.approx((-high, -low))
    narrow = tango(9, 3, 40, alpha=0.2)
    assert low < narrow.low < narrow.high < high


def test_the_bound_where_all_agree_is_clopper_and_pearsons():
    known = stats.binomtest(0, 12).proportion_ci(method="exact")
    assert exact_bound(12) == pytest.approx(known.high)


def test_a_bootstrap_interval_has_the_mean_in_it_and_none_without_variance():
    values = np.random.default_rng(1).normal(3, 1, 25)
    low, high = bootstrap_t(values, resamples=2_000, seed=1)
    known = stats.t.interval(0.95, 24, values.mean(), stats.sem(values))
    assert (low, high) == pytest.approx(known, abs=0.2)
    assert bootstrap_t(np.ones(9), resamples=999, seed=1) is None
    assert bootstrap_t_difference(np.ones(9), np.ones(9), resamples=999, seed=1) is None
    assert bootstrap_t_difference(values, values + 1, resamples=2_000, seed=1).low > 0


def test_effect_sizes():
    first, second = np.array([1.0, 2, 3, 4, 5]), np.array([2.0, 4, 4, 5, 6])
    assert cohens_h(0.5, 0.5) == 0
    assert cohens_h(0.2, 0.4) == pytest.approx(0.4421, abs=1e-4)
    assert hedges_g(first, second) == pytest.approx(1.2 / np.sqrt((2.5 + 2.2) / 2) * (1 - 3 / (4 * 8 - 1)), abs=2e-3)
    assert hedges_g_av(first, first) == 0
    assert hedges_g(np.ones(5), np.ones(5)) is None


def test_corrections():
    assert holm(P_VALUES) == pytest.approx([0.04, 0.09, 0.09, 0.5])
    assert benjamini_hochberg(P_VALUES) == pytest.approx(stats.false_discovery_control(P_VALUES))
    assert corrected(P_VALUES, "none") == P_VALUES
    assert holm([]) == []
