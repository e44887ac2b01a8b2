"""Simulated answers held against human ones: from the experiment's file to the report, and on a finished run."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from projects import Project
from provider import Body, FakeProvider, schema_of

EXPERIMENT = """\
troupe: 1
name: soap
title: Would they buy the soap?
personas: [{use: oscar, copies: 40, vary: {gender: [female, male], age: {from: 20, to: 70}}}]
world: {type: interviews}
extract:
  - name: q
    of: each person
    how: interview
    question: "This soap?"
    fields: {intent: {likert: purchase_intent}, brand: {choice: [A, B, C, D]}, price: {number: {min: 0, max: 20}}}
compare:
  - {measure: q.intent, with: people.csv, column: intent, by: gender, map: {"no idea": null}}
  - {measure: q.brand, with: people.csv, column: brand, weight: w}
"""
INTENTS = (
    "definitely would not buy",
    "probably would not buy",
    "might or might not buy",
    "probably would buy",
    "definitely would buy",
)


def chance(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def lukewarm(body: Body) -> str:
    """Everyone is in the middle of the scale, likes A or B, and pays 5 to 8."""
    schema = schema_of(body)
    assert schema is not None
    number = chance(json.dumps(body["messages"]))
    found = {}
    for key, one in schema["properties"].items():
        options = one.get("enum", [])
        if "A" in options:
            found[key] = "AB"[number % 2]
        elif options:
            found[key] = options[2 + number % 2]
        else:
            found[key] = 5 + number % 4
    return json.dumps(found)


def people(count: int = 120) -> str:
    """Return human answers as CSV: all over the scale, and more for C than anybody simulated."""
    lines = ["id,gender,intent,brand,price,w"]
    for row in range(count):
        number = chance(str(row))
        intent = "no idea" if row % 20 == 0 else INTENTS[number % 5]
        lines.append(f"p{row},{('female', 'male')[row % 2]},{intent},{'ABCC'[number // 5 % 4]},{number % 20},{1 + row % 2}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def project(tmp_path: Path):
    with FakeProvider(answer=lukewarm) as fake:
        made = Project(tmp_path, fake.url, EXPERIMENT)
        made.write("people.csv", people())
        made.fake = fake
        yield made


def test_a_measure_is_held_against_human_answers(project: Project) -> None:
    ended = project.run()
    assert ended.code == 0, ended.err
    intent, brand = project.results["fidelity"]
    assert (intent["n"], intent["missing"]) == ([40, 114], [0, 6])
    figures = {one["name"]: one for one in intent["figures"]}
    assert set(figures) >= {"total_variation", "kolmogorov_smirnov", "wasserstein", "jensen_shannon", "sd_ratio"}
    ks = figures["kolmogorov_smirnov"]
    assert 0 < ks["floor"] < ks["low"] < ks["value"] < ks["high"] < 1
    assert ks["ceiling"] < ks["at_ceiling_size"]
    assert {"beyond_ceiling", "spread_collapsed"} <= {one["verdict"] for one in intent["verdicts"]}
    assert [tuple(one["levels"]) for one in intent["contrasts"]] == [("female", "male")]
    assert brand["simulated"][2:] == [0, 0]
    assert brand["effective_n"] < 120
    assert intent["correlations"] == []
    print(json.dumps(intent, indent=1))
