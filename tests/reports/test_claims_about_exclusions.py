"""What reports say of people who are left out: also where that is everybody."""

from __future__ import annotations

import pytest
from builders import a_cast, a_plan, a_question, a_trial
from three_packs import QUICK, written

from tinytroupe_cli.events.types import Measured, TrialEnded
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.plan.world import WorldPlan
from tinytroupe_cli.reports.formats import FORMATS, render
from tinytroupe_cli.reports.results_builder import build_results

ALONE = WorldPlan(type="interviews", start="2026-01-05T09:00", steps=1)
ITEMS = tuple(PlannedField(name=f"item_{number}", kind="scale", low=1, high=7) for number in range(1, 5))
OTHERS = (
    PlannedField(name="best", kind="choice", options=("taste", "price")),
    PlannedField(name="why", kind="text"),
    PlannedField(name="ideas", kind="list"),
)
BY_PACK = PlannedComparison(query="q", field="item_1", factor="pack")
NOBODY = "All 8 people are left out of the figures (straight_lining)"


def _answers(number):
    others = {"best": ("taste", "price")[number % 2], "why": f"Reason {number}.", "ideas": [f"idea {number}"]}
    return {item.name: 1 + number % 7 for item in ITEMS} | others


def nobody_left(packs=()):
    """Return the results of eight people who all give the same point to every item."""
    cast = a_cast(8)
    ids = tuple(member.id for member in cast)
    arms = tuple(Condition(name=pack, levels={"pack": pack}) for pack in packs) or (Condition(name="all", levels={}),)
    trials, events = [], {}
    for arm in arms:
        name = f"{arm.name}-1"
        query = a_question(ids, name="q", fields=(*ITEMS, *OTHERS))
        trials.append(a_trial(cast, id=name, condition=arm.name, world=ALONE, queries=(query,)))
        events[name] = [
            Measured(trial=name, query="q", person=person, values=_answers(number)) for number, person in enumerate(ids)
        ]
        events[name].append(TrialEnded(trial=name))
    of_arms = {"factors": {"pack": packs}, "comparisons": (BY_PACK,), "design": "within"} if packs else {}
    declared = {"conditions": arms, "exclude": ("straight_lining",), "expect": ("q.item_1.mean() > 2",)}
    return build_results(a_plan(*trials, inference=QUICK, **declared, **of_arms), events)


@pytest.mark.parametrize("packs", [(), ("plain", "green")])
def test_a_run_whose_rules_leave_everybody_out_has_reports_that_say_so(packs):
    results = nobody_left(packs)
    assert len(results.exclusions.people) == 8
    for form in ("markdown", "details", "html"):
        assert NOBODY in written(results, form), form
    for form in FORMATS:
        render(results, form)


def test_what_cannot_be_computed_without_people_says_that_everybody_is_left_out():
    results = nobody_left(("plain", "green"))
    for form in ("markdown", "details"):
        page = written(results, form)
        assert "q.item_1: everybody who was asked is left out" in page
        assert "item 1: everybody who was asked is left out." in page
        assert "**why**" not in page
        for untrue in ("was not measured", "not sorted into categories", "each question has a single answer"):
            assert untrue not in page
