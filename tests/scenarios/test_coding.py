"""Answers in words, coded with a codebook by a judge that sees nothing else."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from projects import Project
from provider import Body, FakeProvider, answer_for, schema_of

EXPERIMENT = """\
troupe: 1
name: seats
factors: {tone: [quietude, thunder]}
personas: [{use: oscar, copies: 8, vary: {age: {from: 20, to: 70}}}]
world: {type: interviews}
extract:
  - name: q
    of: each person
    how: interview
    question: "After the {{ tone }} ad: would you take the seat, and why?"
    fields: {why: text}
code:
  - measure: q.why
    as: reason
    categories: {price: mentions cost or value, comfort: mentions ease, other: anything else}
    several: SEVERAL
    double: 0.5
compare:
  - {measure: MEASURE, by: tone}
"""
WORDS = ("It costs too little to be good.", "My back likes it.", "It is cheap and soft.", "Because of the moon.")
SHOWN = {"price": ("costs too little", "cheap"), "comfort": ("back likes it", "soft"), "other": ("the moon",)}


def is_coding(body: Body) -> bool:
    return "This is a codebook" in str(body["messages"][-1]["content"])


def coder(*, several: bool, liar: bool = False) -> Callable[[Body], str]:
    def answer(body: Body) -> str:
        schema, prompt = schema_of(body), str(body["messages"][-1]["content"])
        if schema is None:
            return answer_for(body)
        if not is_coding(body):
            chance = int(hashlib.sha256(json.dumps(body["messages"]).encode()).hexdigest(), 16)
            return json.dumps(dict.fromkeys(schema["properties"], WORDS[chance % 4]))
        text = prompt.split("<text>\n")[1].split("\n</text>", maxsplit=1)[0]
        quotes = {code: next((one for one in own if one in text), "") for code, own in SHOWN.items()}
        quotes = {code: "no such words" if liar and quote else quote for code, quote in quotes.items()}
        if several:
            order = re.findall(r"^- quote_\d+, (\w+):", prompt, re.MULTILINE)
            return json.dumps({f"quote_{at}": quotes[code] for at, code in enumerate(order, start=1)})
        code = next(code for code, quote in quotes.items() if quote)
        return json.dumps({"code": code, "quote": quotes[code]})

    return answer


def play(folder: Path, *, several: bool, liar: bool = False) -> tuple[Project, list[Body]]:
    with FakeProvider(answer=coder(several=several, liar=liar)) as fake:
        text = EXPERIMENT.replace("SEVERAL", str(several).lower())
        text = text.replace("MEASURE", "q.reason_price" if several else "q.reason")
        project = Project(folder, fake.url, text)
        ended = project.run()
        assert ended.code == 0, ended.err
        return project, [body for body in fake.requests if is_coding(body)]


@pytest.mark.parametrize("several", [True, False])
def test_no_request_for_codes_names_a_condition_a_person_or_the_question(tmp_path: Path, *, several: bool) -> None:
    project, requests = play(tmp_path, several=several)
    names = [person["name"] for person in project.results["participants"]]
    hidden = ["quietude", "thunder", "take the seat", *names, *(part for name in names for part in name.split())]
    assert requests
    for body in requests:
        sent = json.dumps(body)
        assert not [word for word in hidden if word in sent]
        assert sum(words in sent for words in WORDS) == 1, "one text at a time"


def test_each_different_text_is_coded_once_and_some_twice_in_reverse(tmp_path: Path) -> None:
    _, requests = play(tmp_path, several=True)
    prompts = [str(body["messages"][-1]["content"]) for body in requests]
    said = [words for words in WORDS if any(words in prompt for prompt in prompts)]
    for words in said:
        first, second = (
            re.findall(r"^- quote_\d+, (\w+):", prompt, re.MULTILINE) for prompt in prompts if words in prompt
        )
        assert first == second[::-1]


def test_a_text_with_several_codes_has_a_yes_or_no_for_each_with_its_quote(tmp_path: Path) -> None:
    project, _ = play(tmp_path, several=True)
    rows = project.results["rows"]
    for row in (row for row in rows if row["field"].startswith("reason_")):
        text = row["words"]
        quote = next((one for one in SHOWN[row["field"].removeprefix("reason_")] if one in text), "")
        assert (row["value"], row.get("quote", ""), row["code_of"]) == (bool(quote), quote, "q.why")
    [found] = project.results["comparisons"]
    assert (found["measure"], found["scale"], found["n"]) == ("q.reason_price", "share", [8, 8])
    agreements = project.results["codings"][0]["agreements"]
    assert {one["code"] for one in agreements} == {"price", "comfort", "other"}
    assert all(one["alpha"] == 1 or one["why_not"] for one in agreements)
    assert "repeatability, not validity" in project.report


def test_a_text_with_one_code_is_a_choice(tmp_path: Path) -> None:
    project, _ = play(tmp_path, several=False)
    rows = [row for row in project.results["rows"] if row["field"] == "reason"]
    assert len(rows) == 16
    assert {row["value"] for row in rows} <= {"price", "comfort", "other"}
    assert project.results["codings"][0]["confusion"]
    options = {one["option"] for one in project.results["comparisons"]} - {None}  # none: all options at once
    assert options == {"price", "comfort", "other"}


def humans_say(project: Project, wrong: int = 0) -> str:
    """Return the run's sheet as people fill it in, with some rows that contradict the model."""
    [sheet] = (project.runs[-1] / "data").glob("*_to_code.csv")
    header, *rows = sheet.read_text().splitlines()
    assert header == "row,text,reason"
    filled = [header]
    for number, row in enumerate(rows):
        codes = [code for code, own in SHOWN.items() if any(one in row for one in own)]
        codes = ["other"] if number < wrong else codes
        filled.append(row + ";".join(codes))
    return "\n".join(filled)


def two_coders(body: Body) -> str:
    """Code as the judge does; the second model finds `other` in everything."""
    if is_coding(body) and "other" in body["model"]:
        text = str(body["messages"][-1]["content"]).split("<text>\n")[1].split("\n</text>", maxsplit=1)[0]
        return json.dumps({"code": "other", "quote": text})
    return coder(several=False)(body)


def test_a_second_model_codes_the_second_time_and_its_disagreement_marks_the_comparison(tmp_path: Path) -> None:
    text = EXPERIMENT.replace("SEVERAL", "false\n    second: openai/other").replace("MEASURE", "q.reason")
    with FakeProvider(answer=two_coders) as fake:
        project = Project(tmp_path, fake.url, text)
        ended = project.run()
        assert ended.code == 0, ended.err
        coding = [body["model"] for body in fake.requests if is_coding(body)]
    assert {model: coding.count(model) for model in coding} == {"gpt-4o-mini": 4, "other": 4}
    [found] = project.results["codings"]
    assert (found["second"], found["agreements"][0]["second"]) == ("openai/other", "second model")
    assert found["agreements"][0]["alpha"] < 0.667
    told = " ".join(project.report.split())
    assert "Figures of q.reason are doubtful: two codings do not agree" in told
    assert "Two models may make the same mistakes" in told
    assert "repeatability" not in told


def test_people_fill_in_the_sheet_and_are_compared_with_the_model_without_a_call(tmp_path: Path) -> None:
    with FakeProvider(answer=coder(several=True)) as fake:
        text = EXPERIMENT.replace("SEVERAL", "true").replace("MEASURE", "q.reason_price")
        project = Project(tmp_path, fake.url, text)
        assert project.run().code == 0
        project.write("codes.csv", humans_say(project))
        project.write("x.yaml", text.replace("double: 0.5", "humans: {with: codes.csv, key: row}"))
        calls = len(fake.requests)
        ended = project.run()
        assert ended.code == 0, ended.err
        assert len(fake.requests) == calls
        [found] = project.results["codings"]
        assert {one["second"] for one in found["agreements"]} == {"people"}
        assert all(one["alpha"] == 1 for one in found["agreements"] if not one.get("why_not"))
        assert "4 texts were also coded by people" in project.report
        assert "Shares are not corrected: people coded 4 of its texts; a correction needs 50." in project.report
        project.write("codes.csv", humans_say(project, wrong=2))
        assert project.run().code == 0
        [found] = project.results["codings"]
        assert any(one["alpha"] is not None and one["alpha"] < 1 for one in found["agreements"])


@pytest.mark.parametrize(
    ("humans", "table", "message"),
    [
        ("{with: codes.csv, key: row}", "row,text,reason\nt1,So.,prize\n", "'prize' is not a code"),
        ("{with: codes.csv, key: row}", "row,text,reason\nt1,So.,price\nt1,So.,price\n", "has a second row"),
        ("{with: codes.csv, key: row}", "row,text,reason\nt1,So.,price;comfort\n", "a text can have only one code"),
        ("{with: codes.csv, key: id}", "row,text,reason\nt1,So.,price\n", "has no column 'id'"),
        ("{with: codes.csv, key: row, column: c}", "row,text,reason\nt1,So.,price\n", "has no column 'c'"),
        ("{with: codes.csv, key: row}", "row,text,reason\nt1,So.,\n", "the column 'reason' is empty"),
        ("{with: none.csv, key: row}", "", "none.csv"),
    ],
)
def test_codes_by_people_that_can_not_be_read_are_refused_at_their_line(
    tmp_path: Path, humans: str, table: str, message: str
) -> None:
    text = EXPERIMENT.replace("SEVERAL", f"false\n    humans: {humans}").replace("MEASURE", "q.reason")
    project = Project(tmp_path, "http://127.0.0.1:1/v1", text)
    project.write("codes.csv", table)
    ended = project.troupe("check", "x.yaml")
    assert ended.code == 2
    assert "E514" in ended.err
    assert message in " ".join(ended.err.split())


def test_a_second_coder_without_texts_is_refused(tmp_path: Path) -> None:
    text = EXPERIMENT.replace("SEVERAL", "false\n    second: openai/other").replace("MEASURE", "q.reason")
    project = Project(tmp_path, "http://127.0.0.1:1/v1", text.replace("    double: 0.5\n", ""))
    ended = project.troupe("check", "x.yaml")
    assert "`second` has nothing to code" in ended.err
    assert "double: 0.2" in ended.err


def test_a_quote_that_is_not_in_the_text_is_no_code(tmp_path: Path) -> None:
    project, _ = play(tmp_path, several=False, liar=True)
    rows = [row for row in project.results["rows"] if row["field"] == "reason"]
    assert {row["outcome"] for row in rows} == {"failed"}
    assert all("not in the text" in row["why"] for row in rows)
