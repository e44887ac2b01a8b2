"""data/measures.csv: what a statistics program reads."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from projects import Project
from provider import Body, FakeProvider, schema_of

from tinytroupe_cli.reports.csv_files import as_csv

SURVEY = """\
troupe: 1
name: survey
personas: [lisa]
factors: {price: [9, 12]}
world: {type: interviews}
extract:
  - name: v
    of: each person
    how: interview
    question: "At ${{ price }}?"
    fields:
      pays: {number: {min: 0, max: 40}, unit: dollars}
      mood: {choice: [calm, angry]}
      intent: {likert: purchase_intent}
      buys: yes_no
      warmth: {scale: [1, 7], low: cold, high: warm}
      why: text
report: {formats: [json, csv]}
"""
SAID = {"item_1": "about $7", "item_2": "angry", "item_4": "yes", "item_5": "7", "item_6": "=cmd|' /C calc'!A0"}


def answers(body: Body) -> str:
    properties = (schema_of(body) or {})["properties"]
    first = {"item_3": properties.get("item_3", {}).get("enum", [""])[0]}
    return json.dumps({key: (SAID | first)[key] for key in properties})


def played(tmp_path: Path) -> tuple[Project, list[dict[str, str]]]:
    with FakeProvider(answer=answers) as fake:
        project = Project(tmp_path, fake.url, SURVEY)
        assert project.run().code == 0
    text = (project.runs[-1] / "data" / "measures.csv").read_bytes().decode()
    return project, list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_row_holds_the_person_the_condition_and_the_answer_as_words_value_and_code(tmp_path: Path) -> None:
    project, rows = played(tmp_path)
    assert len(rows) == 12
    first = {row["field"]: row for row in rows[:6]}
    assert {row["price"] for row in rows} == {"9", "12"}
    assert {row["person.age"] for row in rows} == {"28"}
    assert {row["person.occupation.title"] for row in rows} == {"Data scientist"}
    assert {row["name"] for row in rows} == {"Lisa Carter"}
    assert "person.name" not in rows[0]
    assert (first["pays"]["value"], first["pays"]["code"], first["pays"]["unit"]) == ("7", "7", "dollars")
    assert first["pays"]["raw"] == "about $7"
    assert (first["mood"]["value"], first["mood"]["code"], first["mood"]["label"]) == ("angry", "2", "angry")
    assert sorted(json.loads(first["mood"]["shown"])) == ["angry", "calm"]
    assert first["intent"]["code"] == "1"
    assert (first["buys"]["value"], first["buys"]["code"], first["buys"]["label"]) == ("true", "1", "yes")
    assert (first["warmth"]["value"], first["warmth"]["label"]) == ("7", "warm")
    assert first["why"]["code"] == ""
    assert all(row["run"] for row in rows)
    assert project.results["participants"][0]["attributes"]["age"] == 28


def test_an_answer_that_is_a_formula_is_neutralised(tmp_path: Path) -> None:
    _, rows = played(tmp_path)
    assert {row["value"] for row in rows if row["field"] == "why"} == {"'" + SAID["item_6"]}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\tx", "\rx"])
def test_no_text_in_any_table_begins_as_a_formula_does(text: str) -> None:
    [_, [cell]] = list(csv.reader(io.StringIO(as_csv(["a"], [[text]]).decode(), newline="")))
    assert cell == f"'{text}"


def test_numbers_stay_numbers() -> None:
    assert as_csv(["a", "b"], [[-3, -0.5]]) == b"a,b\r\n-3,-0.5\r\n"


def test_report_writes_the_csv_again_and_says_where(tmp_path: Path) -> None:
    project, _ = played(tmp_path)
    file = project.runs[-1] / "data" / "measures.csv"
    before = file.read_bytes()
    file.unlink()
    ended = project.troupe("report", "results", "--format", "csv")
    assert ended.code == 0
    assert (tmp_path / ended.out.strip()).read_bytes() == before
    assert project.troupe("report", "results", "--format", "cvs").code == 2
