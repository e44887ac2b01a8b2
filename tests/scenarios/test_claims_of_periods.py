"""Reports on conditions that people experience one after another say only what was done."""

from __future__ import annotations

import json
import re

import pytest
from projects import Project
from provider import Body, FakeProvider, schema_of

from tinytroupe_cli.core.random_streams import Stream

PLANS = """\
troupe: 1
name: plans
title: Which phone plan do people prefer?
seed: 11
factors: {plan: [basic, family, premium]}
design: {within: [plan], order: williams}
personas: [{use: oscar, copies: 12, vary: {age: {from: 20, to: 70}}}]
world: {type: interviews}
stimuli: [{at: start, say: "This is our {{ plan }} phone plan."}]
extract:
  - {name: q, of: each person, how: interview, question: What do you think?, fields: {liking: {scale: [1, 7]}}}
  - {name: price, of: each person, how: interview, question: Would you buy it?,
     fields: {most: {ladder: [19, 29], unit: dollars}}}
compare: [{measure: q.liking, by: plan}]
"""


def opinions(body: Body) -> str:
    """Answer by chance; who accepts a price accepts all."""
    chance = Stream(1, json.dumps(body["messages"]))
    accepts = "yes" if chance.fraction() < 0.4 else "no"
    properties = schema_of(body)["properties"]
    found = {}
    for name, field in properties.items():
        options = [one for one in field.get("enum") or () if one != "not stated"]
        if len(options) == 7 and chance.fraction() < 0.25:
            found[name] = "not stated"
            continue
        found[name] = accepts if "yes" in options else chance.shuffled(options)[0] if options else "I see."
    return json.dumps(found)


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Project:
    with FakeProvider(answer=opinions) as fake:
        project = Project(tmp_path_factory.mktemp("plans"), fake.url, PLANS)
        ended = project.run()
    assert ended.code == 0, ended.err
    return project


def one_line(text: str) -> str:
    return " ".join(text.replace("\\", "").split())


def test_a_stimulus_is_told_with_the_period_it_was_put_in(plans: Project) -> None:
    text = one_line(plans.report)
    assert "Each person experienced all 3 conditions one after another, in one trial" in text
    assert (
        "in one of 6 orders, assigned at random (a Williams design: each condition is equally often in each period and "
        "directly after each other condition)."
    ) in text
    for plan in ("basic", "family", "premium"):
        said = f"- Step 1 of each person's period for plan {plan}, the moderator says to everyone: “This is our {plan}"
        assert said in text
    assert "- Step 1, the moderator" not in text
    assert "| condition | levels | trials |" not in text


def test_one_replicate_leaves_noise_among_how_people_respond_to_conditions(plans: Project) -> None:
    text = one_line((plans.runs[-1] / "methods.md").read_text(encoding="utf-8"))
    assert (
        "One replicate: the model's noise can't be told from how differently people respond to the conditions." in text
    )
    assert "noise can't be told from differences between people" not in text


def test_adjusted_values_are_said_to_be_adjusted_and_of_whom(plans: Project) -> None:
    told = one_line(plans.report.split("## Comparisons")[1].split("## Order")[0])
    assert "people with an answer in every period; figures are adjusted for periods." in told
    assert "adjusted for periods and leave out people without an answer in every period." in told


def test_the_number_of_a_price_ladder_is_called_what_it_is(plans: Project) -> None:
    [none] = [one["none_accepted"] for one in plans.results["ladders"] if not one["condition"]]
    text = one_line(plans.report)
    assert none
    assert re.search(
        rf"- \*\*most\*\*: highest accepted price, 0 if none: [^;]+;.*?no price was accepted in {none}\b", text
    )
    assert "| highest accepted price, 0 if none: median |" in text
    assert "| median | 0 |" not in text


def test_methods_say_which_answers_comparisons_leave_out(plans: Project) -> None:
    text = one_line((plans.runs[-1] / "methods.md").read_text(encoding="utf-8"))
    answered: dict[str, int] = {}
    for row in plans.results["rows"]:
        if row["field"] == "liking" and row["outcome"] == "stated":
            answered[row["person"]] = answered.get(row["person"], 0) + 1
    partial = [count for count in answered.values() if count < 3]
    assert partial
    assert (
        "Differences between conditions are adjusted for periods and leave out people without an answer in every "
        f"period. These are {len(partial)} of 12 people, with {sum(partial)} stated answers, for q.liking."
    ) in text
    assert (
        "no rule excludes people; comparisons leave out people without an answer in every period "
        f"(q.liking: {len(partial)}, with {sum(partial)} stated answers)"
    ) in text.split("E2 Post-processing")[1]
    assert "no exclusions" not in text
    assert "no answer was excluded" not in text


def test_methods_name_the_design_of_the_orders_the_stimuli_and_the_prices(plans: Project) -> None:
    text = one_line((plans.runs[-1] / "methods.md").read_text(encoding="utf-8"))
    assert plans.results["order_of_conditions"] == "williams"
    assert "a Williams design" in text.split("## Instruments")[0]
    told = text.split("## Instruments")[1].split("## Data")[0]
    assert "for plan premium, the moderator says to everyone: “This is our premium phone plan.”" in told
    assert "- most: yes or no at 19, 29 dollars" in told


def test_order_effects_without_options_say_nothing_of_rankings_of_options(plans: Project) -> None:
    told = one_line(plans.report.split("## Order effects")[1].split("\n## ")[0])
    assert {one["of"] for one in plans.results["orders"] if one["p"] is not None} == {"scale"}
    assert "ranking of options" not in told
