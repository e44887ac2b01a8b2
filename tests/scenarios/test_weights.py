"""Weights and intervals in a whole run: what the plan, the report and the exit code say."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from projects import Project
from provider import Body, FakeProvider, schema_of

MODEL = "openai/gpt-4o-mini"
WEIGHTS = "weights: {to: {gender: {female: 0.5, male: 0.5}}}\n"
SURVEY = """\
troupe: 1
name: tea
title: Would they drink it?
personas: [{use: oscar, copies: 9}, {use: lisa, copies: 3}]
world: {type: interviews}
extract:
  - {name: v, of: each person, how: interview, question: "And you?", fields: {drinks: yes_no, pays: number}}
"""


def answers(body: Body) -> str:
    """Lisa and her likes drink tea and pay 20; Oscar and his do not and pay 10."""
    is_lisa = "Data scientist" in json.dumps(body["messages"])
    known = {"item_1": "yes" if is_lisa else "no", "item_2": 20 if is_lisa else 10}
    return json.dumps({key: known[key] for key in (schema_of(body) or {})["properties"]})


def run(tmp_path: Path, extra: str, code: int = 0) -> Project:
    with FakeProvider(answer=answers) as fake:
        project = Project(tmp_path, fake.url, SURVEY + extra)
        ended = project.run()
        assert ended.code == code, ended.err
    return project


def test_plan_results_report_and_data_show_the_weights(tmp_path: Path) -> None:
    project = run(tmp_path, WEIGHTS + "report: {formats: [json, details, csv]}\n")
    planned = " ".join(project.troupe("plan", "x.yaml", "--model", MODEL).out.split())
    assert "gender female 25.0 % of the people, target 50.0 %" in planned
    assert "Weights from 0.67 to 2.00; effective sample size 9.0 of 12" in planned
    results = project.results
    assert results["weights"]["effective"] == pytest.approx(9)
    assert sorted({person["weight"] for person in results["participants"]}) == pytest.approx([2 / 3, 2])
    [drinks, pays] = results["summaries"]
    assert drinks["shares"][0]["share"] == 0.25
    assert drinks["weighted"]["shares"][0]["share"] == pytest.approx(0.5)
    assert (pays["numbers"]["mean"], pays["weighted"]["numbers"]["mean"]) == (12.5, pytest.approx(15))
    report = project.report
    assert "| gender | female | 3 | 25.0% | 50.0% | 50.0% |" in report
    assert "Weights correct who was asked. They do not correct how the model answers." in report
    assert "3 (25%, weighted 50%)" in report
    assert "weighted 50%, 95% interval" in report
    for name, rows in (("measures", 24), ("wide", 12)):
        with (project.runs[-1] / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            found = list(csv.DictReader(file))
        assert len(found) == rows
        assert {round(float(row["weight"]), 6) for row in found} == {2, round(2 / 3, 6)}


def test_no_sentence_of_the_report_claims_more_than_weights_can_do(tmp_path: Path) -> None:
    report = run(tmp_path, WEIGHTS).report
    assert not re.search(r"representative|proves|(consumers|customers|voters|users) will|no effect", report)


def test_a_wanted_level_without_people_is_an_error_before_any_call(tmp_path: Path) -> None:
    with FakeProvider(answer=answers) as fake:
        project = Project(tmp_path, fake.url, SURVEY + WEIGHTS.replace("male: 0.5}", "male: 0.4, other: 0.1}", 1))
        ended = project.run()
        assert ended.code == 2
        assert not fake.requests
    assert "E551" in ended.err
    assert "the level 'other' of 'gender' has no people" in ended.err


@pytest.mark.parametrize(
    ("expected", "code", "words"),
    [
        ("v.drinks.share('yes') > 0.05", 0, "1 of 1 expectation passed."),
        ("v.drinks.share('yes') > 0.2", 0, "0 of 1 expectation passed. 1 is inconclusive"),
        ("v.drinks.share('yes') > 0.3", 1, "0 of 1 expectation passed. 1 is inconclusive"),
        ("v.drinks.share('yes') > 0.8", 1, "0 of 1 expectation passed."),
    ],
)
def test_the_exit_code_follows_the_figure_and_the_report_says_what_is_open(
    tmp_path: Path, expected: str, code: int, words: str
) -> None:
    project = run(tmp_path, f'expect: ["{expected}"]\n', code)
    assert words in project.report
    shown = project.results["expectations"][0]
    assert shown["holds"] == (code == 0)
    assert shown["observed"][0]["low"] < 0.25 < shown["observed"][0]["high"]


def test_expectations_use_weighted_figures(tmp_path: Path) -> None:
    run(
        tmp_path,
        WEIGHTS + 'expect: ["v.pays.mean() > 14", "v.drinks.share(\'yes\').low > 0.2", "v.pays.count() == 12"]\n',
    )
