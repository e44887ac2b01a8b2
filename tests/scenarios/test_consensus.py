"""Replicates that agree or don't: one of four sees the opposite difference."""

from __future__ import annotations

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
