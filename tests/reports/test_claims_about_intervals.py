"""One mean has one interval, wherever it is told, and it is at the level that the experiment names."""

from __future__ import annotations

import numpy as np
import pytest
from priced_runs import a_priced_run
from three_packs import written

from tinytroupe_cli.plan.planned_comparisons import PlannedComparison, PlannedInference
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.reports.breakdowns import by_condition
from tinytroupe_cli.reports.results_builder import build_results

PAYS = PlannedField(name="pays", kind="number", low=0)
BUYS = PlannedField(name="buys", kind="yes_no")
BY_PRICE = PlannedComparison(query="q", field="buys", factor="price")


def a_run(*, replicates=1, people=11, spread=1.2, **inference):
    """Return what people would pay, which is skewed, in two conditions."""
    chance = np.random.default_rng(4)
    plan, events = a_priced_run(
        (PAYS, BUYS),
        lambda _: {"pays": float(chance.lognormal(4, spread)), "buys": bool(chance.integers(2))},
        prices=(1, 2),
        people=people,
        replicates=replicates,
        comparisons=(BY_PRICE,),
        inference=PlannedInference(**{"permutations": 999, **inference}),
        expect=("q.pays.at(price=1).mean() > 0", "q.buys.at(price=1).share('yes') >= 0"),
    )
    return build_results(plan, events)


@pytest.mark.parametrize(
    "changes",
    [{}, {"alpha": 0.2}, {"about": "cast", "replicates": 7}, {"replicates": 2, "alpha": 0.1}, {"people": 520}],
)
def test_the_charts_the_tables_and_the_expectations_have_the_same_intervals(changes):
    found = a_run(**changes)
    told_mean, told_share = (one.observed[0] for one in found.expectations)
    [query] = found.queries
    part = by_condition(found, query, PAYS).parts[0]
    assert part.interval == pytest.approx((told_mean.low, told_mean.high))
    yes = next(
        one.shares[0] for one in found.summaries if (one.field, one.condition) == ("buys", "p1") and one.shares[0].value
    )
    assert (yes.low, yes.high) == pytest.approx((told_share.low, told_share.high))


def test_a_skewed_mean_of_few_people_has_no_symmetric_interval():
    part = by_condition(found := a_run(), found.queries[0], PAYS).parts[0]
    assert part.interval[1] - part.center > 1.2 * (part.center - part.interval[0])


def test_charts_name_the_level_that_the_experiment_sets():
    page = written(a_run(alpha=0.1), "html")
    assert "mean with its 90% interval" in page
    assert "Lines are 90% intervals" in page
    assert "lines their 90% intervals" in page
    assert "95% interval" not in page
    assert "95% interval" in written(a_run(), "html")


def test_with_a_fixed_cast_a_replicate_counts_once_in_charts_too():
    found = a_run(about="cast", replicates=7)
    assert "(each replicate counts once; tables count all answers)" in written(found, "html")
    assert "each person counts once" not in written(found, "html")
