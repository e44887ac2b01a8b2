"""Two runs compared: figures that equal scipy's, who is the same person, and when a regression is shown."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tinytroupe_cli.analysis.comparable_run import ComparablePerson, ComparableRun
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.crossover_result import FirstPeriod
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.regressions import RegressionLimit, regression_check
from tinytroupe_cli.analysis.run_comparison import run_comparison
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.plan.planned_comparisons import PlannedInference
from tinytroupe_cli.reports.run_comparison_page import ComparedRuns, run_comparison_markdown

FIELD = PlannedField(name="liking", kind="number", low=0, high=100)


def a_run(values, *, name="run", age=None, unit=None, conditions=("c",)):
    """Return a run in which person i gave value i in every condition."""
    people = tuple(
        ComparablePerson(
            id=f"p{i}", name=f"Person {i}", unit=unit(i) if unit else f"p{i}", identity={"age": age(i) if age else 30}
        )
        for i in range(len(values))
    )
    rows = tuple(
        Observation(
            trial="t", condition=condition, levels={}, replicate=1, person=person.id, query="q", field="liking",
            sample=0, outcome="stated", value=value,
        )
        for condition in conditions
        for person, value in zip(people, values, strict=True)
    )  # fmt: skip
    return ComparableRun(
        run=f"ad/{name}",
        name="ad",
        seed=1,
        conditions=conditions,
        fields={"q.liking": FIELD},
        people=people,
        rows=rows,
        inference=PlannedInference(permutations=20_000),
    )


def only_pair(found):
    [pair] = [one for one in found.comparisons if one.kind == "pair" and not one.at]
    return pair


def drawn(count, mean, seed):
    return np.random.default_rng(seed).normal(mean, 10, count).tolist()


def test_a_paired_comparison_equals_the_exact_sign_flip_test():
    before, after = drawn(11, 50, 1), drawn(11, 57, 2)
    found = run_comparison(a_run(before), a_run(after))
    pair = only_pair(found)
    exact = stats.permutation_test(
        (np.array(after), np.array(before)),
        lambda x, y, axis: np.mean(x - y, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=np.inf,
    )
    assert (found.design, pair.n) == ("paired", (11, 11))
    assert pair.estimate == pytest.approx(np.mean(after) - np.mean(before))
    assert pair.p == pytest.approx(exact.pvalue, abs=1e-9)


def test_an_independent_comparison_equals_the_exact_permutation_test_of_welchs_t():
    before, after = drawn(7, 50, 3), drawn(8, 62, 4)
    found = run_comparison(a_run(before, age=lambda i: 20 + i), a_run(after, age=lambda i: 50 + i))
    pair = only_pair(found)
    exact = stats.permutation_test(
        (np.array(after), np.array(before)),
        lambda x, y, axis: stats.ttest_ind(x, y, axis=axis, equal_var=False).statistic,
        permutation_type="independent",
        vectorized=True,
        n_resamples=np.inf,
    )
    assert (found.design, found.people_in_both, pair.n) == ("independent", 0, (7, 8))
    assert pair.estimate == pytest.approx(np.mean(after) - np.mean(before))
    as_far = np.abs(exact.null_distribution) >= abs(exact.statistic) - 1e-9  # scipy doubles a tail; ours has both
    assert pair.p == pytest.approx(as_far.mean(), abs=1e-9)


def test_people_in_one_run_only_are_left_out_of_a_paired_comparison():
    found = run_comparison(
        a_run([50.0, 40.0, 30.0, 45.0, 20.0, 70.0]), a_run([60.0, 50.0, 41.0, 55.0, 33.0, 80.0, 0.0, 0.0])
    )
    assert (found.design, found.people, found.people_in_both) == ("paired", (6, 8), 6)
    assert only_pair(found).values == pytest.approx((42.5, 319 / 6))


def test_a_group_that_talked_is_one_unit():
    values = drawn(24, 50, 5)
    pair = only_pair(
        run_comparison(
            a_run(values, unit=lambda i: f"p{i // 3 * 3}"), a_run(drawn(24, 50, 6), unit=lambda i: f"p{i // 3 * 3}")
        )
    )
    assert (pair.unit, pair.n) == ("group", (8, 8))


def test_conditions_are_compared_together_and_one_by_one():
    found = run_comparison(a_run(drawn(8, 50, 7), conditions=("x", "y")), a_run(drawn(8, 50, 8), conditions=("y", "z")))
    assert found.conditions == ("y",)
    assert all(not one.at for one in found.comparisons)
    both = run_comparison(a_run(drawn(8, 50, 7), conditions=("x", "y")), a_run(drawn(8, 50, 8), conditions=("x", "y")))
    assert [one.at.get("condition") for one in both.comparisons if one.kind == "pair"] == [None, "x", "y"]


def test_units_of_each_row_are_given_and_answers_missing_in_one_run_are_said_to_be_left_out_of_the_other():
    whole, partly = a_run(drawn(9, 50, 7)), a_run(drawn(9, 50, 8))
    said = run_comparison_markdown(ComparedRuns(comparison=run_comparison(whole, partly)))
    assert "| measure | units | A | B |" in said
    assert "Missing answers" not in said
    silent = partly.rows[0].model_copy(update={"outcome": "refused", "value": None})
    partly = partly.model_copy(update={"rows": (silent, *partly.rows[1:])})
    found = run_comparison(whole, partly)
    said = run_comparison_markdown(ComparedRuns(comparison=found))
    assert only_pair(found).n == (8, 8)
    assert "| 8 |" in said
    assert "Missing answers in one run are left out of the other, too, so A and B can differ" in said


def test_the_same_run_twice_has_no_difference():
    found = run_comparison(a_run(drawn(9, 50, 9)), a_run(drawn(9, 50, 9)))
    assert only_pair(found).estimate == 0
    assert found.changed_answers == ()
    assert found.answers_in_both == 9


def result(low, high):
    return ComparisonResult(
        measure="q.liking", by="run", design="within", scale="number", unit="person", estimate=0.0, low=low, high=high
    )


@pytest.mark.parametrize(
    ("threshold", "is_drop", "interval", "verdict"),
    [
        (-1, True, (-3, -1.1), "regression"),
        (-1, True, (-3, -0.9), "inconclusive"),
        (-1, True, (-0.9, 2), "none"),
        (-1, True, (-1, 2), "none"),
        (1, False, (1.1, 3), "regression"),
        (1, False, (0.9, 3), "inconclusive"),
        (1, False, (-3, 1), "none"),
        (0, True, (-3, -0.1), "regression"),
        (-1, True, (None, None), "inconclusive"),
    ],
)
def test_a_regression_is_an_interval_beyond_the_limit(threshold, is_drop, interval, verdict):
    limit = RegressionLimit(measure="q.liking", threshold=threshold, is_drop=is_drop, written="x")
    check = regression_check(limit, [result(*interval)])
    assert check is not None
    assert check.verdict == verdict
    assert regression_check(limit.model_copy(update={"measure": "q.other"}), [result(*interval)]) is None


@pytest.mark.truth
def test_a_regression_without_one_is_shown_as_rarely_as_the_level_says():
    """Nothing changed: the whole interval lies below 0 in about 2.5% of pairs of runs."""
    limit = RegressionLimit(measure="q.liking", threshold=0, is_drop=True, written="x")
    shown, draws = 0, 120
    for seed in range(draws):
        before, after = a_run(drawn(14, 50, 2 * seed)), a_run(drawn(14, 50, 2 * seed + 1))
        inference = PlannedInference(permutations=200, resamples=600)
        runs = [one.model_copy(update={"inference": inference}) for one in (before, after)]
        check = regression_check(limit, run_comparison(*runs).comparisons)
        shown += check is not None and check.verdict == "regression"
    assert shown <= stats.binom.ppf(0.9999, draws, 0.035)


@pytest.mark.parametrize("design", ["paired", "independent"])
def test_a_swapped_difference_is_that_of_the_runs_in_the_other_order(design):
    ages = ({}, {}) if design == "paired" else ({"age": lambda i: 20 + i}, {"age": lambda i: 50 + i})
    before, after = (a_run(drawn(11, mean, mean), **age) for mean, age in zip((50, 57), ages, strict=True))
    swapped, other = only_pair(run_comparison(before, after)).swapped(), only_pair(run_comparison(after, before))
    assert other.effect_size
    assert swapped.effect_size == pytest.approx(other.effect_size)
    assert swapped.estimate == pytest.approx(other.estimate)
    assert (swapped.values, swapped.levels) == (other.values, other.levels[::-1])


def test_bounds_p_values_and_the_first_period_of_a_swapped_difference_turn_with_it():
    alone = FirstPeriod(n=(7, 8), values=(0.2, 0.5), estimate=0.3, low=0.1, high=0.6, p=0.04)
    bounds = {"equivalence": (-1, 2), "equivalence_interval": (0.1, 0.8), "worst": (-0.2, 0.9), "worst_p": (0.3, 0.01)}
    pair = only_pair(run_comparison(a_run(drawn(8, 50, 1)), a_run(drawn(8, 57, 2))))
    pair = pair.model_copy(update={**bounds, "named_statistic": 3.0, "first_period": alone})
    swapped = pair.swapped()
    assert (swapped.equivalence, swapped.equivalence_interval) == ((-2, 1), (-0.8, -0.1))
    assert (swapped.worst, swapped.worst_p, swapped.named_statistic) == ((-0.9, 0.2), (0.01, 0.3), None)
    turned = FirstPeriod(n=(8, 7), values=(0.5, 0.2), estimate=-0.3, low=-0.6, high=-0.1, p=0.04)
    assert swapped.first_period == turned
    assert swapped.swapped() == pair.model_copy(update={"named_statistic": None})
