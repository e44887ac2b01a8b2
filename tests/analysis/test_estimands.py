import numpy as np
import pytest
from scipy import stats

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.distribution_figures import distance_figures
from tinytroupe_cli.analysis.estimand_figures import estimand_figures
from tinytroupe_cli.analysis.estimands import number_under
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.rank_statistics import brunner_munzel, cliffs_delta, paired_delta
from tinytroupe_cli.analysis.robust_means import centers_test, medians, trimmed_means
from tinytroupe_cli.plan.planned_comparisons import PlannedInference
from tinytroupe_cli.plan.types import PlannedField

HOW = AnalysisSettings(PlannedInference(permutations=1_999, resamples=1_999), 3)
POINTS = PlannedField(name="intent", kind="likert", options=("no", "maybe", "rather", "yes", "surely"))


def points(seed, size):
    return np.random.default_rng(seed).integers(1, 6, size).astype(float)


def ones(*sizes):
    return [np.ones((1, size)) for size in sizes]


@pytest.mark.parametrize("seed", range(3))
def test_statistics_of_order_equal_known_ones(seed):
    first, second = points(seed, 14), points(seed + 9, 11)
    test = brunner_munzel(first, second, draws=999, seed=1)
    assert test.statistic == pytest.approx(abs(stats.brunnermunzel(first, second).statistic), abs=1e-9)
    u = stats.mannwhitneyu(second, first).statistic
    delta = cliffs_delta(first, second)(ones(14, 11))[0]
    assert delta == pytest.approx(2 * u / (14 * 11) - 1, abs=1e-9)
    assert paired_delta(first[:11], second)(ones(11))[0] == pytest.approx(np.sign(second - first[:11]).mean())


def test_centres_equal_scipys():
    rows = np.random.default_rng(1).normal(size=(5, 23))
    assert trimmed_means(rows) == pytest.approx(stats.trim_mean(rows, 0.2, axis=1), abs=1e-9)
    assert medians(rows) == pytest.approx(np.median(rows, axis=1))


@pytest.mark.parametrize("is_paired", [True, False])
def test_centres_that_are_equal_have_p_1_and_that_differ_a_small_one(is_paired):
    values = np.arange(12.0)
    same = centers_test(values, values, medians, is_paired=is_paired, draws=999, seed=1)
    apart = centers_test(values, values + 20, trimmed_means, is_paired=is_paired, draws=999, seed=1)
    assert same.p == 1
    assert apart.p < 0.01


@pytest.mark.parametrize(
    ("estimand", "wanted"),
    [("ratio", (6 / 10) / (4 / 10)), ("odds", (6 / 4) / (4 / 6)), ("delta", 0.2), ("median", 1), ("trimmed", 1 / 3)],
)
def test_estimates_of_a_share(estimand, wanted):
    first, second = np.repeat([1.0, 0.0], [4, 6]), np.repeat([1.0, 0.0], [6, 4])
    found = estimand_figures(first, second, estimand, HOW, is_paired=False)
    assert found["estimate"] == pytest.approx(wanted)
    assert found["low"] <= found["estimate"] <= found["high"]
    assert found["interval"] == "BCa"


def test_a_share_of_0_has_no_ratio_and_says_so():
    found = estimand_figures(np.zeros(10), np.ones(10), "ratio", HOW, is_paired=True)
    assert found["estimate"] is None
    assert "no ratio" in found["why_not"]


@pytest.mark.parametrize(
    ("estimand", "answer", "wanted"),
    [
        ("top2", "yes", 1),
        ("top2", "rather", 0),
        ("bottom2", "maybe", 1),
        ("bottom2", "rather", 0),
        (None, "yes", 4),
    ],
)
def test_an_answer_counts_as_the_estimand_says(estimand, answer, wanted):
    row = Observation.model_construct(value=answer, outcome="stated")
    assert number_under(POINTS, None, estimand)(row) == wanted


@pytest.mark.parametrize(("order", "wanted"), [(["A", "B"], 1), (["B", "A"], 0)])
def test_first_place_is_a_share(order, wanted):
    row = Observation.model_construct(value=order, outcome="stated")
    assert number_under(PlannedField(name="r", kind="rank", options=("A", "B")), "A", "first")(row) == wanted


def shares_of(values, points):
    """Return each value as a distribution: all of it at one point."""
    return (np.asarray(values)[:, None] == np.asarray(points)[None]).astype(float)


@pytest.mark.parametrize("is_paired", [True, False])
def test_the_distance_of_distributions_equals_scipys(is_paired):
    first, second = points(1, 30), points(2, 30) ** 1.5
    values = np.unique(np.concatenate([first, second]))
    found = distance_figures(shares_of(first, values), shares_of(second, values), values, HOW, is_paired=is_paired)
    assert found["estimate"] == pytest.approx(stats.wasserstein_distance(first, second), abs=1e-9)
    assert found["low"] <= found["estimate"] <= found["high"]


@pytest.mark.parametrize("is_paired", [True, False])
def test_a_distance_sees_a_spread_that_means_hide(is_paired):
    first, second = np.repeat([3.0], 20), np.tile([1.0, 5.0], 10)
    values = np.array([1.0, 3.0, 5.0])
    found = distance_figures(shares_of(first, values), shares_of(second, values), values, HOW, is_paired=is_paired)
    assert found["estimate"] == 2
    assert found["p"] < 0.01
    assert 0 < found["low"] < 2


@pytest.mark.parametrize("is_paired", [True, False])
def test_equal_distributions_have_distance_0_and_an_interval(is_paired):
    same = shares_of(np.repeat([2.0], 12), [1.0, 2.0, 3.0])
    found = distance_figures(same, same, np.array([1.0, 2.0, 3.0]), HOW, is_paired=is_paired)
    assert (found["estimate"], found["low"], found["p"], found["interval"]) == (0, 0, 1, "exact bound")
    assert 0 < found["high"] < 1
