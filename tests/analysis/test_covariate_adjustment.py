import numpy as np
import pytest

from tinytroupe_cli.analysis.adjusted_figures import adjusted_figures
from tinytroupe_cli.analysis.comparison_result import AnalysisSettings, ComparisonResult
from tinytroupe_cli.analysis.covariate_adjustment import adjusted_difference, adjusted_label_test
from tinytroupe_cli.analysis.covariates import Covariate
from tinytroupe_cli.analysis.permutation import label_test
from tinytroupe_cli.plan.planned_comparisons import PlannedInference

BLANK = ComparisonResult(measure="q.n", by="price", levels=(1, 2), design="between", scale="number", unit="person")
HOW = AnalysisSettings(PlannedInference(permutations=999), 3)


def drawn(seed=1, sizes=(18, 22), covariates=2):
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(sum(sizes), covariates))
    y = x @ np.arange(1, covariates + 1) + generator.normal(size=sum(sizes))
    return y[: sizes[0]], y[sizes[0] :], x


def interacted(first, second, x):
    """Fit Lin's regression literally, with a dummy for the group and all interactions; the coefficient and HC2."""
    y, group = np.concatenate([first, second]), np.repeat([0.0, 1.0], [len(first), len(second)])
    centred = x - x.mean(axis=0)
    design = np.column_stack([np.ones(len(y)), group, centred, group[:, None] * centred])
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ design.T @ y
    residuals = y - design @ coefficients
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    variance = inverse @ (design.T * (residuals**2 / (1 - leverage))) @ design @ inverse
    return coefficients[1], variance[1, 1] ** 0.5


@pytest.mark.parametrize("covariates", [1, 2, 4])
def test_estimate_and_error_are_those_of_the_interacted_regression_with_hc2(covariates):
    first, second, x = drawn(covariates=covariates)
    found = adjusted_difference(first, second, x)
    assert (found.estimate, found.error) == pytest.approx(interacted(first, second, x), abs=1e-9)


def test_they_equal_statsmodels():
    api = pytest.importorskip("statsmodels.api")
    first, second, x = drawn()
    y, group = np.concatenate([first, second]), np.repeat([0.0, 1.0], [len(first), len(second)])
    centred = x - x.mean(axis=0)
    fit = api.OLS(y, np.column_stack([np.ones(len(y)), group, centred, group[:, None] * centred])).fit(cov_type="HC2")
    found = adjusted_difference(first, second, x)
    assert (found.estimate, found.error) == pytest.approx((fit.params[1], fit.bse[1]), abs=1e-9)


def test_without_a_covariate_that_differs_it_is_welchs_t():
    first, second, _ = drawn()
    none = np.zeros((len(first) + len(second), 1))
    found = adjusted_difference(first, second, none)
    assert found.estimate == pytest.approx(second.mean() - first.mean())
    assert found.error == pytest.approx(np.sqrt(first.var(ddof=1) / 18 + second.var(ddof=1) / 22))
    plain, adjusted = (
        label_test(first, second, draws=999, seed=2),
        adjusted_label_test(first, second, none, draws=999, seed=2),
    )
    assert adjusted.p == plain.p
    assert adjusted.statistic == pytest.approx(plain.statistic)


def test_swapping_the_groups_mirrors_the_estimate_and_units_of_covariates_do_not_count():
    first, second, x = drawn()
    there = adjusted_difference(first, second, x)
    back = adjusted_difference(second, first, np.concatenate([x[18:], x[:18]]))
    scaled = adjusted_difference(first, second, x * [1e6, 1e-3] + 5)
    assert back.estimate == pytest.approx(-there.estimate)
    assert back.error == pytest.approx(there.error)
    assert (scaled.estimate, scaled.error) == pytest.approx((there.estimate, there.error), rel=1e-6)


def test_a_category_that_one_person_has_and_collinear_covariates_do_no_harm():
    first, second, x = drawn()
    alone = np.zeros(40)
    alone[3] = 1
    found = adjusted_difference(first, second, np.column_stack([x, x[:, 0] * 2, alone]))
    assert np.isfinite([found.estimate, found.error]).all()
    assert 0 < adjusted_label_test(first, second, np.column_stack([x, alone]), draws=199, seed=1).p <= 1


def figures(covariate, sizes=(18, 22)):
    first, second, _ = drawn(sizes=sizes)
    levels = [{f"a{i}": float(v) for i, v in enumerate(first)}, {f"b{i}": float(v) for i, v in enumerate(second)}]
    return adjusted_figures(levels, [Covariate("person.age", (covariate(levels),))], BLANK, {"p": 0.5}, HOW)


def test_missing_values_count_with_the_mean_and_are_told():
    found = figures(lambda levels: {u: len(u) + i for i, u in enumerate([*levels[0], *levels[1]]) if i % 5})
    assert found["imputed"] == {"person.age": 8}
    assert found["adjusted_for"] == ("person.age",)
    assert found["unadjusted"].p == 0.5


@pytest.mark.parametrize(
    ("covariate", "sizes", "why"),
    [
        (lambda _: {}, (18, 22), "the units do not differ in the covariates"),
        (lambda levels: dict.fromkeys([*levels[0], *levels[1]], 4.0), (18, 22), "the units do not differ"),
        (
            lambda levels: {unit: i * 1.0 for i, unit in enumerate([*levels[0], *levels[1]])},
            (7, 9),
            "7 units at a level are too few for 1 covariate",
        ),
        (lambda levels: levels[0] | levels[1], (18, 22), "the covariates leave no variance"),
    ],
)
def test_where_adjusting_is_impossible_a_sentence_says_why(covariate, sizes, why):
    assert why in figures(covariate, sizes)["adjust_why_not"]
