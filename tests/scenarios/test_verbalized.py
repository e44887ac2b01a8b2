"""People say how likely each answer would be: the distribution is compared, a draw is shown."""

from __future__ import annotations

import json
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
    fields: {ad: {choice: [calm, loud, neither], elicit: verbalized}, why: text}
    samples: 3
compare: [{measure: q.ad, by: price}]
"""
CHANCES = {"calm": 60, "loud": 30, "neither": 10}


def stating(body: Body, *, wrong: int = 0) -> str:
    """State chances by the options' names, whatever their order; `wrong`: replies whose numbers make too little."""
    schema, text = schema_of(body), str(body["messages"][-1]["content"])
    if schema is None or "How likely is it that you would give" not in text:
        return answer_for(body)
    is_wrong = wrong > ("can't be used" in text)
    found: dict[str, Any] = {}
    for key in schema["properties"]:
        option = text.split(f'{key}: "')[1].split('"', maxsplit=1)[0]
        found[key] = CHANCES[option] // (2 if is_wrong else 1)
    return json.dumps(found)


def play(folder: Path, wrong: int = 0) -> tuple[list[dict[str, Any]], dict[str, Any], list[Body]]:
    with FakeProvider(answer=lambda body: stating(body, wrong=wrong)) as fake:
        project = Project(folder, fake.url, EXPERIMENT)
        ended = project.run()
        assert ended.code == (4 if wrong > 1 else 0) or wrong > 1, ended.err
        asked = [body for body in fake.requests if "How likely is it" in json.dumps(body["messages"])]
    return [row for row in project.results["rows"] if row["field"] == "ad"], project.results, asked


def test_the_distribution_is_kept_and_compared_and_the_answer_is_drawn(tmp_path: Path) -> None:
    rows, results, asked = play(tmp_path)
    assert len(asked) == 12, "one question a person and condition, however many samples"
    assert len(rows) == 36
    for row in rows:
        assert row["pmf"] == pytest.approx([0.6, 0.3, 0.1])
        assert row["method"] == "verbalized"
        assert sorted(row["shown"]) == ["calm", "loud", "neither"]
    assert len({row["value"] for row in rows}) > 1
    drawn = {(row["person"], row["sample"], row["levels"]["price"]): row["value"] for row in rows}
    assert all(value == drawn[person, sample, 38 - price] for (person, sample, price), value in drawn.items())
    calm = next(one for one in results["comparisons"] if one["option"] == "calm")
    assert calm["values"] == pytest.approx([0.6, 0.6])
    summary = next(one for one in results["summaries"] if one["field"] == "ad")
    assert [one["share"] for one in summary["shares"]] == pytest.approx([0.6, 0.3, 0.1])


def test_numbers_that_do_not_add_up_are_asked_for_once_more(tmp_path: Path) -> None:
    rows, _, asked = play(tmp_path, wrong=1)
    assert {row["outcome"] for row in rows} == {"stated"}
    assert len(asked) == 24


def test_then_they_have_failed(tmp_path: Path) -> None:
    rows, _, _ = play(tmp_path, wrong=2)
    assert {row["outcome"] for row in rows} == {"failed"}
    assert all("the numbers make 50, not 100" in row["why"] for row in rows)
