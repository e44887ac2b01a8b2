import numpy as np
import pytest
from builders import a_cast, a_plan, a_question, a_trial
from compiling import a_folder, compiled_text

from tinytroupe_cli.analysis.comparisons import comparisons
from tinytroupe_cli.analysis.negative_controls import has_moved, negative_controls
from tinytroupe_cli.analysis.observations import measured_rows
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.events.types import Measured
from tinytroupe_cli.plan.planned_controls import PlannedControl
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.plan.world import WorldPlan
from tinytroupe_cli.reports.headline import headline
from tinytroupe_cli.reports.markdown import details
from tinytroupe_cli.reports.results_builder import build_results

ALONE = WorldPlan(type="interviews", start="2026-01-05T09:00", steps=1)
FIELDS = (PlannedField(name="age", kind="number"), PlannedField(name="buys", kind="yes_no"))
CONTROLS = (PlannedControl(query="choice", field="age"),)
SPEC = """
personas: [lisa]
factors: {price: [1, 2]}
extract:
  - {name: choice, of: each person, how: interview, question: "At {{ price }}?", fields: {age: number, why: text}}
"""


def a_run(drift=0.0, *, people=20, seed=1, controls=CONTROLS):
    chance = np.random.default_rng(seed)
    arms = tuple(Condition(name=f"p{price}", levels={"price": price}) for price in (1, 2))
    cast = a_cast(people)
    ids = tuple(member.id for member in cast)
    ages = chance.normal(40, 10, people)
    trials = [
        a_trial(cast, id=arm.name, condition=arm.name, world=ALONE, queries=(a_question(ids, fields=FIELDS),))
        for arm in arms
    ]
    events = {
        arm.name: [
            Measured(
                trial=arm.name,
                query="choice",
                person=one,
                values={"age": ages[at] + place * drift + chance.normal(0, 1), "buys": bool(chance.random() < 0.5)},
            )
            for at, one in enumerate(ids)
        ]
        for place, arm in enumerate(arms)
    }
    return a_plan(*trials, conditions=arms, factors={"price": (1, 2)}, controls=controls), events


def test_a_control_in_which_nothing_differs_says_how_far_it_could_reach():
    plan, events = a_run()
    text = details(build_results(plan, events)).decode()
    text = " ".join(text.split())
    [one] = negative_controls(plan, measured_rows(plan, events))
    reach = max(abs(one.low), abs(one.high))
    assert (
        "No change could be shown in what no condition may change: "
        f"choice: age (1 comparison of values, differences beyond ±{reach:.3g} are unlikely)." in text
    )


def test_a_control_with_missing_answers_tells_them_and_counts_comparisons_of_values_apart():
    plan, events = a_run()
    silent = {
        name: [
            one.model_copy(update={"values": one.values | {"age": None}}) if place % 2 else one
            for place, one in enumerate(told)
        ]
        for name, told in events.items()
    }
    rows = measured_rows(plan, silent)
    families = {one.kind: one.family for one in negative_controls(plan, rows)}
    assert families == {"missing": "missing controls", "pair": "controls"}
    text = " ".join(details(build_results(plan, silent)).decode().split())
    assert "choice: age (1 comparison of values, differences beyond" in text
    assert "are unlikely, 1 comparison of shares of missing answers, 20 of 40 answers are missing)." in text


def test_a_control_that_moves_warns_above_the_results():
    plan, events = a_run(drift=3)
    results = build_results(plan, events)
    assert "they changed who these people are" in headline(results).caution
    assert "choice: age" in headline(results).caution


def test_a_control_is_in_no_other_family():
    plan, events = a_run()
    rows = measured_rows(plan, events)
    assert {one.measure for one in comparisons(plan, rows)} == {"choice.buys"}
    assert [one.family for one in negative_controls(plan, rows)] == ["controls"]


def test_too_few_people_say_why():
    plan, events = a_run(people=3)
    text = details(build_results(plan, events)).decode()
    assert "What no condition may change could not be tested: fewer than 6 people with answers at both levels" in text


def test_a_control_that_can_t_be_compared_is_refused_at_its_line(tmp_path):
    folder = a_folder(tmp_path)
    with pytest.raises(SpecError) as caught:
        compiled_text(folder, f"{SPEC}controls: [{{measure: choice.agee}}]\n")
    [found] = caught.value.diagnostics
    assert (found.code, "did you mean 'choice.age'" in found.hint) == ("E523", True)
    alone = SPEC.replace("factors: {price: [1, 2]}", "").replace("{{ price }}", "9 dollars")
    with pytest.raises(SpecError) as caught:
        compiled_text(folder, f"{alone}controls: [{{measure: choice.age}}]\n")
    assert caught.value.diagnostics[0].message == "there is only one condition"


def test_the_plan_names_what_may_not_change(tmp_path):
    plan, _ = compiled_text(a_folder(tmp_path), SPEC + "controls: [{measure: choice.age}]\n")
    assert plan.controls == CONTROLS


@pytest.mark.truth
@pytest.mark.parametrize(("drift", "low", "high"), [(0.0, 0.0, 0.1), (1.0, 0.7, 1.0)])
def test_drift_is_flagged_and_chance_is_not(drift, low, high):
    flagged = [
        any(has_moved(one) for one in negative_controls(plan, measured_rows(plan, events)))
        for plan, events in (a_run(drift, seed=seed) for seed in range(100))
    ]
    assert low <= np.mean(flagged) <= high
