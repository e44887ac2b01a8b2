"""What `expect` says where a threshold is inside an interval, and how it asks for intervals and comparisons."""

from __future__ import annotations

import numpy as np
import pytest
from builders import a_cast, a_plan, a_question, a_trial
from hypothesis import given
from hypothesis import strategies as st

from tinytroupe_cli.analysis.comparisons import comparisons
from tinytroupe_cli.analysis.expectations import expectations
from tinytroupe_cli.analysis.expected_truth import decided
from tinytroupe_cli.analysis.observations import measured_rows
from tinytroupe_cli.analysis.score_intervals import Interval, wilson
from tinytroupe_cli.events.types import Measured
from tinytroupe_cli.language.expressions import parse
from tinytroupe_cli.plan.planned_weights import PlannedWeights
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.plan.world import WorldPlan
from tinytroupe_cli.reports.sentences import one_line, words

FIELDS = (
    PlannedField(name="buys", kind="yes_no"),
    PlannedField(name="pays", kind="number"),
    PlannedField(name="ad", kind="choice", options=("calm", "loud")),
)
ALONE = WorldPlan(type="interviews", start="2026-01-05T09:00", steps=1)


def judged(*texts, people=20, weights=None, world=ALONE):
    """Of the people every second buys at price 1, and all but one of five at price 2; women pay more."""
    cast = tuple(
        member.model_copy(update={"persona": {**member.persona, "gender": "female" if place % 4 == 0 else "male"}})
        for place, member in enumerate(a_cast(people))
    )
    ids = tuple(member.id for member in cast)
    arms = tuple(Condition(name=f"p{price}", levels={"price": price}) for price in (1, 2))
    queries = (a_question(ids, fields=FIELDS),)
    trials = [a_trial(cast, id=arm.name, condition=arm.name, world=world, queries=queries) for arm in arms]
    events = {
        arm.name: [
            Measured(
                trial=arm.name,
                query="choice",
                person=person,
                values={
                    "buys": place % 2 == 0 if arm.name == "p1" else place % 5 > 0,
                    "pays": 10 + place % 3 + 10 * (place % 4 == 0) + (3 + place % 2) * (arm.name == "p2"),
                    "ad": "calm" if place % 4 else "loud",
                },
            )
            for place, person in enumerate(ids)
        ]
        for arm in arms
    }
    plan = a_plan(*trials, conditions=arms, factors={"price": (1, 2)}, expect=texts, weights=weights)
    rows = measured_rows(plan, events)
    return expectations(plan, rows, comparisons(plan, rows))


@pytest.mark.parametrize(
    ("text", "outcome", "holds"),
    [
        ("choice.buys.at(price=1).share('yes') > 0.1", "held", True),
        ("choice.buys.at(price=1).share('yes') > 0.4", "inconclusive", True),
        ("choice.buys.at(price=1).share('yes') > 0.6", "inconclusive", False),
        ("choice.buys.at(price=1).share('yes') > 0.9", "broken", False),
        ("0.9 > choice.buys.at(price=1).share('yes')", "held", True),
        ("0.4 < choice.buys.at(price=1).share('yes') < 0.95", "inconclusive", True),
        ("not (choice.buys.at(price=1).share('yes') > 0.6)", "inconclusive", True),
        ("choice.buys.at(price=1).share('yes') > 0.4 or choice.pays.mean() > 1", "held", True),
        ("choice.buys.at(price=1).share('yes') > 0.4 and choice.pays.mean() > 100", "broken", False),
        ("choice.pays.at(price=1).mean() > 13.4", "inconclusive", True),
        ("choice.pays.at(price=1).mean() > 5", "held", True),
        ("choice.buys.at(price=1).share('yes') == 0.5", "held", True),
        ("choice.buys.at(price=1).share('yes') < choice.buys.at(price=2).share('yes')", "held", True),
        ("choice.buys.count() == 40", "held", True),
        ("choice.buys.at(price=1).share('yes').low > 0.25", "held", True),
        ("choice.buys.at(price=1).share('yes').high < 0.5", "broken", False),
        ("compare('choice.buys', 1, 2).estimate > 0.2", "held", True),
        ("compare('choice.buys', 2, 1).estimate < -0.2", "held", True),
        ("compare('choice.pays', 1, 2).p_corrected < 0.05", "held", True),
        ("compare('choice.pays', 2, 1).high < 0", "held", True),
        ("compare('choice.ad', 1, 2, option='calm').p == 1", "held", True),
    ],
)
def test_a_threshold_inside_the_interval_is_inconclusive(text, outcome, holds):
    [found] = judged(text)
    assert (found.outcome, found.holds, found.reason) == (outcome, holds, "")


def test_the_interval_that_was_used_is_told():
    [found] = judged("choice.buys.at(price=1).share('yes') > 0.4")
    [seen] = found.observed
    assert (seen.low, seen.high) == pytest.approx(wilson(10, 20))


def test_below_six_units_a_threshold_is_compared_with_the_figure_alone():
    alone, together = (
        judged("choice.buys.share('yes') > 0.1", people=5)[0],
        judged("choice.pays.mean() > 1", world=ALONE),
    )
    assert alone.outcome == "held"
    room = judged("choice.pays.at(price=1).mean() > 13.4", world=ALONE.model_copy(update={"type": "room"}))
    assert room[0].outcome == "held"
    assert together[0].outcome == "held"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("choice.buys.share('yes').low > 0.1", "no interval"),
        ("compare('choice.buys', 1, 2).p < 0.1", "no comparison of choice.buys between 1 and 2"),
    ],
)
def test_what_few_people_cannot_say_is_not_evaluable(text, reason):
    [found] = judged(text, people=4)
    assert (found.outcome, found.holds) == ("not_evaluable", False)
    assert reason in found.reason


def test_with_weights_figures_and_intervals_are_weighted():
    half = PlannedWeights(to={"gender": {"female": 0.5, "male": 0.5}})
    plain, weighted = (
        judged("choice.pays.at(price=1).mean() > 13.4", "choice.ad.at(price=1).share('calm') > 0.6", weights=one)
        for one in (None, half)
    )
    assert plain[0].observed[0].value == pytest.approx(13.45)
    assert weighted[0].observed[0].value == pytest.approx(np.mean([20.8, 11]), abs=0.2)
    assert (plain[1].outcome, weighted[1].holds) == ("inconclusive", False)
    assert weighted[1].observed[0].value == pytest.approx(0.5)
    assert weighted[1].observed[0].low < 0.5 < weighted[1].observed[0].high


TRUTHS = st.sampled_from([True, False, None])


@given(st.lists(TRUTHS, min_size=2, max_size=4), st.sampled_from(["and", "or"]))
def test_an_open_part_only_matters_where_the_whole_depends_on_it(parts, word):
    names = [f"a.f{place}.share('x') > 0.5" for place in range(len(parts))]
    intervals = {True: Interval(0.6, 0.9), False: Interval(0.1, 0.4), None: Interval(0.4, 0.6)}
    found = decided(
        parse(f" {word} ".join(names), calls=True),
        lambda _: True,
        lambda call: intervals[parts[int(call.target.path[1][1:])]],
    )
    known = [[True, False] if part is None else [part] for part in parts]
    combine = all if word == "and" else any
    outcomes = {combine(way) for way in _ways(known)}
    assert found == (outcomes.pop() if len(outcomes) == 1 else None)


def _ways(choices):
    if not choices:
        return [[]]
    return [[first, *rest] for first in choices[0] for rest in _ways(choices[1:])]


def judged_with_silent_people(weights=None):
    """Every second person answers 1 at both prices, the others answer 5 at one price only."""
    cast = tuple(
        member.model_copy(update={"persona": {**member.persona, "gender": ("female", "male")[place % 4 == 0]}})
        for place, member in enumerate(a_cast(20))
    )
    ids = tuple(member.id for member in cast)
    arms = tuple(Condition(name=f"p{price}", levels={"price": price}) for price in (1, 2))
    trials = [
        a_trial(cast, id=arm.name, condition=arm.name, world=ALONE, queries=(a_question(ids, fields=FIELDS[1:2]),))
        for arm in arms
    ]
    events = {
        arm.name: [
            Measured(trial=arm.name, query="choice", person=person, values={"pays": 5 if place % 2 else 1})
            for place, person in enumerate(ids)
            if arm.name == "p1" or not place % 2
        ]
        for arm in arms
    }
    texts = ("choice.pays.mean() >= 2.4",)
    plan = a_plan(*trials, conditions=arms, factors={"price": (1, 2)}, expect=texts, weights=weights)
    return expectations(plan, measured_rows(plan, events))[0]


def test_an_interval_stands_beside_the_mean_over_people_that_it_is_about():
    found = judged_with_silent_people()
    [seen] = found.observed
    assert seen.value == pytest.approx((20 * 1 + 10 * 5) / 30)
    assert (seen.center, seen.unit) == (pytest.approx(3), "person")
    assert seen.low < seen.center < seen.high
    said = one_line(words().expectation(found))
    assert "choice.pays.mean() is 2.33 over all answers, 3 [" in said
    assert said.endswith("] over people)")


def test_the_mean_over_people_is_weighted_like_its_interval():
    [seen] = judged_with_silent_people(PlannedWeights(to={"gender": {"female": 0.5, "male": 0.5}})).observed
    assert seen.low < seen.center < seen.high
    # male: every fourth person, all of whom answer 1; of the 15 others, 5 answer 1 and 10 answer 5
    assert seen.center == pytest.approx(0.5 * 1 + 0.5 * (5 * 1 + 10 * 5) / 15)


def test_one_figure_is_given_where_both_are_the_same():
    [found] = judged("choice.pays.mean() >= 14.9")
    assert "over all answers" not in one_line(words().expectation(found))
