"""Replicates that agree or don't: one of four sees the opposite difference."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from projects import Project
from provider import Body, FakeProvider, schema_of

EXPERIMENT = """\
troupe: 1
name: price
replicates: 4
factors: {price: [399, 559]}
personas: [{use: oscar, copies: 8, vary: {age: {from: 20, to: 70}}}]
world: {type: interviews}
extract:
  - {name: q, of: each person, how: interview, question: "At {{ price }}?", fields: {buys: yes_no}}
compare: [{measure: q.buys, by: price}]
"""


def test_the_replicate_that_differs_is_named(tmp_path: Path) -> None:
    known: set[tuple[str, int]] = set()

    def answer(body: Body, *, is_contrary: bool) -> str:
        schema, text = schema_of(body), str(body["messages"][-1]["content"])
        assert schema is not None
        return json.dumps(dict.fromkeys(schema["properties"], "yes" if ("399" in text) != is_contrary else "no"))

    def first_only(body: Body) -> str:
        known.add((str(body["messages"][-1]["content"]), body["seed"]))
        return answer(body, is_contrary=False)

    def all_four(body: Body) -> str:
        """Requests of the first replicate have the seeds of a run with one replicate."""
        return answer(body, is_contrary=(str(body["messages"][-1]["content"]), body["seed"]) in known)

    for name in ("one", "four"):
        (tmp_path / name).mkdir()
    with FakeProvider(answer=first_only) as fake:
        single = Project(tmp_path / "one", fake.url, EXPERIMENT.replace("replicates: 4", "replicates: 1"))
        assert single.run().code == 0
    assert single.results["consensus"] == []
    (tmp_path / "two").mkdir()
    with FakeProvider(answer=all_four) as fake:
        double = Project(tmp_path / "two", fake.url, EXPERIMENT.replace("replicates: 4", "replicates: 2"))
        assert double.run().code == 0
    assert [one["most_different"] for one in double.results["consensus"]] == [None], "each is as far from the other"
    with FakeProvider(answer=all_four) as fake:
        project = Project(tmp_path / "four", fake.url, EXPERIMENT)
        ended = project.run()
    assert ended.code == 0, ended.err
    [found] = project.results["consensus"]
    assert found["estimates"] == {"1": 1.0, "2": -1.0, "3": -1.0, "4": -1.0}
    assert found["same_sign"] == pytest.approx(0.75)
    assert found["most_different"] == 1
    assert found["dip_why_not"] == "fewer than 10 replicates"
    assert "### Replicates" in project.report
    assert "| 75% | -100 points to 100 points | replicate 1 |" in project.report


SCALE = EXPERIMENT.replace("fields: {buys: yes_no}", "fields: {liking: {scale: [1, 5]}}").replace(
    "compare: [{measure: q.buys, by: price}]",
    "compare:\n  - {measure: q.liking, by: price}\n  - {measure: q.liking, by: price, estimand: top2}\n"
    "  - {measure: q.liking, by: price, estimand: delta}\n  - {measure: q.liking, by: price, estimand: median}",
)


def test_each_estimand_has_its_own_figures_and_those_without_a_difference_none(tmp_path: Path) -> None:
    def likes(body: Body) -> str:
        schema, text = schema_of(body), json.dumps(body["messages"])
        assert schema is not None
        chance = int(hashlib.sha256(f"{text}{body['seed']}".encode()).hexdigest(), 16)
        missing = "oscar" in text and chance % 29 == 0
        answer = "not stated" if missing else str(2 + chance % 3 + ("399" in text))
        return json.dumps(dict.fromkeys(schema["properties"], answer))

    with FakeProvider(answer=likes) as fake:
        project = Project(tmp_path, fake.url, SCALE.replace("copies: 8", "copies: 24"))
        assert project.run().code == 0
    mean, top = project.results["consensus"]
    assert (mean["estimand"], top["estimand"]) == ("difference", "difference of top-two shares")
    assert all(-1 <= one <= 1 for one in top["estimates"].values())
    assert mean["estimates"] != top["estimates"]
    table = project.report.split("### Replicates")[1].split("##")[0]
    assert table.count("| liking") == 2
    assert "| liking, difference of top-two shares |" in table


def test_people_who_are_left_out_of_the_variances_are_counted(tmp_path: Path) -> None:
    def buys(body: Body) -> str:
        schema, text = schema_of(body), json.dumps(body["messages"])
        assert schema is not None
        chance = int(hashlib.sha256(f"{text}{body['seed']}".encode()).hexdigest(), 16)
        answer = "not stated" if chance % 23 == 0 else "yes" if chance % 2 else "no"
        return json.dumps(dict.fromkeys(schema["properties"], answer))

    with FakeProvider(answer=buys) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT.replace("copies: 8", "copies: 24"))
        assert project.run().code == 0
    rows = project.results["rows"]
    gone = {row["person"] for row in rows if row["outcome"] != "stated"}
    [found] = project.results["variance"]
    assert (found["people"], found["left_out"]) == (24 - len(gone), len(gone))
    assert gone
    assert f"People with a missing answer are left out of this section (buys: {len(gone)})." in project.report
