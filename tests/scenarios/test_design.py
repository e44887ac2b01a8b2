"""Designs: who meets what, from the experiment's file to the plan, the results and the report."""

from __future__ import annotations

import json
import re
from pathlib import Path

from projects import Project
from provider import Body, FakeProvider, schema_of

MIXED = """\
troupe: 1
name: mixed
seed: 4
replicates: 2
title: Does the price matter?
factors: {price: [399, 559], tone: [calm, loud]}
design: {between: [price], block_by: [{person: age, bands: [35, 50]}]}
personas: [{use: oscar, copies: 14, vary: {age: {from: 20, to: 66}}}]
world: {type: interviews}
extract:
  - name: q
    of: each person
    how: interview
    question: "At {{ price }}, in a {{ tone }} ad?"
    fields: {buys: yes_no}
compare:
  - {measure: q.buys, by: price}
  - {measure: q.buys, by: tone}
"""
ROOMS = """\
troupe: 1
name: rooms
personas: [{use: oscar, copies: 14}]
factors: {price: [399, 559]}
design: between
world: {type: room, group_size: 2, steps: 1}
stimuli: [{say: "It costs {{ price }}."}]
extract: [{name: q, of: each person, how: interview, question: "Buy?", fields: {buys: yes_no}}]
compare: [{measure: q.buys, by: price}]
"""


def dear(body: Body) -> str:
    """Yes at 399, no at 559, else a turn in which nothing is said."""
    schema = schema_of(body)
    assert schema is not None
    said = "yes" if "399" in json.dumps(body["messages"]) else "no"
    return json.dumps(
        {key: said if "yes" in one.get("enum", []) else _other(one) for key, one in schema["properties"].items()}
    )


def _other(one: Body) -> object:
    return {"array": [], "integer": 0, "number": 0}.get(one.get("type", ""), one.get("enum", ["fine"])[0])


def test_a_mixed_design_is_dealt_once_and_each_factor_is_compared_as_it_was_met(tmp_path: Path) -> None:
    with FakeProvider(answer=dear) as fake:
        project = Project(tmp_path, fake.url, MIXED)
        ended = project.run()
    assert ended.code == 0, ended.err
    results = project.results
    met = [{row["condition"] for row in results["rows"] if row["person"] == one["id"] and row["replicate"] == number}
           for number in (1, 2) for one in results["participants"]]  # fmt: skip
    assert met[:14] == met[14:]
    assert all(len(conditions) == 2 for conditions in met)
    [variance] = results["variance"]
    assert (variance["people"], variance["conditions"], variance["replicates"]) == (14, 2, 2)
    assert "conditions" in [part["component"] for part in variance["components"]]
    price, tone = results["comparisons"]
    assert (price["design"], price["n"]) == ("between", [7, 7])
    assert price["test"] == "labels permuted within blocks, Welch's t"
    assert (tone["design"], tone["n"]) == ("within", [14, 14])
    assert price["p"] < 0.01
    assert results["design"] == "mixed"
    one = results["participants"][0]
    assert one["assigned"] in ({"price": 399}, {"price": 559})
    assert re.fullmatch("under 35|35 to under 50|50 and over", one["block"])
    assert [row["attribute"] for row in results["balance"]] == ["age"]
    assert "## Balance" in project.report
    said = re.search(r"in these blocks, about (\d+)% would be above 0.1 by chance alone", project.report)
    assert said is not None
    assert int(said[1]) == round(100 * results["balance_by_chance"])
    assert int(said[1]) != 85  # which it would be without blocks


def test_rooms_are_assigned_whole_and_counted_as_one_each(tmp_path: Path) -> None:
    with FakeProvider(answer=dear) as fake:
        project = Project(tmp_path, fake.url, ROOMS)
        ended = project.run()
    assert ended.code == 0, ended.err
    results = project.results
    assert len({trial["id"] for trial in results["trials"]}) == 7
    assert {trial["id"].rsplit("-", 1)[1] for trial in results["trials"]} == {f"g{number}" for number in range(1, 8)}
    rooms = {one["group"]: one["assigned"]["price"] for one in results["participants"]}
    assert all(rooms[one["group"]] == one["assigned"]["price"] for one in results["participants"])
    [one] = results["comparisons"]
    assert one["unit"] == "group"
    assert sorted(one["n"]) == [3, 4]
    assert "fewer than 6 groups" in one["why_not"]
    assert "met in 7 separate rooms" in project.report


def test_the_plan_prints_the_design_before_anything_is_spent(tmp_path: Path) -> None:
    project = Project(tmp_path, experiment=MIXED)
    planned = project.troupe("plan", "x.yaml", "--model", "openai/gpt-4o-mini")
    words = " ".join(planned.out.split())
    assert "between people: price (399, 559) within people: tone (calm, loud)" in words
    assert "People are assigned at random within blocks of age, once for all replicates." in words
    assert re.search(r"under 35 . . .*people 7 7 Balance: ", words)
    assert "E500" in planned.err


def test_a_person_more_changes_nothing_of_the_others_answers_seeds(tmp_path: Path) -> None:
    cast = [f"{{use: oscar, as: Person {letter}}}" for letter in "ABCDEFG"]
    seeds: list[dict[str, set[int]]] = []
    for number in (6, 7):
        text = re.sub("personas: .*", f"personas: [{', '.join(cast[:number])}]", MIXED).replace("[35, 50]", "[10]")
        text = re.sub(", block_by: [^}]*}]", "", text)
        with FakeProvider(answer=dear) as fake:
            project = Project(tmp_path / str(number), fake.url, text)
            assert project.run().code == 0
        found: dict[str, set[int]] = {}
        for body in fake.requests:
            names = set(re.findall("Person [A-G]", json.dumps(body["messages"][0])))
            assert len(names) == 1
            found.setdefault(names.pop(), set()).add(body["seed"])
        seeds.append(found)
    fewer, more = seeds
    assert fewer == {name: more[name] for name in fewer}
