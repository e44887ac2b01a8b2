"""Semantic similarity rating: people answer in words, which become distributions over a scale's points."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from projects import Project
from provider import Body, FakeProvider, answer_for, schema_of

EXPERIMENT = """\
troupe: 1
name: plates
title: Does the price change the wish to buy?
factors: {price: [9, 29]}
personas: [{use: oscar, copies: 6, vary: {age: {from: 20, to: 70}}}]
world: {type: interviews}
model: {embeddings: openai/text-embedding-3-small}
extract:
  - name: q
    of: each person
    how: interview
    question: "A plate for {{ price }} dollars: would you buy it?"
    fields:
      intent: {likert: purchase_intent, method: METHOD}
      why: text
report: {formats: [json, details, csv]}
compare:
  - {measure: q.intent, by: price}
expect:
  - "q.intent.at(price=9).mean() > q.intent.at(price=29).mean()"
"""
NO, YES = "I would never buy it, no.", "I would definitely buy it, yes."


def is_topic(body: Body) -> bool:
    return "sentence" in (schema_of(body) or {"properties": {}})["properties"]


def buyers(off_topic: str = "") -> Callable[[Body], str]:
    """Say yes to 9 dollars and mostly no to 29, in words; the judge finds one answer about something else."""

    def answer(body: Body) -> str:
        schema, text = schema_of(body), json.dumps(body["messages"])
        if is_topic(body):
            is_about = not off_topic or off_topic not in text
            return json.dumps({"sentence": schema["properties"]["sentence"]["enum"][not is_about]})
        if schema is None or "one to three sentences" not in text:
            return answer_for(body)
        is_young = any(f"{age} years old" in text or f'age": {age}' in text for age in range(20, 30))
        return json.dumps(dict.fromkeys(schema["properties"], YES if "for 9 dollars" in text or is_young else NO))

    return answer


@dataclass(frozen=True)
class Played:
    project: Project
    requests: list[Body]
    said: str

    def rows(self, field: str = "intent") -> list[dict[str, Any]]:
        return [row for row in self.project.results["rows"] if row["field"] == field]


def play(folder: Path, method: str = "ssr", *, off_topic: str = "") -> Played:
    with FakeProvider(answer=buyers(off_topic)) as fake:
        project = Project(folder, fake.url, EXPERIMENT.replace("METHOD", method))
        ended = project.run()
        assert ended.code == (1 if off_topic else 0), ended.err
        assert len(project.results["rows"]) > 0
        asked, before = list(fake.requests), project.results["rows"]
        assert project.run().code == ended.code
        assert len(fake.requests) == len(asked), "a rerun asks for nothing"
        assert project.results["rows"] == before
    return Played(project, asked, " ".join(ended.err.split()))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return play(tmp_path_factory.mktemp("ssr"))


def test_words_become_a_distribution_with_its_score_and_likeliest_answer(played: Played) -> None:
    for row in played.rows():
        assert (row["outcome"], row["method"]) == ("stated", "ssr")
        assert row["words"] in (YES, NO)
        assert sum(row["pmf"]) == pytest.approx(1)
        assert row["score"] == pytest.approx(sum(at * p for at, p in enumerate(row["pmf"], start=1)))
    summary = next(one for one in played.project.results["summaries"] if one["field"] == "intent")
    assert summary["is_distribution"]
    mean = [sum(column) / 12 for column in zip(*(row["pmf"] for row in played.rows()), strict=True)]
    assert [one["share"] for one in summary["shares"]] == pytest.approx(mean)
    centre = sum(at * p for at, p in enumerate(mean, start=1))
    assert summary["numbers"]["mean"] == pytest.approx(centre)
    assert summary["numbers"]["sd"] ** 2 == pytest.approx(sum(p * (at - centre) ** 2 for at, p in enumerate(mean, 1)))
    assert all(row["outcome"] == "stated" and "pmf" not in row for row in played.rows("why"))


def test_expected_scores_are_compared(played: Played) -> None:
    [found] = played.project.results["comparisons"]
    own = {
        condition: [row["score"] for row in played.rows() if row["levels"]["price"] == condition]
        for condition in (9, 29)
    }
    means = [sum(scores) / len(scores) for scores in own.values()]
    assert found["values"] == pytest.approx(means)
    assert found["p"] < 0.05


def test_an_answer_about_something_else_is_missing_and_says_so(tmp_path: Path) -> None:
    played = play(tmp_path, off_topic=NO)
    missing = [row for row in played.rows() if row["words"] == NO]
    assert missing
    assert {row["outcome"] for row in missing} == {"not_stated"}
    assert {row["why"] for row in missing} == {"the answer is about something else: not rated"}
    assert not any("pmf" in row for row in missing)


def test_the_judge_of_the_topic_sees_no_condition(played: Played) -> None:
    asked = [
        json.dumps(body["messages"], ensure_ascii=False)
        for body in played.requests
        if "messages" in body and is_topic(body)
    ]
    assert len(asked) == 2, "one for each different answer, whatever the condition"
    for text in asked:
        assert "A plate for … dollars" in text
        assert "29" not in text
        assert "9 dollars" not in text


def test_nobody_who_answers_in_words_is_shown_the_scale(played: Played) -> None:
    asked = [text for body in played.requests if "one to three sentences" in (text := json.dumps(body))]
    assert len(asked) == 12
    assert not any("Definitely would" in text for text in asked)


def test_the_table_has_the_distribution(played: Played) -> None:
    with (played.project.runs[-1] / "data" / "measures.csv").open(encoding="utf-8", newline="") as file:
        table = [row for row in csv.DictReader(file) if row["field"] == "intent"]
    assert [float(row["pmf_5"]) for row in table] == pytest.approx([row["pmf"][4] for row in played.rows()], abs=1e-6)
    assert [float(row["score"]) for row in table] == pytest.approx([row["score"] for row in played.rows()], abs=1e-6)


def test_both_methods_are_asked_apart_and_compared(tmp_path: Path) -> None:
    both = play(tmp_path, "[direct, ssr]")
    whole, *_ = both.project.results["method_agreement"]
    assert (whole["direct"], whole["rated"], whole["people"]) == ("q.intent", "q.intent_ssr", 6)
    direct, rated = both.rows(), both.rows("intent_ssr")
    labels = next(query["fields"][0]["options"] for query in both.project.results["queries"])
    stated = [row["value"] for row in direct if row["outcome"] == "stated"]
    counted = [stated.count(label) / len(stated) for label in labels]
    mean = [sum(row["pmf"][at] for row in rated) / 12 for at in range(5)]
    gaps = [abs(sum(counted[: at + 1]) - sum(mean[: at + 1])) for at in range(5)]
    assert whole["ks"] == pytest.approx(max(gaps))
    assert "asked directly, the mean is" in both.project.report
    asked = [json.dumps(body["messages"]) for body in both.requests if "messages" in body]
    assert not any("one to three sentences" in text and "Definitely would" in text for text in asked)
    assert any("Definitely would" in text for text in asked)


def with_fit(project: Project, answers: list[str]) -> None:
    rows = [f"p{number},{answer}" for number, answer in enumerate(answers)]
    project.write("people.csv", "\n".join(["id,intent", *rows]))


def test_a_temperature_is_fitted_to_half_of_the_people_without_a_call(tmp_path: Path) -> None:
    text = EXPERIMENT.replace("method: METHOD", "method: ssr").replace(
        'expect:\n  - "q.intent.at(price=9).mean() > q.intent.at(price=29).mean()"\n', ""
    )
    with FakeProvider(answer=buyers()) as fake:
        project = Project(tmp_path, fake.url, text)
        assert project.run().code == 0
        before, calls = project.results, len(fake.requests)
        with_fit(project, [row["value"] for row in before["rows"] if row["field"] == "intent"] * 5)
        fitted = text.replace("method: ssr", "method: ssr, ssr: {temperature: {fit: people.csv, column: intent}}")
        fitted = fitted.replace("compare:\n", "compare:\n  - {measure: q.intent, with: people.csv, column: intent}\n")
        project.write("x.yaml", fitted)
        ended = project.run()
        assert ended.code == 0, ended.err
        assert len(fake.requests) == calls
    results = project.results
    [found] = results["temperatures"]
    assert (found["fitted_on"], found["held_out"]) == (30, 30)
    assert found["temperature"] < 1, "people are surer than the ratings"
    assert found["distance"] < found["distance_unfitted"]
    assert found["low"] <= found["distance"] <= found["high"]
    for row, old in zip(results["rows"], before["rows"], strict=True):
        if row["field"] == "intent":
            assert max(row["pmf"]) > max(old["pmf"])
            assert (row["value"], sum(row["pmf"])) == (old["value"], pytest.approx(1))
            assert row["score"] == pytest.approx(sum(at * p for at, p in enumerate(row["pmf"], start=1)))
    assert results["fidelity"][0]["n"][1] == 30, "those it was fitted to are left out"
    told = " ".join(project.report.split())
    assert "fitted to 30 answers of people.csv. To the other 30 answers, the distance (KS) is" in told
    again = project.troupe("report")
    assert again.code == 0
    assert project.results == results


@pytest.mark.parametrize(
    ("answers", "column", "code"),
    [(["maybe"] * 60, "intent", "E560"), ([], "intent", "E560"), (["x"] * 60, "y", "E560")],
)
def test_answers_that_no_temperature_can_be_fitted_to_are_refused(
    tmp_path: Path, answers: list[str], column: str, code: str
) -> None:
    settings = f"method: ssr, ssr: {{temperature: {{fit: people.csv, column: {column}}}}}"
    project = Project(tmp_path, "http://127.0.0.1:1/v1", EXPERIMENT.replace("method: METHOD", settings))
    with_fit(project, answers)
    ended = project.troupe("check", "x.yaml")
    assert ended.code == 2
    assert code in ended.err


def test_too_few_answers_are_refused(tmp_path: Path) -> None:
    settings = "method: ssr, ssr: {temperature: {fit: people.csv, column: intent}}"
    project = Project(tmp_path, "http://127.0.0.1:1/v1", EXPERIMENT.replace("method: METHOD", settings))
    with_fit(project, ["1", "5"] * 10)
    ended = project.troupe("check", "x.yaml")
    assert "E562" in ended.err
    assert "people.csv has 20 answers; a temperature needs 40" in " ".join(ended.err.split())
