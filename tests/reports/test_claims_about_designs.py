"""What reports say of a run's design: one condition is not several, and a replicate is not a person."""

from __future__ import annotations

import numpy as np
import pytest
from priced_runs import a_priced_run
from three_packs import QUICK, written

from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.reports.leading_chart import leading_chart
from tinytroupe_cli.reports.results_builder import build_results

BEST = PlannedField(name="best", kind="choice", options=("sound", "picture", "price"))
LIKING = PlannedField(name="liking", kind="scale", low=1, high=7)
BY_OPTIONS = PlannedComparison(query="q", field="best", options=True)
BY_PRICE = PlannedComparison(query="q", field="liking", factor="price")


def a_run(*, prices=(), replicates=1, silent=0, compare=(BY_OPTIONS,), people=12):
    """Return the results of people who are asked at each price; the first `silent` do not say how they like it."""
    chance = np.random.default_rng(3)

    def values(number):
        best = BEST.options[int(chance.integers(3))]
        return {"best": best, "liking": None if number < silent else int(chance.integers(1, 8))}

    how = {"prices": prices, "people": people, "replicates": replicates}
    plan, events = a_priced_run((BEST, LIKING), values, **how, comparisons=compare, inference=QUICK)
    return build_results(plan, events)


def test_a_run_of_one_condition_is_not_said_to_have_a_design_of_conditions():
    alone = a_run()
    assert "Everyone experienced every condition" not in written(alone, "details")
    assert "1 trial." in written(alone, "methods")
    assert "design: within" not in written(alone, "methods")
    assert "Answers by condition are under" not in written(alone, "html")
    several = a_run(prices=(1, 2), compare=(BY_PRICE,))
    assert "Everyone experienced every condition, each in a separate trial." in written(several, "details")
    assert "2 trials; design: within." in written(several, "methods")


def test_answers_by_condition_are_announced_where_there_are_several():
    several = a_run(prices=(1, 2))
    assert "Answers by condition are under" in written(several, "html")


@pytest.mark.parametrize("form", ["details", "markdown", "methods"])
def test_people_are_said_to_be_left_out_only_if_a_comparison_within_people_lacks_answers(form):
    words = "Differences within people leave out people without an answer at both levels."
    assert words in written(a_run(prices=(1, 2), silent=2, compare=(BY_PRICE,)), form)
    complete = written(a_run(prices=(1, 2), compare=(BY_PRICE,)), form)
    assert "leave out" not in complete
    # a person with one of two answers still counts in shares of options
    assert "leave out" not in written(a_run(prices=(1, 2), silent=2, compare=(BY_OPTIONS,)), form)


def test_a_chart_of_all_options_does_not_claim_to_show_the_figures_of_the_sentence_alone():
    chart = leading_chart(a_run(prices=(1, 2)))
    assert chart.wide.note.startswith("Bars are computed like the figures of the sentence above.")


def test_methods_say_that_unusable_fields_were_asked_for_once_more():
    assert "a field without a usable answer was asked for once more, which is not counted here" in written(
        a_run(), "methods"
    )
