"""A small model is asked for the next line of a transcript; what it can't do in one breath is asked apart."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from projects import Project
from provider import Body, FakeProvider, Fault, answer_for, schema_of

INTERVIEW = """\
troupe: 1
name: box
personas: [lisa]
world: {type: interviews, place: A kitchen, steps: 2}
stimuli:
  - {say: "What did you have for dinner?", from: the interviewer}
  - {say: "Would you want a meal box?", from: the interviewer, at: {step: 2}}
extract:
  - name: verdict
    of: each person
    how: interview
    question: "Would you order the box?"
    fields: {order: yes_no, fair_price: {number: {min: 0, max: 40}, unit: dollars}, why: text}
"""
LINES = ["Lisa Carter: Leftover noodles, with Dana's chili oil.", "No. Nine dollars is two dinners for me.", "Never."]


def asked(body: Body) -> str:
    return next(str(one["content"]) for one in reversed(body["messages"]) if one["role"] == "user")


def scripted(*lines: str, values: dict[str, Any] | None = None) -> Callable[[Body], str]:
    """Answer requests without a shape with these lines in turn, those with one with these values."""
    left = list(lines)

    def answer(body: Body) -> str:
        if schema_of(body) is None:
            return left.pop(0) if left else "I have said all I know about that."
        if values is not None and is_verdict(body):
            return f"The speaker says {values['item_1']}."
        return answer_for(body) if values is None else json.dumps(values)

    return answer


def is_verdict(body: Body) -> bool:
    """Say whether a request asks what an answer to a yes-or-no question comes to."""
    shape = schema_of(body)
    return shape is not None and "sentence" in shape["properties"]


class Small(Project):
    """A project whose people are asked for lines."""

    def __init__(self, folder: Path, url: str, experiment: str) -> None:
        super().__init__(folder, url, experiment)
        config = folder / "config.ini"
        config.write_text(config.read_text(encoding="utf-8").replace("[model]", "[model]\nturns = script"), "utf-8")


def play(folder: Path, experiment: str, answer: Callable[[Body], str]) -> tuple[Small, list[Body]]:
    with FakeProvider(answer=answer) as fake:
        project = Small(folder, fake.url, experiment)
        ended = project.run()
        assert ended.code == 0, ended.err
        asked_once = len(fake.requests)
        assert project.run().code == 0
        assert len(fake.requests) == asked_once, "a rerun asks for nothing"
        return project, fake.requests


def events(project: Project, kind: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for path in project.runs[-1].glob("trials/*/events.jsonl") for line in path.open()]
    return [event for event in found if event["kind"] == kind]


def test_a_turn_is_the_next_line_of_what_the_person_lived(tmp_path: Path) -> None:
    project, requests = play(tmp_path, INTERVIEW, scripted(*LINES, values={"item_1": "no", "item_2": 5}))
    first, second = requests[:2]
    assert "response_format" not in first
    assert [one["role"] for one in first["messages"]] == ["system", "user", "assistant"]
    assert first["messages"][-1]["content"] == "Lisa Carter:"
    assert "Data scientist" in first["messages"][0]["content"]
    assert "The interviewer: What did you have for dinner?" in asked(first)
    assert "Lisa Carter: Leftover noodles, with Dana's chili oil." in asked(second)
    said = [event["text"] for event in events(project, "acted") if event["action"] == "TALK"]
    assert said == ["Leftover noodles, with Dana's chili oil.", "No. Nine dollars is two dinners for me."]


def test_the_past_is_append_only_up_to_where_the_person_is_now(tmp_path: Path) -> None:
    _, requests = play(tmp_path, INTERVIEW, scripted(*LINES, values={"item_1": "no", "item_2": 5}))
    frame, second, aside = (asked(request) for request in requests[:3])
    heading = frame.partition("\n\n")[0]
    assert second.startswith(f"{heading}\n\nThe interviewer: What did you have for dinner?\n\nLisa Carter: Leftover")
    shared = second.partition("\n\n(")[0]
    assert aside.startswith(shared)


def test_an_interview_is_answered_in_words_and_coded_from_them_alone(tmp_path: Path) -> None:
    words = "No, I wouldn't. Five dollars would be fair."
    project, requests = play(tmp_path, INTERVIEW, scripted(*LINES[:2], words, values={"item_1": "no", "item_2": 5}))
    question, verdict, coding = requests[2:]
    assert "A friend: Would you order the box? (Say too: fair price, in dollars; why.)" in asked(question)
    assert coding["temperature"] == verdict["temperature"] == 0
    assert len(coding["messages"]) == 1
    assert words in asked(coding)
    assert words in asked(verdict)
    assert 'On "order": does the speaker say yes' in asked(verdict)
    assert "noodles" not in asked(coding) + asked(verdict)
    assert "item_1" not in asked(coding), "yes or no has been asked for"
    assert "item_3" not in asked(coding), "a text is the words themselves"
    (measured,) = events(project, "measured")
    assert measured["values"] == {"order": False, "fair_price": 5, "why": words}
    assert measured["methods"] == {"order": "coded", "fair_price": "coded", "why": "verbatim"}
    assert measured["words"] == {"order": words, "fair_price": words}


def test_an_answer_that_leaves_it_open_is_not_stated(tmp_path: Path) -> None:
    experiment = INTERVIEW.replace(", fair_price: {number: {min: 0, max: 40}, unit: dollars}", "")

    def answer(body: Body) -> str:
        if is_verdict(body):
            return "The speaker leaves it open."
        return "I would have to see it first." if "A friend" in asked(body) else f"Noodles, {len(asked(body))} of them."

    project, requests = play(tmp_path, experiment, answer)
    (measured,) = events(project, "measured")
    assert measured["values"] == {"order": None, "why": "I would have to see it first."}
    assert "Does the speaker say yes" in asked(requests[-1]), "a single question needs no name"


def test_a_verdict_that_never_comes_is_a_failed_answer_beside_those_that_did(tmp_path: Path) -> None:
    def answer(body: Body) -> str:
        if is_verdict(body):
            return json.dumps({"item_1": "perhaps"})
        return scripted(values={"item_2": 5})(body)

    project, requests = play(tmp_path, INTERVIEW, answer)
    outcomes = {row["field"]: (row["outcome"], row["value"]) for row in project.results["rows"]}
    assert outcomes["order"] == ("failed", None)
    assert outcomes["fair_price"] == ("stated", 5)
    assert [one["field"] for one in project.results["problems"] if one["field"]] == ["order"]
    assert next(row["why"] for row in project.results["rows"] if row["field"] == "order")
    assert sum(map(is_verdict, requests)) <= 4, "it is not asked for ever"


def test_a_bad_coding_is_coded_again_from_the_same_words(tmp_path: Path) -> None:
    def answer(body: Body) -> str:
        if schema_of(body) is None:
            return "Nine is too much, five is fair." if "A friend" in asked(body) else "Noodles, and that was it."
        if is_verdict(body):
            return "The speaker says no."
        if "can't be used" in asked(body):
            return json.dumps({"item_2": 5})
        return json.dumps({"item_1": "no", "item_2": "a lot"})

    project, requests = play(tmp_path, INTERVIEW, answer)
    (measured,) = events(project, "measured")
    assert measured["values"]["fair_price"] == 5
    assert sum("A friend" in asked(request) for request in requests) == 1


def test_an_act_is_chosen_apart_where_there_is_one_to_choose(tmp_path: Path) -> None:
    experiment = """\
troupe: 1
name: move
personas: [lisa, oscar]
world: {type: room, place: Kitchen, places: [Kitchen, Garden], steps: 1}
stimuli: [{say: "The kettle boils."}]
"""

    def answer(body: Body) -> str:
        if schema_of(body) is None:
            return "I'll get some air, I think."
        return json.dumps({"act": "MOVE", "argument": "Garden"})

    project, requests = play(tmp_path, experiment, answer)
    choice = next(request for request in requests if schema_of(request) is not None)
    assert "MOVE" in asked(choice)
    assert "I'll get some air, I think." in asked(choice)
    assert {event["place"] for event in events(project, "moved")} == {"Garden"}


def test_what_was_wrong_with_the_words_is_noted_where_an_act_is_chosen_too(tmp_path: Path) -> None:
    experiment = """\
troupe: 1
name: stuck
personas: [lisa, oscar]
world: {type: room, place: Kitchen, places: [Kitchen, Garden], steps: 2, acts: always}
stimuli: [{say: "The kettle boils."}]
"""

    def answer(body: Body) -> str:
        if schema_of(body) is None:
            speaker = str(body["messages"][-1]["content"])
            return f"{speaker} I'd like my tea with milk and two spoons of sugar, as ever."
        return json.dumps({"act": "none", "argument": ""})

    project, _ = play(tmp_path, experiment, answer)
    spoken = [event for event in events(project, "acted") if event["action"] == "TALK"]
    assert [bool(event.get("fault")) for event in spoken if event["step"] == 2] == [True, True]
    assert project.results["guards"]["faults"]


def test_a_line_taken_again_is_kept_from_what_was_said_the_more_the_more_often(tmp_path: Path) -> None:
    stuck = "I'd like my tea with milk and two spoons of sugar, as ever."
    experiment = INTERVIEW.partition("extract:")[0]
    project, _ = play(tmp_path, experiment, lambda _body: stuck)
    with contextlib.closing(sqlite3.connect(project.runs[-1] / "calls.sqlite")) as store:
        rows = store.execute("SELECT what, request FROM calls WHERE step = 2 ORDER BY rowid").fetchall()
    asked = [(what, json.loads(request).get("unlike_before", 0)) for what, request in rows]
    assert asked == [("turn", 0), ("guard", 1), ("guard", 2)]


def test_a_state_of_mind_is_asked_for_every_few_steps(tmp_path: Path) -> None:
    experiment = INTERVIEW.partition("extract:")[0].replace("steps: 2", "steps: 5, acts: always")

    def answer(body: Body) -> str:
        if schema_of(body) is None:
            return f"Number {len(asked(body))} is what comes to my mind today, somehow."
        return json.dumps({"feeling": "tired of questions", "goal": "to go home"})

    project, requests = play(tmp_path, experiment, answer)
    assert sum(schema_of(request) is not None for request in requests) == 1
    assert [event["emotion"] for event in events(project, "felt")] == ["tired of questions"]


def test_an_empty_line_is_asked_for_again_with_another_sample(tmp_path: Path) -> None:
    project, requests = play(tmp_path, INTERVIEW, scripted("...", *LINES, values={"item_1": "no", "item_2": 5}))
    assert asked(requests[0]) == asked(requests[1])
    assert requests[0]["seed"] != requests[1]["seed"]
    assert len([event for event in events(project, "acted") if event["action"] == "TALK"]) == 2


def test_a_model_that_says_nothing_at_all_fails_and_is_asked_three_times(tmp_path: Path) -> None:
    experiment = INTERVIEW.partition('  - {say: "Would')[0].replace("steps: 2", "steps: 1")
    with FakeProvider(answer=lambda _: "...") as fake:
        project = Small(tmp_path, fake.url, experiment)
        assert project.run().code != 0
        assert len(fake.requests) == 3
    (failed,) = events(project, "failed")
    assert failed["reason"] == "bad_output"


def test_a_server_that_takes_no_stop_sequences_is_asked_without(tmp_path: Path) -> None:
    fault = Fault(400, {"error": {"message": "Unsupported parameter: 'stop' is not supported with this model."}})
    with FakeProvider(answer=scripted(*LINES, values={"item_1": "no", "item_2": 5}), faults=[fault]) as fake:
        project = Small(tmp_path, fake.url, INTERVIEW)
        ended = project.run()
        assert ended.code == 0, ended.err
    assert "stop" in fake.requests[0]
    assert not any("stop" in request for request in fake.requests[1:])


def test_the_plan_counts_what_is_asked_apart(tmp_path: Path) -> None:
    project = Small(tmp_path, "http://127.0.0.1:1/v1", INTERVIEW)
    shown = project.troupe("run", "x.yaml", "--dry-run", "--json")
    people = json.loads(shown.out)["estimate"]["roles"][0]
    assert people["calls"]["low"] == 5, "two turns, words, yes or no, and the price"
