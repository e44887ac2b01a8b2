"""People left out of the figures by declared rules: who, why, and what the figures are with everybody."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path

import pytest
from projects import Project
from provider import Body, FakeProvider, schema_of

COPY = "It is simply too dear for me."
EXPERIMENT = """\
troupe: 1
name: price
factors: {price: [399, 559]}
personas: [{use: oscar, copies: 16, vary: {age: {from: 20, to: 70}}}]
world: {type: interviews}
extract:
  - name: q
    of: each person
    how: interview
    question: "At {{ price }}?"
    fields: {buys: yes_no, why: text, a: {scale: [1, 5]}, b: {scale: [1, 5]}, c: {scale: [1, 5]}}
compare:
  - {measure: q.buys, by: price}
exclude: [repeats, straight_lining]
"""


def sort_of(name: str) -> str:
    """Return what a person does, by their name: a quarter copy each other, some give every item the same point."""
    number = int(hashlib.sha256(name.encode()).hexdigest(), 16) % 8
    return "copies" if number in (0, 1) else "straight" if number == 2 else "careful"


def careless(body: Body) -> str:
    schema, text = schema_of(body), str(body["messages"][-1]["content"])
    assert schema is not None
    [name] = re.findall(r"asks you, ([^,]+),", text)
    sort, chance = sort_of(name), int(hashlib.sha256(text.encode()).hexdigest(), 16) % 10**9
    first, step = 1 + chance % 3, 0 if sort == "straight" else 1
    found = {
        "item_1": "yes" if "399" in text or sort == "copies" else "no",
        "item_2": COPY if sort == "copies" else f"My own reason is number {chance}.",
        **{f"item_{number + 3}": str(first + step * number) for number in range(3)},
    }
    return json.dumps({key: found[key] for key in schema["properties"]})


@pytest.fixture
def project(tmp_path: Path) -> Project:
    with FakeProvider(answer=careless) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT)
        ended = project.run()
    assert ended.code == 0, ended.err
    return project


def people_who(project: Project, sort: str) -> set[str]:
    return {one["id"] for one in project.results["participants"] if sort_of(one["name"]) == sort}


def test_planted_repeats_and_straight_lines_are_found_and_figures_are_given_both_ways(project: Project) -> None:
    results, copies = project.results, people_who(project, "copies")
    left, gone = results["exclusions"], copies | people_who(project, "straight")
    assert len(copies) > 1
    assert len(gone) > len(copies)
    found = {one["person"]: one["rules"] for one in left["people"]}
    assert found == {one: ["repeats" if one in copies else "straight_lining"] for one in gone}
    assert "both texts with 4 or more words repeat word for word" in {one["why"] for one in left["people"]}
    [kept], [every] = results["comparisons"], left["comparisons"]
    assert (kept["n"], every["n"]) == ([16 - len(gone)] * 2, [16, 16])
    assert kept["estimate"] == -1
    assert every["estimate"] == pytest.approx(len(copies) / 16 - 1)
    counted = next(one for one in results["summaries"] if one["field"] == "buys")
    assert (counted["planned"], left["summaries"][0]["planned"]) == (2 * (16 - len(gone)), 32)


def test_every_row_is_kept_with_a_mark(project: Project) -> None:
    rows, copies = project.results["rows"], people_who(project, "copies")
    assert len(rows) == 16 * 2 * 5
    assert {row["person"] for row in rows if row.get("excluded") == "repeats"} == copies
    assert all("excluded" not in row for row in rows if row["person"] in people_who(project, "careful"))


def test_the_report_says_who_and_why(project: Project) -> None:
    gone = 16 - len(people_who(project, "careful"))
    assert "### With and without the people left out" in project.report
    assert f"{gone} people are left out of the figures" in project.report
    assert "the same point for every item in both sets of items that they answered in full" in project.report
    methods = (project.runs[-1] / "methods.md").read_text()
    assert f"excluded by repeats and straight_lining, as the experiment declares: {gone} of 16" in methods
    assert project.troupe("report", str(project.runs[-1]), "--format", "csv").code == 0
    marks = [row["excluded"] for row in csv.DictReader((project.runs[-1] / "data/measures.csv").open())]
    assert (len(marks), sum(bool(mark) for mark in marks)) == (160, gone * 10)


def test_compare_leaves_out_whom_the_run_leaves_out_and_says_so(project: Project) -> None:
    gone = len(people_who(project, "copies") | people_who(project, "straight"))
    run = str(project.runs[-1])
    said = project.troupe("compare", run, "--measure", "q.buys", "--by", "price")
    assert f"{gone} of the 16 people are left out of the figures (repeats and straight_lining)." in said.out
    found = json.loads(project.troupe("compare", run, "--measure", "q.buys", "--by", "price", "--json").out)
    [of_report], [one] = project.results["comparisons"], found["comparisons"]
    assert {key: one[key] for key in ("n", "estimate", "low", "high", "p")} == {
        key: of_report[key] for key in ("n", "estimate", "low", "high", "p")
    }
    assert set(found["excluded"]) == {person["person"] for person in project.results["exclusions"]["people"]}


def test_human_answers_are_compared_without_the_people_who_are_left_out(project: Project) -> None:
    project.write("people.csv", "buys\n" + "yes\nno\n" * 20)
    gone = 16 - len(people_who(project, "careful"))
    asked = ("compare", str(project.runs[-1]), "--measure", "q.buys", "--with", "people.csv", "--column", "buys")
    said = project.troupe(*asked)
    assert f"{16 - gone} simulated people" in said.out
    assert f"{gone} of the 16 people are left out of the figures (repeats and straight_lining)." in said.out


def test_a_rule_that_could_exclude_nobody_is_refused(tmp_path: Path) -> None:
    text = EXPERIMENT.replace(", why: text", "").replace("c: {scale: [1, 5]}", "c: {scale: [1, 7]}")
    checked = Project(tmp_path, "", text).troupe("check", "x.yaml")
    assert checked.code == 2
    assert "no question has free-text answers" in checked.err
    assert "no query has three scales or Likert items with the same points" in checked.err
