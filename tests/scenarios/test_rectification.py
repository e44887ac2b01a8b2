"""A few human answers rectify many simulated ones: from the experiment's file to the report."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from projects import MODEL, Finished, Project
from provider import Body, FakeProvider

EXPERIMENT = """\
troupe: 1
name: soap
title: Would they buy the soap?
factors: {price: [cheap, dear]}
personas: [{use: oscar, copies: 100, vary: {age: {from: 20, to: 70}}}]
world: {type: interviews}
extract:
  - {name: q, of: each person, how: interview, question: "This {{ price }} soap?", fields: {buys: yes_no}}
rectify: {measure: q.buys, with: people.csv, column: buys, key: id, drawn: random}
"""
TWINS = 40


def chance(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 100


def keen(body: Body) -> str:
    """Nearly everybody simulated buys, fewer where it is dear."""
    text = str(body["messages"])
    return json.dumps({"item_1": "yes" if chance(text) < (60 if "dear" in text else 95) else "no"})


def people(levels: tuple[str, ...] = ("",), *, together: bool = True) -> str:
    """Return human answers: 30 of 100 buy, at the dear level 10."""
    lines = ["id,buys,price"]
    for number in range(1, TWINS + 1):
        own = levels if together else levels[number % len(levels) :][:1]
        for level in own:
            buys = chance(f"{number}{level}") < (10 if level == "dear" else 30)
            lines.append(f"oscar-{number},{'yes' if buys else 'no'},{level}")
    return "\n".join(lines) + "\n"


def played(tmp_path: Path, experiment: str, data: str) -> Project:
    with FakeProvider(answer=keen) as fake:
        project = Project(tmp_path, fake.url, experiment)
        project.write("people.csv", data)
        ended = project.run()
    assert ended.code == 0, ended.err
    return project


def test_a_simulation_that_is_far_off_is_put_right(tmp_path: Path) -> None:
    project = played(tmp_path, EXPERIMENT, people())
    [found] = project.results["rectified"]
    assert (found["n"], found["further"]) == (40, 60)
    assert found["simulated_only"]["value"] > 0.7
    assert found["rectified"]["low"] < 0.3 < found["rectified"]["high"]
    assert abs(found["rectified"]["value"] - found["human_only"]["value"]) < 0.1
    assert 0 <= found["lam"] <= 1
    report = project.report.split("## Estimates about people")[1]
    assert "among the people that 40 people were drawn from (people.csv, buys)" in report
    assert "say nothing about people" in report


@pytest.mark.parametrize("together", [True, False])
def test_the_difference_of_two_conditions_is_rectified_in_pairs_or_in_groups(tmp_path: Path, *, together: bool) -> None:
    experiment = EXPERIMENT.replace("drawn: random", "drawn: random, by: price")
    project = played(tmp_path, experiment, people(("cheap", "dear"), together=together))
    [found] = project.results["rectified"]
    assert found["levels"] == ["cheap", "dear"]
    assert found["n"] == 40
    assert found["rectified"]["low"] < -0.2 < found["rectified"]["high"]
    assert "price dear minus cheap" in project.report


def test_the_people_alone_on_request(tmp_path: Path) -> None:
    project = played(tmp_path, EXPERIMENT.replace("drawn: random", "drawn: random, human_only: true"), people())
    [found] = project.results["rectified"]
    assert found["rectified"] == found["human_only"]
    assert found["lam"] == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("key: id, ", ""), "E561  a rectification needs twins: `key` is missing"),
        (("key: id", "key: buys"), "E561  people.csv: the key"),
        ((", drawn: random", ""), "'drawn' is missing"),
        (("random", "weighted"), "E562  `drawn: weighted` needs `weight`"),
        (
            ("copies: 100", "copies: 19"),
            "E562  people.csv: people with an answer and a twin: 19; `rectify` needs 20",
        ),
        (("random", "random, by: prise"), "E523  no factor 'prise'"),
        (("people.csv", "peeple.csv"), "E560  no file 'peeple.csv'"),
        (("use: oscar", "use: lisa"), "E561  people.csv: none of its rows belongs to a simulated person"),
    ],
)
def test_what_cant_be_rectified_is_refused(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    with FakeProvider(answer=keen) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT.replace(*change))
        project.write("people.csv", people())
        checked = project.troupe("check", "x.yaml")
    assert checked.code == 2
    assert message in checked.err


def needed(project: Project, *words: str) -> Finished:
    return project.troupe("power", "x.yaml", "--rectify", "--model", MODEL, "--draws", "300", *words)


def test_how_many_human_answers_it_takes_is_planned_without_any_call(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT)
        project.write("people.csv", people())
        shown = needed(project, "--correlation", "0.8,0.4", "--people", "400,1000", "--share", "0.3")
        found = json.loads(needed(project, "--correlation", "0.4,0.8", "--people", "1000", "--json").out)
        assert not fake.requests
    assert shown.code == 0, shown.err
    said = " ".join(shown.out.split())
    assert "Human answers needed to know q.buys within \u00b15 points (95% interval)." in said
    assert "Assumed: a share of 30%. Without a simulation: 326 people." in said  # 1.967 x sqrt(0.21 / 326) = 0.05
    assert "SIMULATED CORRELATION HUMANS SAVED LAMBDA CALLS COST MINUTES" in said
    poor, good = found["designs"]
    assert found["humans_alone"] == 387
    assert good["humans"] < poor["humans"] < found["humans_alone"]
    assert 0.048 < good["half_width"] <= 0.05
    assert 0 < poor["lam"] < good["lam"] <= 1


def test_more_people_than_are_simulated_and_differences_are_said(tmp_path: Path) -> None:
    project = Project(tmp_path, "http://127.0.0.1:1/v1", EXPERIMENT)
    project.write("people.csv", people())
    said = " ".join(needed(project, "--people", "100", "--correlation", "0.4", "--by", "price").out.split())
    assert "the difference between two levels of price in q.buys within" in said
    assert (
        "100 simulated people, correlation 0.4: no number, because it takes more than the 100 simulated people" in said
    )
    assert "half of them at each level" in said


def test_a_pilots_correlation_is_used_cautiously(tmp_path: Path) -> None:
    project = played(tmp_path, EXPERIMENT, people())
    [rectified] = project.results["rectified"]
    found = json.loads(needed(project, "--pilot", str(project.runs[-1]), "--people", "2000", "--json").out)
    assert found["pilot_correlation"] == rectified["correlation"]
    assert found["share"] == rectified["human_only"]["value"]
    assert found["designs"][0]["correlation"] < max(0.0, rectified["correlation"]) + 1e-9


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--effect", "3"), "--effect has no effect with --rectify"),
        (("--measure", "q.bays"), "no measure 'q.bays' with a mean or a share"),
        (("--by", "prise"), "no factor 'prise'"),
        (("--correlation", "1.2"), "--correlation expects numbers from 0 to below 1"),
        (("--half-width", "3sd"), "--half-width of a share is in points, not in sd"),
    ],
)
def test_what_cant_be_planned_is_said(tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    project = Project(tmp_path, "http://127.0.0.1:1/v1", EXPERIMENT)
    project.write("people.csv", people())
    ended = needed(project, *words)
    assert ended.code != 0
    assert message in " ".join(ended.err.split())


def test_a_plan_says_what_is_rectified(tmp_path: Path) -> None:
    project = Project(tmp_path, "", EXPERIMENT)
    project.write("people.csv", people())
    shown = project.troupe("plan", "x.yaml", "--model", "openai/gpt-4o-mini")
    assert "q.buys  by people.csv, buys: 40 answers, twins by id" in shown.out
