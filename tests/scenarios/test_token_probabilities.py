"""`elicit: logprobs`: the probability of each answer is read off the model's first token, over several orders."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from projects import Project
from provider import Body, FakeProvider, answer_for, schema_of

EXPERIMENT = """\
troupe: 1
name: ads
factors: {price: [9, 29]}
personas: [{use: oscar, copies: 6, vary: {age: {from: 20, to: 70}}}]
world: {type: interviews}
extract:
  - name: q
    of: each person
    how: interview
    question: "At {{ price }} dollars, which one?"
    fields:
      ad: {choice: [calm, loud, neither], elicit: logprobs}
      buys: {yes_no: {}, elicit: logprobs}
      stars: {scale: [1, 5], elicit: logprobs}
compare: [{measure: q.ad, by: price}]
"""
TRUE = {"calm": 0.6, "loud": 0.3, "neither": 0.1, "yes": 0.8, "no": 0.2, **{str(n): n / 15 for n in range(1, 6)}}


def lettered(body: Body) -> dict[str, str]:
    """Return letter -> answer."""
    return dict(re.findall(r"^([A-Z]): ([^\n(]+?)(?: \(.*)?$", str(body["messages"][-1]["content"]), re.MULTILINE))


def chances(body: Body, *, first: float = 0.0, other: float = 0.1) -> dict[str, float]:
    """Give each answer its own probability, the first letter more, and some to other tokens."""
    answers = lettered(body)
    own = {letter: TRUE[answer.strip()] * (1 - first) + first * (letter == "A") for letter, answer in answers.items()}
    split = {"A": own.pop("A") * (1 - other) / 2}
    return {"A": split["A"], " A": split["A"], **{letter: p * (1 - other) for letter, p in own.items()}, "Well": other}


def said(body: Body) -> str:
    return answer_for(body) if schema_of(body) is not None else "A"


def play(folder: Path, **bias: float) -> tuple[dict[str, Any], list[Body], Project]:
    with FakeProvider(answer=said, chances=lambda body: chances(body, **bias)) as fake:
        project = Project(folder, fake.url, EXPERIMENT)
        ended = project.run()
        assert ended.code == 0, ended.err
    return project.results, fake.requests, project


def test_probabilities_are_read_off_the_first_token(tmp_path: Path) -> None:
    results, asked, project = play(tmp_path)
    assert all(body["logprobs"] and body["top_logprobs"] == 20 for body in asked)
    assert len(asked) == 12 * (3 + 2 + 2), "three rotations, two orders of yes and no, two directions of the scale"
    for row in results["rows"]:
        answers = {"ad": ("calm", "loud", "neither"), "buys": ("yes", "no"), "stars": "12345"}[row["field"]]
        assert row["pmf"] == pytest.approx([TRUE[one] for one in answers])
        assert row["other_mass"] == pytest.approx(0.1)
        assert row["method"] == "logprobs"
    assert "Tokens that are no answer had 10% of the probability." in " ".join(project.report.split())
    calm = next(one for one in results["comparisons"] if one["option"] == "calm")
    assert calm["values"] == pytest.approx([0.6, 0.6])


def test_a_preference_for_a_letter_is_averaged_over_orders(tmp_path: Path) -> None:
    results, _, _ = play(tmp_path, first=0.3)
    for row in results["rows"]:
        if row["field"] == "ad":
            assert row["pmf"] == pytest.approx([0.7 * TRUE[one] + 0.1 for one in ("calm", "loud", "neither")])


def test_other_tokens_with_most_of_the_probability_are_told(tmp_path: Path) -> None:
    _, _, project = play(tmp_path, other=0.7)
    assert "they had more than half, so these say little" in " ".join(project.report.split())


def test_a_provider_without_probabilities_fails_by_name(tmp_path: Path) -> None:
    with FakeProvider(answer=said) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT)
        project.run()
    rows = project.results["rows"]
    assert {row["outcome"] for row in rows} == {"failed"}
    assert all("E513" in row["why"] and "returns no probabilities of tokens" in row["why"] for row in rows)


def test_the_plan_counts_every_order(tmp_path: Path) -> None:
    project = Project(tmp_path, "http://127.0.0.1:1/v1", EXPERIMENT)
    planned = project.troupe("run", "x.yaml", "--dry-run", "--json", "--model", "openai/gpt-4o-mini")
    assert json.loads(planned.out)["estimate"]["roles"][0]["calls"]["low"] == 12 * 7


@pytest.mark.parametrize(
    "field", ["{number: {min: 0, max: 9}, elicit: logprobs}", "{scale: [1, 30], elicit: logprobs}"]
)
def test_what_has_no_few_answers_is_refused(tmp_path: Path, field: str) -> None:
    text = EXPERIMENT.replace("{scale: [1, 5], elicit: logprobs}", field)
    ended = Project(tmp_path, "http://127.0.0.1:1/v1", text).troupe("check", "x.yaml")
    assert ended.code == 2
    assert "E513" in ended.err
