"""A survey: people who are asked, and told nothing beforehand."""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from pathlib import Path

import pytest
from projects import MODEL, Project
from provider import FakeProvider

SURVEY = """\
troupe: 1
name: survey
personas: [{use: oscar, copies: 40}]
world: {type: interviews}
extract:
  - name: cup
    of: each person
    how: interview
    question: "What will you drink?"
    fields: {cup: {choice: [tea, coffee]}}
  - name: price
    of: each person
    how: interview
    question: "What may it cost?"
    fields: {most: {number: {min: 0, max: 9}}}
"""


def test_a_survey_of_two_questions_costs_two_calls_a_person(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, SURVEY)
        planned = project.troupe("plan", "x.yaml", "--model", MODEL)
        assert project.run().code == 0
    assert len(fake.requests) == 80
    assert re.search(r"people +openai/gpt-4o-mini +80-", planned.out), planned.out


@pytest.mark.parametrize(
    "extra",
    [
        'stimuli: [{say: "Good morning."}]',
        "tools: [write_document]",
        'interventions: [{when: {step: 1}, then: [{say: "Hello?"}]}]',
        "world: {type: interviews, acts: always}",
        "world: {type: room, steps: 1}",
    ],
)
def test_people_who_have_something_to_act_on_act(tmp_path: Path, extra: str) -> None:
    kept = [line for line in SURVEY.splitlines() if not (extra.startswith("world") and line.startswith("world"))]
    text = "\n".join([*kept, extra]).replace("copies: 40", "copies: 1")
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, text)
        assert project.run().code == 0
    assert len(fake.requests) == 3


MOVE = """\
troupe: 1
name: move
title: When would they move?
personas: [{use: oscar, copies: 3}]
world: {type: interviews}
extract:
  - name: move
    of: each person
    how: interview
    question: "When would you move in?"
    fields: {day: {date: {min: 2026-01-01, max: 2026-12-31}}}
expect: ["move.day.missing() == 0", "move.day.share('2026-03-01') > 0.3"]
"""
DAYS = ("2026-03-01", "around 5 March 2026", "March 9th, 2026")


def test_a_date_is_asked_read_summarized_and_exported(tmp_path: Path) -> None:
    answers = iter(DAYS)
    with FakeProvider(answer=lambda _: json.dumps({"item_1": next(answers)})) as fake:
        project = Project(tmp_path, fake.url, MOVE)
        assert "a date from 2026-01-01 to 2026-12-31" in project.troupe("plan", "x.yaml", "--model", MODEL).out
        ended = project.run()
        assert ended.code == 0, ended.err
    asked = fake.requests[0]["messages"][-1]["content"]
    assert "item_1 (day): a date from 2026-01-01 to 2026-12-31, written YYYY-MM-DD" in asked
    [summary] = project.results["summaries"]
    assert summary["numbers"]["median"] == (date(2026, 3, 5) - date(1970, 1, 1)).days
    assert {row["value"] for row in project.results["rows"]} == {"2026-03-01", "2026-03-05", "2026-03-09"}
    assert "3 people said 2026-03-01, 2026-03-05 and 2026-03-09" in " ".join(ended.err.split())
    assert "| mean | 2026-03-05 |" in project.report
    assert "| standard deviation | 4 days |" in project.report
    assert project.troupe("report", str(project.runs[-1]), "--format", "csv").code == 0
    with (project.runs[-1] / "data" / "measures.csv").open(encoding="utf-8", newline="") as file:
        codes = sorted(row["code"] for row in csv.DictReader(file))
    assert codes[0] == str((date(2026, 3, 1) - date(1970, 1, 1)).days)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("max: 2026-12-31", "max: 2025-12-31"), "the lowest value, 2026-01-01, is not below the highest, 2025-12-31"),
        (("max: 2026-12-31", "max: soon"), "expects a date such as 2026-03-01"),
        (("move.day.missing() == 0", "move.day.mean() > 3"), "'mean' needs numbers, but 'day' is a date"),
        (("share('2026-03-01')", "share('March')"), "'day' is answered with dates, such as '2026-03-01'"),
    ],
)
def test_what_is_wrong_with_a_date_is_found_before_anything_runs(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    with FakeProvider() as fake:
        checked = Project(tmp_path, fake.url, MOVE.replace(*change)).troupe("check", "x.yaml")
    assert checked.code == 2
    assert message in checked.out + checked.err
