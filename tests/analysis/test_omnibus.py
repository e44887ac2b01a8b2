import numpy as np
import pytest
from scipy import stats

from tinytroupe_cli.analysis.effect_sizes import eta_squared, partial_eta_squared
from tinytroupe_cli.analysis.omnibus import chi_square, friedman, orders_of, ranked, repeated_measures_f, welch_f
from tinytroupe_cli.analysis.shares_of_options import cramers_v, total_variation

SETTINGS = {"draws": 1_999, "seed": 3}


def numbers(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


@pytest.mark.parametrize("seed", range(3))
def test_the_statistics_equal_known_ones(seed):
    values = numbers(seed, 12, 4)
    tied = np.round(values * 2)
    groups = [numbers(seed + place, size) * scale for place, (size, scale) in enumerate([(8, 1), (10, 3), (15, 1)])]
    chosen = [np.eye(3)[np.random.default_rng(seed + place).integers(0, 3, 20 + place)] for place in range(3)]
    table = np.array([group.sum(axis=0) for group in chosen])

    units, levels = values.shape
    grand = values.mean()
    above = units * np.square(values.mean(axis=0) - grand).sum()
    rest = np.square(values - values.mean(axis=0) - values.mean(axis=1, keepdims=True) + grand).sum()
    f = (above / (levels - 1)) / (rest / ((units - 1) * (levels - 1)))
    assert repeated_measures_f(values[None], **SETTINGS).statistic == pytest.approx(f, abs=1e-9)
    assert partial_eta_squared(values) == pytest.approx(above / (above + rest), abs=1e-9)
    known = stats.friedmanchisquare(*tied.T)
    assert friedman(tied, **SETTINGS).statistic == pytest.approx(known.statistic, abs=1e-9)
    assert ranked(tied) == pytest.approx(stats.rankdata(tied, axis=1))
    assert welch_f(groups, **SETTINGS).statistic == pytest.approx(
        stats.f_oneway(*groups, equal_var=False).statistic, abs=1e-9
    )
    assert chi_square(chosen, **SETTINGS).statistic == pytest.approx(stats.chi2_contingency(table).statistic, abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_p_values_are_near_those_of_theory(seed):
    values, groups = numbers(seed, 30, 3), [numbers(seed + place, 30) for place in range(3)]
    f = repeated_measures_f(values[None], **SETTINGS)
    assert f.p == pytest.approx(stats.f.sf(f.statistic, 2, 58), abs=0.04)
    assert friedman(values, **SETTINGS).p == pytest.approx(stats.friedmanchisquare(*values.T).pvalue, abs=0.04)
    known = stats.f_oneway(*groups, equal_var=False).pvalue
    assert welch_f(groups, **SETTINGS).p == pytest.approx(known, abs=0.04)


def test_constants_and_scales_change_no_p():
    values, groups = numbers(1, 10, 3), [numbers(place, 8) for place in range(3)]
    assert repeated_measures_f(values[None] * 5 + 7, **SETTINGS).p == repeated_measures_f(values[None], **SETTINGS).p
    assert welch_f([group * 5 + 7 for group in groups], **SETTINGS).p == welch_f(groups, **SETTINGS).p


def test_levels_that_are_all_equal_have_p_1():
    same = np.ones((10, 3))
    assert repeated_measures_f(same[None], **SETTINGS).p == 1
    assert friedman(same, **SETTINGS).p == 1
    assert welch_f(list(same.T), **SETTINGS).p == 1
    assert chi_square([np.eye(2)[[0] * 8], np.eye(2)[[0] * 8]], **SETTINGS).p == 1
    assert eta_squared(list(same.T)) is None


def test_levels_without_variance_that_differ_have_a_small_p():
    apart = np.tile([1.0, 2.0, 3.0], (10, 1))
    assert repeated_measures_f(apart[None], **SETTINGS).p == 1 / 2000
    assert welch_f(list(apart.T), **SETTINGS).p == 1 / 2000


@pytest.mark.parametrize("levels", [3, 6, 7, 8, 12])
def test_orders_are_a_group(levels):
    """Put one after another, two of the orders make a third: otherwise the test would not hold its level."""
    orders = {tuple(order) for order in orders_of(levels)}
    some = list(orders)[:6]
    assert tuple(range(levels)) in orders
    assert all(tuple(one[place] for place in other) in orders for one in some for other in some)


def test_total_variation_and_cramers_v_of_known_tables():
    one, other = np.eye(3)[[0, 0, 1, 2]], np.eye(3)[[0, 1, 1, 1]]
    ones = [np.ones((1, 4)), np.ones((1, 4))]
    assert total_variation(one, other, is_paired=False)(ones)[0] == pytest.approx(0.5)
    table = np.array([[30.0, 10.0], [12.0, 28.0]])
    phi, total = stats.chi2_contingency(table, correction=False).statistic / 80, 80
    corrected = (phi - 1 / (total - 1)) / (2 - 1 / (total - 1) - 1)
    assert cramers_v(table) == pytest.approx(np.sqrt(corrected), abs=1e-9)
    assert cramers_v(np.array([[10.0, 0.0], [10.0, 0.0]])) == 0
