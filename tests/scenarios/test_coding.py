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


def test_a_quote_that_is_not_in_the_text_is_no_code(tmp_path: Path) -> None:
    project, _ = play(tmp_path, several=False, liar=True)
    rows = [row for row in project.results["rows"] if row["field"] == "reason"]
    assert {row["outcome"] for row in rows} == {"failed"}
    assert all("not in the text" in row["why"] for row in rows)
