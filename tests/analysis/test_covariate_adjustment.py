import importlib
import importlib.util

import numpy as np
import pytest

from tinytroupe_cli.analysis.adjusted_figures import adjusted_figures
from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
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
    for other in regressions(first, second, x):
        assert (found.estimate, found.error) == pytest.approx(other, abs=1e-9)


def twice_fitted(first, second, x):
    """Fit each group alone by least squares (QR) and predict at the overall mean; HC2 of each prediction."""
    means, variances = [], []
    for values, own in ((first, x[: len(first)]), (second, x[len(first) :])):
        orthogonal, triangle = np.linalg.qr(np.column_stack([np.ones(len(own)), own - x.mean(axis=0)]))
        fitted = orthogonal @ (orthogonal.T @ values)
        weights = orthogonal @ np.linalg.inv(triangle)[0]
        room = 1 - np.square(orthogonal).sum(axis=1)
        means.append(weights @ values)
        variances.append(float(np.square(weights * (values - fitted)) @ (1 / room)))
    return means[1] - means[0], sum(variances) ** 0.5


def regressions(first, second, x):
    """Yield the estimate and its error by other implementations; statsmodels is one where it is installed."""
    yield interacted(first, second, x)
    yield twice_fitted(first, second, x)
    if importlib.util.find_spec("statsmodels") is not None:
        api = importlib.import_module("statsmodels.api")
        y, group = np.concatenate([first, second]), np.repeat([0.0, 1.0], [len(first), len(second)])
        centred = x - x.mean(axis=0)
        design = np.column_stack([np.ones(len(y)), group, centred, group[:, None] * centred])
        fit = api.OLS(y, design).fit(cov_type="HC2")
        yield fit.params[1], fit.bse[1]


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


@pytest.mark.parametrize(("sizes", "in_blocks"), [((18, 22), True), ((8, 9), False)])
def test_the_variance_saved_is_what_covariates_save_in_addition_to_blocks(sizes, in_blocks):
    first, second, x = drawn(sizes=sizes, covariates=1)
    levels = [{f"a{i}": float(v) for i, v in enumerate(first)}, {f"b{i}": float(v) for i, v in enumerate(second)}]
    block = (x[:, 0] > 0).astype(float)
    how = AnalysisSettings(PlannedInference(permutations=999), 3, blocks=tuple(str(label) for label in block))
    age = Covariate("person.age", (dict(zip([*levels[0], *levels[1]], x[:, 0], strict=True)),))
    found = adjusted_figures(levels, [age], BLANK, {}, how)
    alone = interacted(first, second, block[:, None]) if in_blocks else welch(first, second)
    both = interacted(first, second, np.column_stack([x, block]) if in_blocks else x)
    assert found["estimate"] == pytest.approx(both[0])
    assert found["adjusted_for_blocks"] is in_blocks
    assert found["variance_saved"] == pytest.approx(1 - (both[1] / alone[1]) ** 2)


def welch(first, second):
    """Return the difference of means and its standard error."""
    return second.mean() - first.mean(), (first.var(ddof=1) / len(first) + second.var(ddof=1) / len(second)) ** 0.5


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
