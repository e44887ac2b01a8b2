"""Tables, training data and CSV: what is made of a run without asking a model."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import jsonschema
from projects import Project
from provider import Body, FakeProvider, answer_for, schema_of

EXPERIMENT = """\
troupe: 1
name: bakery
factors: {price: [3, 5]}
world: {type: room, place: A kitchen, steps: 3}
stimuli:
  - say: 'The "old" bakery, at {{ price }} a loaf, will close & move.'
    to: lisa
  - goal: Find out about bread.
"""
PEOPLE = ("lisa", "oscar", "amara")
SAID = {"Lisa": 'Oscar, "bakery" news:\nit closes, = sad; <b>really</b>', "Oscar": "Oh no, the bakery?"}


def gossip(body: Body) -> str:
    """Lisa tells Oscar what she heard, Oscar tells Amara, and nobody speaks before they have heard of it."""
    schema = schema_of(body)
    if schema is None or "words" not in schema["properties"]:
        return answer_for(body)
    text = json.dumps(body["messages"])
    who = "Lisa" if "You are Lisa" in text or "play Lisa" in text else "Oscar"
    words = SAID[who] if "bakery" in text else ""
    names = schema["properties"]["to"]["enum"]
    wanted = "Amara" if who == "Oscar" else "Oscar"
    to = next((name for name in names if name.startswith(wanted)), names[0])
    reply = {"thought": "Bread.", "to": to, "words": words, "feeling": "calm", "goal": "", "act": "none"}
    return json.dumps({key: reply.get(key, "") for key in schema["properties"]})


def played(folder: Path, more: str, *, factors: bool = False, people: str = "lisa, oscar") -> Project:
    more = f"personas: [{people}]\n{more}"
    experiment = EXPERIMENT if factors else EXPERIMENT.replace("factors: {price: [3, 5]}", "vars: {price: 3}")
    text = experiment if factors else experiment.replace("{{ price }}", "{{ vars.price }}")
    with FakeProvider(answer=gossip) as fake:
        project = Project(folder, fake.url, text + more)
        ended = project.run()
    assert ended.code == 0, ended.err
    return project


def rows(project: Project, name: str) -> list[dict[str, str]]:
    with (project.runs[-1] / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_who_said_what_to_whom_is_a_table_in_the_run_the_results_and_the_report(tmp_path: Path) -> None:
    rule = "reduce: [{name: talk, of: talks, columns: {step: step, who: person.name, to: to, said: text}}]\n"
    project = played(tmp_path, rule)
    found = rows(project, "talk")
    assert {(row["who"].split()[0], row["said"]) for row in found} == set(SAID.items())
    assert found[0]["to"] == "oscar"
    [table] = project.results["tables"]
    assert table["columns"] == ["step", "who", "to", "said"]
    assert [[str(cell) for cell in row] for row in table["rows"]] == [list(row.values()) for row in found]
    assert f"{len(found)} rows in `data/talk.csv`" in project.report
    assert "Oh no, the bakery?" in project.report.split("## Data")[1].split("## What went wrong")[0]


def test_when_a_rumour_first_reached_each_person_and_how_many_it_had_reached(tmp_path: Path) -> None:
    rules = """\
reduce:
  - name: first
    of: [talks, perceptions]
    where: "'bakery' in text"
    once_per: person
    columns: {who: person, step: step, price: condition.price}
  - {name: spread, of: [talks, perceptions], where: "'bakery' in text", once_per: person, count_by: step}
"""
    project = played(tmp_path, rules, factors=True, people="lisa, oscar, amara")
    first = {(row["price"], row["who"]): row["step"] for row in rows(project, "first")}
    assert first == {(price, person): step for price in "35" for person, step in zip(PEOPLE, "112", strict=True)}
    spread = {row["step"]: int(row["count"]) for row in rows(project, "spread")}
    assert spread == {"1": 4, "2": 2}


def test_a_table_that_stays_empty_has_its_header_and_says_so(tmp_path: Path) -> None:
    project = played(tmp_path, "reduce: [{name: none, of: talks, where: \"'plumber' in text\", columns: {t: text}}]\n")
    assert (project.runs[-1] / "data" / "none.csv").read_bytes() == b"t\r\n"
    assert "0 rows in `data/none.csv`" in project.report


def test_a_rule_that_cant_be_worked_out_on_a_fact_is_told_not_dropped(tmp_path: Path) -> None:
    project = played(tmp_path, 'reduce: [{name: odd, of: talks, where: "text > 3"}]\n')
    [table] = project.results["tables"]
    assert table["rows"] == []
    assert table["faults"] > 0
    assert "Its rules could not be evaluated for" in project.report
    assert "(can't order text and a number)" in project.report


def test_an_unknown_name_is_answered_with_the_nearest_before_anything_is_asked(tmp_path: Path) -> None:
    with FakeProvider(answer=gossip) as fake:
        text = EXPERIMENT + "personas: [lisa]\n" + "reduce: [{name: talk, of: talks, where: \"'x' in txt\"}]\n"
        ended = Project(tmp_path, fake.url, text).run()
    assert ended.code == 2
    assert "E380" in ended.err
    assert "did you mean 'text'?" in ended.err
    assert fake.requests == []


def test_a_report_made_anew_writes_the_same_data_and_asks_nobody(tmp_path: Path) -> None:
    project = played(tmp_path, "reduce: [{name: talk, of: talks}]\ndataset: {name: chats}\n")
    data = project.runs[-1] / "data"
    before = {path.name: path.read_bytes() for path in data.iterdir()}
    assert set(before) == {"talk.csv", "chats.jsonl"}
    for path in data.iterdir():
        path.unlink()
    assert project.troupe("report").code == 0
    assert {path.name: path.read_bytes() for path in data.iterdir()} == before


CHAT = {
    "type": "object",
    "required": ["messages"],
    "additionalProperties": False,
    "properties": {
        "messages": {
            "type": "array",
            "minItems": 1,
            "contains": {"type": "object", "properties": {"role": {"const": "assistant"}}},
            "items": {
                "type": "object",
                "required": ["role", "content"],
                "additionalProperties": False,
                "properties": {
                    "role": {"enum": ["system", "user", "assistant"]},
                    "content": {"type": "string", "minLength": 1},
                },
            },
        }
    },
}
ALPACA = {
    "type": "object",
    "required": ["instruction", "input", "output"],
    "additionalProperties": False,
    "properties": {
        "instruction": {"type": "string", "minLength": 1},
        "input": {"type": "string"},
        "output": {"type": "string", "minLength": 1},
    },
}


def training(project: Project, schema: dict[str, Any]) -> list[dict[str, Any]]:
    lines = (project.runs[-1] / "data" / "chats.jsonl").read_text().splitlines()
    found = [json.loads(line) for line in lines]
    for row in found:
        jsonschema.validate(row, schema)
    assert project.results["dataset"]["rows"] == len(found) > 0
    return found


def test_a_conversation_is_a_row_from_one_persons_side(tmp_path: Path) -> None:
    wanted = 'dataset: {name: chats, people: oscar, system: "You are {{ person.name }}, & kind."}\n'
    [row] = training(played(tmp_path, wanted), CHAT)
    system, first, second, *_ = row["messages"]
    assert system["role"] == "system"
    assert system["content"].endswith(", & kind.")
    assert (first["role"], second["role"]) == ("user", "assistant")
    assert SAID["Lisa"] in first["content"]
    assert second["content"].startswith(SAID["Oscar"])
    assert row["messages"][-1]["role"] == "assistant"
    assert "Bread." not in json.dumps(row)
    assert "Find out about bread" not in json.dumps(row)


def test_a_turn_is_a_row_with_all_before_it(tmp_path: Path) -> None:
    found = training(played(tmp_path, "dataset: {name: chats, rows: turns, people: lisa}\n"), CHAT)
    lengths = [len(row["messages"]) for row in found]
    assert lengths == sorted(set(lengths))
    assert all(row["messages"][-1]["role"] == "assistant" for row in found)
    assert 'The "old" bakery, at 3 a loaf, will close & move.' in found[0]["messages"][0]["content"]


def test_alpaca_rows_are_what_was_said_last_and_the_answer(tmp_path: Path) -> None:
    found = training(played(tmp_path, "dataset: {name: chats, format: alpaca, people: lisa}\n"), ALPACA)
    assert 'The "old" bakery' in found[0]["instruction"]
    assert found[0]["input"] == ""
    assert found[0]["output"].startswith(SAID["Lisa"])


def test_every_answer_is_a_line_of_measures_csv(tmp_path: Path) -> None:
    asked = """\
extract: [{name: bread, question: "Which?", how: interview, fields: {kind: {choice: [rye, oat]}, why: text}}]
report: {formats: [json, details, csv]}
"""
    project = played(tmp_path, asked, factors=True)
    found = rows(project, "measures")
    kept = [(row["person"], row["field"], row["value"] or "") for row in project.results["rows"]]
    assert [(row["person"], row["field"], row["value"]) for row in found] == kept
    assert {row["price"] for row in found} == {"3", "5"}


def test_a_report_shows_twenty_sorted_texts_and_counts_the_rest(tmp_path: Path) -> None:
    experiment = """\
troupe: 1
name: reasons
personas: [{use: oscar, copies: 24}]
world: {type: interviews}
extract: [{name: q, of: each person, how: interview, question: "Why?", fields: {why: text}}]
normalize: [{measure: q.why, categories: 3, as: q.reason}]
report: {formats: [json, details]}
"""
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, experiment)
        ended = project.run()
    assert ended.code == 0, ended.err
    [sorted_texts] = project.results["categories"]
    assert len(sorted_texts["texts"]) > 20
    assert f"{len(sorted_texts['texts']) - 20} more, in results.json" in (project.runs[-1] / "details.md").read_text()
