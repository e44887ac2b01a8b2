"""Orders of options, scales and items: from the experiment's file to what the report says of their effects."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path

from projects import MODEL, Project
from provider import Body, FakeProvider, schema_of

EXPERIMENT = """\
troupe: 1
name: order
title: Which ad do they choose?
personas: [{use: oscar, copies: 48, vary: {age: {from: 20, to: 67}}}]
world: {type: interviews}
extract:
  - name: q
    of: each person
    how: interview
    question: "Which ad, and how do you like it?"
    fields: {ad: {choice: [calm, loud, odd, none]}, liking: {scale: [1, 7]}}
"""
FIXED = EXPERIMENT.replace("none]", "none], order: fixed").replace("[1, 7]", "[1, 7], order: fixed")


def lazy(body: Body) -> str:
    """Half choose the last option; the others each have one of their own. All like it a bit better from high to low."""
    schema = schema_of(body)
    assert schema is not None
    chance = int(hashlib.sha256(re.sub(r"\"item_\d.*", "", json.dumps(body["messages"])).encode()).hexdigest(), 16)
    found = {}
    for key, one in schema["properties"].items():
        options = [option for option in one["enum"] if option != "not stated"]
        if "calm" in options:
            found[key] = options[-1] if chance % 2 else sorted(options)[chance // 2 % len(options)]
        else:
            found[key] = "6" if options[0] == "7" else "4"
    return json.dumps(found)


def test_a_report_says_how_answers_depend_on_the_order_of_options_and_scales(tmp_path: Path) -> None:
    with FakeProvider(answer=lazy) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT)
        ended = project.run()
    assert ended.code == 0, ended.err
    ads, liking = project.results["orders"]
    assert (ads["measure"], ads["of"], ads["people"], ads["orders"]) == ("q.ad", "options", 48, 24)
    assert ads["p"] < 0.01
    assert [row["option"] for row in ads["rows"]] == ["calm", "loud", "odd", "none"]
    assert all(row["last"] > row["first"] for row in ads["rows"])
    first, last = ads["places"]
    assert first["b"] is None
    assert last["low"] < last["b"] < last["high"]
    assert sum(one["corrected"] for one in last["corrected"]) == 1
    assert (liking["of"], liking["rows"][0]["first"], liking["rows"][0]["last"]) == ("scale", 4, 6)
    report = " ".join(project.report.split())
    assert "## Order effects" in report
    assert (
        "q: ad depends on the order of its options (48 people, p \\< 0.001): averaged over people, 58% of answers named"
        in report
    )
    assert "go to the last option, whichever it is. Without these the shares are calm" in report
    assert "(a model-based correction)" in report
    assert (
        "q: liking depends on the direction of its scale (48 people, p \\< 0.001): "
        "4 read from low to high, 6 read from high to low, a difference of 2" in report
    )


def test_the_order_shown_is_kept_with_every_answer(tmp_path: Path) -> None:
    with FakeProvider(answer=lazy) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT.replace("odd, none]", "odd, none], last: [none]"))
        assert project.run().code == 0
    shown = {row["field"]: [] for row in project.results["rows"]}
    for row in project.results["rows"]:
        shown[row["field"]].append(tuple(row["shown"]))
    assert {order[-1] for order in shown["ad"]} == {"none"}
    assert all(shown["ad"].count(order) == 8 for order in set(shown["ad"]))
    assert sorted(set(shown["liking"])) == [(1, 7), (7, 1)]
    [ads, _] = project.results["orders"]
    assert ads["why_not"] == "some options always come last: no position share"
    assert [row["option"] for row in ads["rows"]] == ["calm", "loud", "odd"]
    assert "where it was shown first, a difference of" in " ".join(project.report.split())
    assert "q: ad: some options always come last: no position share." in " ".join(project.report.split())


def test_items_are_asked_in_rotation_where_that_is_wanted(tmp_path: Path) -> None:
    with FakeProvider(answer=lazy) as fake:
        project = Project(
            tmp_path, fake.url, EXPERIMENT + "order: {questions: balanced}\nreport: {formats: [json, details, csv]}\n"
        )
        assert project.run().code == 0
        texts = [json.dumps(body["messages"][-1]) for body in fake.requests]
    assert sum("item_1 (ad)" in text for text in texts) == sum("item_2 (ad)" in text for text in texts) == 24
    positions = [row["item_position"] for row in project.results["rows"] if row["field"] == "ad"]
    assert sorted(positions) == [1] * 24 + [2] * 24
    assert [one["of"] for one in project.results["orders"]] == ["options", "items", "scale", "items"]
    assert (
        "q: liking: no dependence on its place among the items could be shown (48 people, p = 1.000)" in project.report
    )
    assert "for each place further back" in project.report
    [data] = project.runs[-1].glob("data/measures.csv")
    assert {row["item_position"] for row in csv.DictReader(data.read_text().splitlines())} == {"1", "2"}


def test_one_order_for_everybody_says_nothing_about_orders(tmp_path: Path) -> None:
    with FakeProvider(answer=lazy) as fake:
        project = Project(tmp_path, fake.url, FIXED)
        assert project.run().code == 0
    assert [one["why_not"] for one in project.results["orders"]] == ["everybody was shown the same order"] * 2
    assert "## Order effects" not in project.report


def test_the_plan_says_how_often_each_order_is_shown(tmp_path: Path) -> None:
    project = Project(tmp_path, "http://127.0.0.1:9", EXPERIMENT)
    told = " ".join(project.troupe("plan", "x.yaml", "--model", MODEL).out.split())
    assert "one of calm, loud, odd, none; 24 orders, each shown to 2 people" in told
    assert "1 to 7; read from low to high by 24 people, from high to low by 24" in told
    fixed = Project(tmp_path / "fixed", "http://127.0.0.1:9", FIXED)
    assert "one of calm, loud, odd, none; always in this order" in " ".join(
        fixed.troupe("plan", "x.yaml", "--model", MODEL).out.split()
    )
