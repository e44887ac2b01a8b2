"""People say how likely each answer would be: the distribution is compared, a draw is shown."""

from __future__ import annotations

import csv
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


NUMBERS = """\
troupe: 1
name: ads
factors: {ad: [calm, loud]}
personas: [{use: oscar, copies: 8, vary: {age: {from: 20, to: 70}}}]
world: {type: interviews}
extract:
  - name: q
    of: each person
    how: interview
    question: "After the {{ ad }} ad: would you buy, and what would you pay?"
    fields:
      buys: {yes_no: {}, elicit: verbalized}
      pays: {number: {min: 0, max: 100}, unit: USD, elicit: verbalized}
compare: [{measure: q.buys, by: ad}, {measure: q.pays, by: ad}]
report: {formats: [json, details, csv]}
expect: ["q.pays.mean() > 10", "q.pays.median() > 10", "q.buys.share('yes') > 0.5"]
"""


def of_a_number(body: Body, *, wrong: int = 0) -> str:
    """Give 10, 20 and 60 (calm) or 20, 30 and 70 (loud); yes with 70."""
    schema, text = schema_of(body), str(body["messages"][-1]["content"])
    if schema is None:
        return answer_for(body)
    keys = list(schema["properties"])
    if "would be lower than this" not in text:
        return json.dumps({key: 70 if f'{key}: "yes"' in text else 30 for key in keys})
    numbers = (20, 30, 70) if "loud" in text else (10, 20, 60)
    is_wrong = wrong > ("can't be used" in text)
    return json.dumps(dict(zip(keys, (60, 20, 10) if is_wrong else numbers, strict=True)))


def play_numbers(folder: Path, wrong: int = 0) -> Project:
    with FakeProvider(answer=lambda body: of_a_number(body, wrong=wrong)) as fake:
        project = Project(folder, fake.url, NUMBERS)
        project.run()
    return project


def test_a_number_is_a_distribution_between_its_bounds(tmp_path: Path) -> None:
    project = play_numbers(tmp_path)
    results = project.results
    rows = [row for row in results["rows"] if row["field"] == "pays"]
    calm = [row for row in rows if row["condition"] == "calm"]
    assert {tuple(row["quantiles"]) for row in calm} == {(0, 10, 20, 60, 100)}
    assert [row["score"] for row in calm] == pytest.approx([0.1 * 5 + 0.4 * 15 + 0.4 * 40 + 0.1 * 80] * len(calm))
    assert all("pmf" not in row and 0 <= row["value"] <= 100 for row in rows)
    assert len({row["value"] for row in calm}) > 4
    drawn = {(row["person"], row["condition"]): row["value"] for row in rows}
    higher = [drawn[person, "loud"] > drawn[person, "calm"] for person, condition in drawn if condition == "calm"]
    assert all(higher), "conditions share their luck"
    compared = next(one for one in results["comparisons"] if one["measure"] == "q.pays")
    assert compared["values"] == pytest.approx([30.5, 0.1 * 10 + 0.4 * 25 + 0.4 * 50 + 0.1 * 85])
    summary = next(one for one in results["summaries"] if one["field"] == "pays" and one["condition"] == "calm")
    assert summary["numbers"]["median"] == pytest.approx(20)
    assert summary["numbers"]["sd"] == pytest.approx(22.65, abs=0.01)
    with (project.runs[-1] / "data/measures.csv").open() as file:
        line = next(line for line in csv.DictReader(file) if line["field"] == "pays")
    assert (line["q10"], line["q50"], line["q90"]) == ("10.0", "20.0", "60.0")
    assert {one["outcome"] for one in results["expectations"]} <= {"held", "inconclusive"}


def test_yes_or_no_is_a_probability(tmp_path: Path) -> None:
    results = play_numbers(tmp_path).results
    rows = [row for row in results["rows"] if row["field"] == "buys"]
    assert all(row["pmf"] == pytest.approx([0.7, 0.3]) for row in rows)
    assert {row["value"] for row in rows} == {True, False}
    compared = next(one for one in results["comparisons"] if one["measure"] == "q.buys")
    assert (compared["scale"], compared["values"]) == ("share", pytest.approx([0.7, 0.7]))


def test_numbers_that_do_not_increase_are_asked_for_once_more_and_then_fail(tmp_path: Path) -> None:
    good = play_numbers(tmp_path / "one", wrong=1).results["rows"]
    assert {row["outcome"] for row in good} == {"stated"}
    bad = [row for row in play_numbers(tmp_path / "two", wrong=2).results["rows"] if row["field"] == "pays"]
    assert {row["outcome"] for row in bad} == {"failed"}
    assert all("the numbers do not increase" in row["why"] for row in bad)


def test_a_number_without_bounds_is_refused(tmp_path: Path) -> None:
    project = Project(tmp_path, "http://127.0.0.1:1/v1", NUMBERS.replace("{min: 0, max: 100}", "{min: 0}"))
    ended = project.troupe("check", "x.yaml")
    assert ended.code == 2
    assert "E512" in ended.err
    assert "needs both bounds" in ended.err


@pytest.mark.parametrize("design", ["within", "between"])
def test_whole_distributions_are_compared_where_means_are_equal(tmp_path: Path, design: str) -> None:
    def spread(body: Body) -> str:
        """Expect 50 in both conditions: everybody is sure of it in one, nobody in the other."""
        keys = list((schema_of(body) or {})["properties"])
        quantiles = (1, 50, 99) if "loud" in str(body["messages"][-1]["content"]) else (49, 50, 51)
        if len(keys) == 2:
            return json.dumps(dict.fromkeys(keys, 50))
        return json.dumps(dict(zip(keys, quantiles, strict=True)))

    text = NUMBERS.replace("copies: 8", "copies: 16").split("expect:", maxsplit=1)[0] + f"design: {design}\n"
    text = text.replace("{measure: q.pays, by: ad}", "{measure: q.pays, by: ad, estimand: distribution}")
    with FakeProvider(answer=spread) as fake:
        project = Project(tmp_path, fake.url, text)
        assert project.run().code == 0
    found = next(one for one in project.results["comparisons"] if one["measure"] == "q.pays")
    assert found["values"] == pytest.approx([50, 50], abs=0.01)
    assert found["estimand"] == "Wasserstein distance"
    assert found["estimate"] == pytest.approx(0.1 * 24 + 0.4 * 24 + 0.4 * 24 + 0.1 * 24, abs=0.3)
    assert found["p"] < 0.01
    assert "differs between ad calm and ad loud: means 50 and 50, Wasserstein distance 24" in project.report
