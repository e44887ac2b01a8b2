"""One person goes through all conditions in one trial: `design: {order: williams}`."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections import Counter
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from projects import Finished, Project
from provider import FakeProvider, answer_for

ADS = {"calm": "A quiet chair.", "loud": "The best chair ever!", "plain": "A chair."}
EXPERIMENT = """\
troupe: 1
name: ads
title: Which ad wins?
seed: 5
factors: {ad: {calm: A quiet chair., loud: The best chair ever!, plain: A chair.}}
design: {order: williams}
personas: [{use: oscar, copies: 12}]
world: {type: interviews, steps: 2}
stimuli:
  - say: "Good morning."
  - {say: "Look at this ad: {{ ad }}", at: {step: 2}}
extract:
  - name: q
    of: each person
    how: interview
    question: "What is the chair of “{{ ad }}” worth?"
    fields: {worth: {number: {min: 0, max: 100}}}
compare: [{measure: q.worth, by: ad}]
report: {formats: [json, markdown, details, html, csv]}
"""


def shown_so_far(body: Any) -> list[str]:
    """Return the ads that a request's person has seen, in order."""
    told = "\n".join(str(message["content"]) for message in body["messages"])
    return re.findall("Look at this ad: (" + "|".join(map(re.escape, ADS.values())) + ")", told)


def worth_of(body: Any) -> str:
    """Answer with 20 for each ad that was seen, and 5 more if the ad of the question is the loud one."""
    asked = str(body["messages"][-1]["content"])
    if "worth?" not in asked:
        return answer_for(body)
    worth = 20 * len(shown_so_far(body)) + 5 * (f"“{ADS['loud']}”" in asked)
    [key] = body["response_format"]["json_schema"]["schema"]["properties"]
    return json.dumps({key: worth})


def unsteady(body: Any) -> str:
    """Answer as `worth_of`, with a whole number from -6 to 6 more that depends on the person and the ad."""
    told = worth_of(body)
    if "worth" not in str(body["messages"][-1]["content"]):
        return told
    [(key, worth)] = json.loads(told).items() if told.startswith("{") else [("", None)]
    if not isinstance(worth, int):
        return told
    text = f"{body.get('seed')}{body['messages'][-1]['content']}"
    return json.dumps({key: worth + int(hashlib.sha256(text.encode()).hexdigest(), 16) % 13 - 6})


def played(folder: Path, experiment: str = EXPERIMENT, **provider: Any) -> tuple[Project, Finished, FakeProvider]:
    with FakeProvider(**{"answer": worth_of, **provider}) as fake:
        project = Project(folder, fake.url, experiment)
        return project, project.run(), fake


def met(events: list[dict[str, Any]], person: str) -> list[str]:
    """Return what happened to a person with the ads, in the order of the log."""
    names = {text: name for name, text in ADS.items()}
    found: list[str] = []
    for event in events:
        if event["kind"] == "perceived" and person in event["people"] and "ad: " in event["text"]:
            found.append(f"sees {names[event['text'].removeprefix('Look at this ad: ')]}")
        if event["kind"] == "measured" and event["person"] == person:
            found.append(f"is asked at step {event['step']}")
    return found


def test_each_person_meets_the_conditions_in_their_order_and_is_asked_after_each(tmp_path: Path) -> None:
    project, ended, _ = played(tmp_path)
    assert ended.code == 0, ended.err
    results, logs = project.results, project.events()
    assert len(results["trials"]) == 6
    for trial in results["trials"]:
        order = [period["condition"] for period in trial["periods"]]
        assert sorted(order) == sorted(ADS)
        for person in trial["people"]:
            expected = [f"sees {order[0]}", "is asked at step 2", f"sees {order[1]}", "is asked at step 3"]
            assert met(logs[trial["id"]], person) == [*expected, f"sees {order[2]}", "is asked at step 4"]
    greeted = [event for log in logs.values() for event in log if event.get("text") == "Good morning."]
    assert {event["step"] for event in greeted} == {1}
    orders = Counter(tuple(person["sequence"]) for person in results["participants"])
    assert len(orders) == 6
    assert set(orders.values()) == {2}
    assert set(Counter(pair for order in orders for pair in pairwise(order)).values()) == {2}


def test_each_answer_is_stored_with_its_condition_its_period_and_the_condition_before(tmp_path: Path) -> None:
    project, _, _ = played(tmp_path)
    sequence = {person["id"]: person["sequence"] for person in project.results["participants"]}
    rows = project.results["rows"]
    assert len(rows) == 36
    for row in rows:
        order = ["", *sequence[row["person"]]]
        assert row["condition"] == order[row["period"]]
        assert row["levels"] == {"ad": row["condition"]}
        assert row.get("preceding", "") == order[row["period"] - 1]
        # The answer is the number of ads seen by then: what came later had not happened yet.
        assert row["value"] == 20 * row["period"] + 5 * (row["condition"] == "loud")
    head, *lines = (project.runs[-1] / "data" / "measures.csv").read_text().splitlines()
    assert head.endswith("period,preceding")
    assert len(lines) == 36


def test_a_question_leaves_no_trace_in_what_the_person_knows_later(tmp_path: Path) -> None:
    _, _, fake = played(tmp_path)
    asked = [body for body in fake.requests if "worth?" in str(body["messages"][-1]["content"])]
    assert len(asked) == 36
    assert Counter(len(shown_so_far(body)) for body in asked) == {1: 12, 2: 12, 3: 12}
    before = ["\n".join(str(message["content"]) for message in body["messages"][:-1]) for body in fake.requests]
    assert not any("worth?" in text for text in before)


def test_the_difference_is_free_of_the_period_and_the_report_tells_of_it(tmp_path: Path) -> None:
    project, ended, _ = played(tmp_path)
    results = project.results
    pairs = {tuple(one["levels"]): one for one in results["comparisons"] if one["kind"] == "pair"}
    calm_loud = pairs["calm", "loud"]
    assert calm_loud["estimate"] == pytest.approx(5)
    assert calm_loud["values"] == pytest.approx([40, 45])
    assert calm_loud["test"] == "orders assigned again"
    assert calm_loud["p"] < 0.01
    assert calm_loud["n"] == [12, 12]
    assert calm_loud["first_period"]["estimate"] == pytest.approx(5)
    assert calm_loud["first_period"]["n"] == [4, 4]
    assert "fewer than 6" in calm_loud["first_period"]["why_not"]
    assert pairs["calm", "plain"]["estimate"] == pytest.approx(0)
    [check] = results["crossover"]
    assert check["periods"] == pytest.approx([65 / 3, 125 / 3, 185 / 3])
    assert check["period_p"] < 0.01
    assert check["why_not"] == "nothing is left to vary by the condition before"
    details = (project.runs[-1] / "details.md").read_text()
    assert "## Order of conditions" in details
    assert "in 6 orders; each order was used by 2 people" in details
    assert "differs between periods (21.7, 41.7, 61.7;" in details
    assert "Everyone experienced every condition, one after another." in details
    page = (project.runs[-1] / "report.html").read_text()
    assert "each order was used by 2 people" in page
    assert "asked in private" in ended.err


def test_effect_sizes_are_those_of_the_model_with_periods(tmp_path: Path) -> None:
    experiment = EXPERIMENT.replace("copies: 12", "copies: 9")  # three orders have two people, three have one
    project, ended, _ = played(tmp_path, experiment, answer=unsteady)
    assert ended.code == 0, ended.err
    rows, found = project.results["rows"], project.results["comparisons"]
    people, ads = sorted({row["person"] for row in rows}), ["calm", "loud", "plain"]
    worth = np.array([row["value"] for row in rows], dtype=float)
    person = np.array([people.index(row["person"]) for row in rows])
    period, ad = np.array([row["period"] - 1 for row in rows]), np.array([ads.index(row["condition"]) for row in rows])
    without = np.column_stack([np.eye(9)[person], np.eye(3)[period][:, 1:]])
    design = np.column_stack([without, np.eye(3)[ad][:, 1:]])
    fits = [np.linalg.lstsq(one, worth, rcond=None)[0] for one in (without, design)]
    squares = [float(np.square(worth - one @ fit).sum()) for one, fit in zip((without, design), fits, strict=True)]
    whole = next(one for one in found if one["kind"] == "omnibus")
    assert whole["effect_size"] == pytest.approx(1 - squares[1] / squares[0])
    adjusted = worth - np.concatenate([[0.0], fits[1][9:11]])[period]
    spread = [adjusted[ad == place].std(ddof=1) for place in range(3)]
    assert abs(worth[ad == 1].mean() - worth[ad == 0].mean() - fits[1][11]) > 1, "the example no longer shows it"
    for one in (one for one in found if one["kind"] == "pair"):
        first, second = (ads.index(level) for level in one["levels"])
        effects = np.concatenate([[0.0], fits[1][11:]])
        assert one["estimate"] == pytest.approx(effects[second] - effects[first])
        average = (spread[first] + spread[second]) / 2
        correction = math.exp(math.lgamma(4) - math.lgamma(3.5)) / math.sqrt(4)
        assert one["effect"] == "Hedges' g_av"
        assert one["effect_size"] == pytest.approx(one["estimate"] / average * correction)


def test_estimates_have_all_their_digits(tmp_path: Path) -> None:
    project, ended, _ = played(tmp_path, answer=unsteady)
    assert ended.code == 0, ended.err
    for one in (one for one in project.results["comparisons"] if one["kind"] == "pair"):
        first, second = (
            sum(Fraction(row["value"]) for row in project.results["rows"] if row["condition"] == level)
            for level in one["levels"]
        )
        assert one["estimate"] == pytest.approx(float((second - first) / 12), abs=1e-13)


def test_plan_prints_how_often_each_order_is_used(tmp_path: Path) -> None:
    project = Project(tmp_path, "", EXPERIMENT)
    shown = project.troupe("plan", "x.yaml", "--model", "openai/gpt-4o-mini").out
    assert "one after another in the same trial" in shown
    orders = re.findall(r"^  ((?:calm|loud|plain), .*?)  2 people$", shown, re.MULTILINE)
    assert len(set(orders)) == 6
    trial = project.troupe("plan", "x.yaml", "--model", "openai/gpt-4o-mini", "--trial", "r1-s1").out
    assert re.search(r"^r1-s1: conditions \w+, then \w+, then \w+, replicate 1", trial)
    assert "asked in character after step 2" in trial
    assert "asked in character after step 4" in trial


def test_an_interrupted_run_goes_on_where_it_was(tmp_path: Path) -> None:
    whole, _, fake = played(tmp_path / "whole")
    with FakeProvider(answer=worth_of) as provider:
        project = Project(tmp_path / "stopped", provider.url, EXPERIMENT)
        stopped = project.run("--set", "limits.calls=30", "--no-cache")
        assert stopped.code != 0
        first = len(provider.requests)
        assert project.run("--no-cache").code == 0
        assert len(provider.requests) == len(fake.requests)
        assert 0 < first <= 30
    assert len(project.runs) == 1
    assert project.logs() == whole.logs()


def test_the_first_condition_costs_nothing_after_a_run_of_separate_conditions(tmp_path: Path) -> None:
    """What a person is told and asked is the same until the second condition, so the calls are the same calls."""
    with FakeProvider(answer=worth_of) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT.replace("{order: williams}", "within"))
        assert project.run().code == 0
        before = len(fake.requests)
        project.write("x.yaml", EXPERIMENT)
        assert project.run().code == 0
    # 12 people: a greeting, an ad and a question in the first period are known; two more periods are not.
    assert len(fake.requests) - before == 12 * 4


def test_show_and_a_branch_know_the_order(tmp_path: Path) -> None:
    with FakeProvider(answer=worth_of) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT)
        assert project.run().code == 0
        trial = project.results["trials"][0]
        person = trial["people"][0]
        order = [period["condition"] for period in trial["periods"]]
        shown = project.troupe("show", str(project.runs[0]), "--trial", trial["id"], "--person", person)
        assert shown.code == 0, shown.err
        places = [shown.out.index(ADS[condition]) for condition in order]
        assert places == sorted(places)
        asked = [shown.out.index(f"Asked after step {step}") for step in (2, 3, 4)]
        assert asked == sorted(asked)
        assert places[0] < asked[0] < places[1] < asked[1] < places[2] < asked[2]
        before = len(fake.requests)
        branched = project.troupe("branch", str(project.runs[0]), "--at", "3", "--say", "It is half price today.")
        assert branched.code == 0, branched.err
    assert len(project.runs) == 2
    assert len(fake.requests) - before == 12 * 4  # two turns and two answers of each person
    told = [event for event in project.events()[trial["id"]] if event.get("text") == "It is half price today."]
    assert {event["step"] for event in told} == {3}
    assert [row["value"] for row in project.results["rows"] if row["period"] == 1] == [
        20 + 5 * (row["condition"] == "loud") for row in project.results["rows"] if row["period"] == 1
    ]


def test_blocks_have_each_order_equally_often(tmp_path: Path) -> None:
    people = "personas: [{use: oscar, copies: 24, vary: {age: [30, 60]}}]"
    experiment = EXPERIMENT.replace("personas: [{use: oscar, copies: 12}]", people)
    experiment = experiment.replace("order: williams", "order: latin, block_by: [{person: age, bands: [45]}]")
    project, ended, _ = played(tmp_path, experiment)
    assert ended.code == 0, ended.err
    assert "orders assigned again within blocks" in {one["test"] for one in project.results["comparisons"]}
    for block in {person["block"] for person in project.results["participants"]}:
        own = [tuple(person["sequence"]) for person in project.results["participants"] if person["block"] == block]
        counts = [own.count(order) for order in set(own)]
        assert len(counts) == 3
        assert max(counts) - min(counts) <= 1
