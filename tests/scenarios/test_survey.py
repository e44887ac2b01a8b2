"""A survey: people who are asked, and told nothing beforehand."""

from __future__ import annotations

import re
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
