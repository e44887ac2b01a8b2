"""Whatever a model writes, a run ends as runs do, says what came of each answer, and reruns from its store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from projects import Finished, Project
from provider import Body, FakeProvider, Fault, answer_for

EXPERIMENT = """\
troupe: 1
name: price
personas: [lisa]
world: {type: interviews, steps: 1}
stimuli: [{say: "Would you buy it?"}]
extract:
  - name: v
    of: each person
    how: interview
    question: "What would you pay, and why?"
    fields: {price: {number: {min: 0, max: 50}}, mood: {choice: [calm, angry]}, why: text}
"""
GOOD = {"item_1": 9, "item_2": "calm", "item_3": "It is fair."}
REFUSAL = "I'm sorry, but I can't help with that request."


def played(folder: Path, reply: str, *, to: str = "What would you pay") -> tuple[Project, Finished, int, Finished]:
    """Play a run whose requests with these words in them are answered like that, and play it again."""

    def answer(body: Body) -> str:
        return reply if to in str(body["messages"][-1]["content"]) else answer_for(body)

    with FakeProvider(answer=answer) as fake:
        project = Project(folder, fake.url, EXPERIMENT)
        first = project.run()
        asked = len(fake.requests)
        again = project.run()
        assert len(fake.requests) == asked, "a rerun asks for nothing"
    return project, first, asked, again


def rows(project: Project) -> dict[str, dict[str, Any]]:
    return {row["field"]: row for row in project.results["rows"]}


def test_an_answer_is_used_whatever_its_form_and_its_raw_words_are_kept(tmp_path: Path) -> None:
    written = {"Item 1": "about $7", "item-2": "Angry, because it's dear.", "item_3": "So.", "confidence": 0.8}
    project, ended, asked, _ = played(tmp_path, f"<think>{{hm}}</think>```json\n{json.dumps({'answer': written})}\n```")
    assert ended.code == 0, ended.err
    assert asked == 2
    found = rows(project)
    assert [found[name]["value"] for name in ("price", "mood", "why")] == [7, "angry", "So."]
    assert [found[name]["raw"] for name in ("price", "mood", "why")] == ["about $7", "Angry, because it's dear.", None]


def test_one_unusable_answer_of_three_is_asked_again_alone_and_reported(tmp_path: Path) -> None:
    project, _, asked, _ = played(tmp_path, json.dumps({**GOOD, "item_1": "a lot"}))
    found = rows(project)
    assert asked == 3
    assert (found["price"]["outcome"], found["price"]["raw"]) == ("failed", "a lot")
    assert found["mood"]["value"] == "calm"
    assert found["why"]["outcome"] == "stated"
    assert project.results["trials"][0]["failed_fields"] == 1


def test_a_refusal_in_prose_is_a_refused_answer_and_asked_once(tmp_path: Path) -> None:
    project, _, asked, _ = played(tmp_path, REFUSAL)
    assert asked == 2
    assert project.results["trials"][0]["refused_answers"] == 1
    assert rows(project)["price"]["why"] == REFUSAL


def test_a_refusal_in_prose_is_a_refused_turn(tmp_path: Path) -> None:
    project, *_ = played(tmp_path, REFUSAL, to="You are Lisa")
    assert project.results["trials"][0]["refused_turns"] == 1


def test_a_turn_that_leaves_out_its_goal_is_a_turn(tmp_path: Path) -> None:
    project, ended, asked, _ = played(tmp_path, '{"thought": "Hm.", "words": "Yes."}', to="You are Lisa")
    assert ended.code == 0, ended.err
    assert asked == 2
    assert project.results["trials"][0]["turns"] == 1
    assert project.results["trials"][0]["failed_turns"] == 0


def test_a_turn_in_prose_is_asked_for_once_more_in_its_shape(tmp_path: Path) -> None:
    project, _, asked, _ = played(tmp_path, "Well, it is a bit dear, I would say.", to="You are Lisa")
    assert project.results["trials"][0]["failed_turns"] == 0
    assert asked == 3


HOSTILE = {
    "brackets": "[" * 1200,
    "braces": "{" * 300,
    "half a pair": json.dumps({**GOOD, "item_3": "dollars \ud83d"}),
    "nul": json.dumps({**GOOD, "item_3": "a\0b"}),
    "digits": '{"item_1": ' + "9" * 5000 + ', "item_2": "calm", "item_3": "So."}',
    "no number": '{"item_1": NaN, "item_2": "calm", "item_3": Infinity}',
    "deep": json.dumps({**GOOD, "item_3": "So."})[:-1] + ', "more": ' + "[" * 900 + "]" * 900 + "}",
    "long": "so " * 700_000,
    "controls": json.dumps({**GOOD, "item_3": "\u202e\x1b[31m\r\x07|a|\n# b"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_reply_ends_a_run(tmp_path: Path, name: str) -> None:
    project, ended, _, again = played(tmp_path, HOSTILE[name])
    assert ended.code in (0, 4), ended.err
    assert again.code == ended.code
    trial = project.results["trials"][0]
    assert trial["status"] == "finished"
    assert trial["answers"] + trial["failed_answers"] == 1
    for command in (("report", str(project.runs[-1])), ("show", str(project.runs[-1]))):
        assert project.troupe(*command).code == 0
    assert all("\0" not in text for text in (project.report, ended.out, ended.err))
    assert all(len(log) < 100_000 for log in project.logs().values())


@pytest.mark.parametrize("name", ["brackets", "half a pair", "long", "controls"])
def test_no_turn_ends_a_run(tmp_path: Path, name: str) -> None:
    turn = HOSTILE[name].replace("item_3", "words").replace("item_1", "thought")
    project, ended, _, again = played(tmp_path, turn, to="You are Lisa")
    assert ended.code in (0, 4), ended.err
    assert again.code == ended.code
    assert project.results["trials"][0]["status"] == "finished"
    assert len(project.results["rows"]) == 3


def test_a_page_has_no_characters_that_control_a_terminal(tmp_path: Path) -> None:
    turn = json.dumps({"thought": "\u202eHm.", "words": "\x1b[2J \x9b31m Yes.", "to": "", "feeling": "", "goal": ""})
    project, *_ = played(tmp_path, turn, to="You are Lisa")
    assert project.troupe("report", str(project.runs[-1]), "--format", "html").code == 0
    page = (project.runs[-1] / "report.html").read_text()
    assert not set(page) & {"\x1b", "\x9b", "\u202e"}


def test_a_turn_of_megabytes_is_a_failed_turn_that_nobody_hears(tmp_path: Path) -> None:
    turn = json.dumps({"thought": "Hm.", "words": "so " * 1_000_000, "to": "", "feeling": "", "goal": ""})
    project, ended, _, again = played(tmp_path, turn, to="You are Lisa")
    trial = project.results["trials"][0]
    assert (trial["status"], trial["failed_turns"], trial["answers"]) == ("finished", 1, 1)
    assert again.code == ended.code
    assert all(len(log) < 100_000 for log in project.logs().values())


def test_what_a_server_says_of_itself_may_hold_anything(tmp_path: Path) -> None:
    turn = json.dumps({"thought": "Hm.", "to": "x", "words": "Yes.", "feeling": "", "goal": ""})
    odd = {
        "id": "\ud83d",
        "object": "chat.completion",
        "created": 1,
        "model": "m\0\ud83d",
        "system_fingerprint": "fp\udc00\0",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": turn}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 5, "completion_tokens": 5, "total_tokens": 10},
    }
    with FakeProvider(faults=[Fault(200, raw=json.dumps(odd))]) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT)
        first, asked = project.run(), len(fake.requests)
        again = project.run()
        assert len(fake.requests) == asked == 2
    assert (first.code, again.code) == (0, 0), first.err
