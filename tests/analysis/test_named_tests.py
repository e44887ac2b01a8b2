import numpy as np
import pytest
from scipy import stats

from tinytroupe_cli.analysis.named_tests import named_test
from tinytroupe_cli.analysis.test_names import FITS, instead, misfit

FIRST = np.array([1.0, 2, 3, 4, 5, 3, 2, 4])
SECOND = np.array([2.0, 4, 3, 5, 5, 4, 4, 3])
THIRD = np.array([3.0, 4, 1, 5, 2, 4, 5, 3])
YES, MORE, MOST = np.repeat([1.0, 0], [3, 7]), np.repeat([1.0, 0], [6, 4]), np.repeat([1.0, 0], [9, 1])


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("t", stats.ttest_ind(FIRST, SECOND).pvalue),
        ("welch", stats.ttest_ind(FIRST, SECOND, equal_var=False).pvalue),
        ("paired_t", stats.ttest_rel(FIRST, SECOND).pvalue),
        ("sign", stats.binomtest(5, 6).pvalue),
        ("wilcoxon", stats.wilcoxon(SECOND, FIRST).pvalue),
        ("mann_whitney", stats.mannwhitneyu(FIRST, SECOND).pvalue),
        ("brunner_munzel", stats.brunnermunzel(FIRST, SECOND).pvalue),
        ("ks", stats.ks_2samp(FIRST, SECOND).pvalue),
    ],
)
def test_two_levels_are_tested_as_scipy_tests_them(name, wanted):
    assert named_test(name, [FIRST, SECOND])["named_p"] == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("anova", stats.f_oneway(FIRST, SECOND, THIRD).pvalue),
        ("kruskal", stats.kruskal(FIRST, SECOND, THIRD).pvalue),
        ("friedman", stats.friedmanchisquare(FIRST, SECOND, THIRD).pvalue),
    ],
)
def test_three_levels_are_tested_as_scipy_tests_them(name, wanted):
    assert named_test(name, [FIRST, SECOND, THIRD])["named_p"] == pytest.approx(wanted, abs=1e-9)


def test_shares_are_tested_by_counts():
    table = [[3, 7], [6, 4]]
    chi2 = stats.chi2_contingency(table, correction=False).pvalue
    assert named_test("chi2", [YES, MORE])["named_p"] == pytest.approx(chi2, abs=1e-9)
    assert named_test("fisher", [YES, MORE])["named_p"] == pytest.approx(stats.fisher_exact(table).pvalue, abs=1e-9)
    assert named_test("mcnemar", [YES, MORE])["named_p"] == pytest.approx(2 / 2**3, abs=1e-9)
    # Of ten units, one is 0 and three are 1 at every level: (k - 1) k sum (T - mean)^2 / sum u (k - u)
    q = 2 * 3 * (9 + 0 + 9) / (3 * 2 * 1 + 3 * 1 * 2)
    assert named_test("cochran_q", [YES, MORE, MOST])["named_statistic"] == pytest.approx(q, abs=1e-9)


def test_what_cant_be_tested_says_why():
    several = np.array([0.0, 1 / 3, 1.0, 0.5, 0, 1])
    assert "several answers" in named_test("mcnemar", [several, several])["named_why_not"]
    assert "nothing varies" in named_test("t", [np.ones(6), np.ones(6)])["named_why_not"]


@pytest.mark.parametrize("name", FITS)
@pytest.mark.parametrize("is_paired", [True, False])
@pytest.mark.parametrize("levels", [2, 3])
@pytest.mark.parametrize("scale", ["share", "points", "place"])
def test_the_test_that_is_offered_instead_fits(name, is_paired, levels, scale):
    other = instead(name, scale, levels, is_paired=is_paired)
    assert other
    assert not misfit(other, scale, levels, is_paired=is_paired)
