"""Scores of several items: from the experiment's file to the report."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest
from projects import Project
from provider import Body, FakeProvider, schema_of

EXPERIMENT = """\
troupe: 1
name: shop
factors: {ad: [calm, loud]}
personas: [{use: oscar, copies: 8, vary: {age: {from: 20, to: 70}}}]
world: {type: interviews}
extract:
  - name: q
    of: each person
    how: interview
    question: "What do you think of the shop, after the {{ ad }} ad?"
    fields: {honest: {scale: [1, 5]}, reliable: {scale: [1, 5]}, shady: {scale: [1, 5]}}
score:
  - {name: trust, items: [q.honest, q.reliable, q.shady], reverse: [q.shady], min_items: 2}
compare:
  - {measure: trust, by: ad}
expect: ["trust.mean() >= 1.5", "trust.score.at(ad='calm').max() <= 4.9"]
report: {formats: [json, details, csv]}
"""


def opinions(body: Body, *, yea: bool) -> str:
    """Each person is somewhere between 1 and 4; a yea-sayer gives the same answer to the reversed item."""
    schema, text = schema_of(body), json.dumps(body["messages"])
    assert schema is not None
    level = int(hashlib.sha256(text.encode()).hexdigest(), 16) % 4 + 1
    answers = [level, level + 1, level if yea else 6 - level]
    found = dict(zip(schema["properties"], map(str, answers), strict=True))
    if level == 1:
        found[next(iter(found))] = "not stated"
    return json.dumps(found)


def play(folder: Path, *, yea: bool = False) -> Project:
    with FakeProvider(answer=lambda body: opinions(body, yea=yea)) as fake:
        project = Project(folder, fake.url, EXPERIMENT)
        ended = project.run()
    assert ended.code == 0, ended.err
    return project


def test_a_score_is_a_measure_like_any_other(tmp_path: Path) -> None:
    project = play(tmp_path)
    results = project.results
    sheets: dict[tuple[str, str], dict[str, float]] = {}
    for row in results["rows"]:
        if row["query"] == "q" and row["value"] is not None:
            sheets.setdefault((row["trial"], row["person"]), {})[row["field"]] = row["value"]
    scores = [row for row in results["rows"] if row["query"] == "trust"]
    assert len(scores) == 16
    for row in scores:
        own = sheets[row["trial"], row["person"]]
        turned = [6 - value if field == "shady" else value for field, value in own.items()]
        assert row["value"] == pytest.approx(sum(turned) / len(turned))
    summary = next(one for one in results["summaries"] if one["query"] == "trust" and not one["condition"])
    assert summary["numbers"]["mean"] == pytest.approx(sum(row["value"] for row in scores) / 16)
    [compared] = results["comparisons"]
    assert (compared["measure"], compared["n"]) == ("trust.score", [8, 8])
    with (project.runs[-1] / "data" / "measures.csv").open(encoding="utf-8", newline="") as file:
        assert sum(row["query"] == "trust" and row["outcome"] == "stated" for row in csv.DictReader(file)) == 16
    again = project.troupe("compare", str(project.runs[-1]), "--measure", "trust", "--by", "ad")
    assert again.code == 0, again.err
    [trust] = results["scores"]
    assert trust["alpha"] > 0.7
    assert trust["low"] < trust["alpha"] < trust["high"]
    assert not any(item["is_acquiescent"] for item in trust["items"])
    assert "Cronbach's alpha is" in " ".join(project.report.split())


def test_a_reversed_item_that_goes_along_is_marked(tmp_path: Path) -> None:
    project = play(tmp_path, yea=True)
    [trust] = project.results["scores"]
    assert [item["item"] for item in trust["items"] if item["is_acquiescent"]] == ["q.shady"]
    assert "Acquiescence: q.shady" in project.report
