"""Turns whose words are none of the person's: asked again, kept as what they are, counted, and no evidence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from projects import PRICES, Project
from provider import Body, FakeProvider, answer_for, schema_of

INTERVIEW = """\
troupe: 1
name: box
seed: 3
personas: [lisa]
world: {type: interviews, place: A kitchen, steps: 4}
stimuli:
  - {say: "What did you eat for dinner yesterday evening?", from: the interviewer}
  - {say: "What annoys you most about cooking in the evening?", from: the interviewer, at: {step: 2}}
  - {say: "Would you want a box with three dinners every Monday?", from: the interviewer, at: {step: 3}}
  - {say: "At which price would you say yes at once?", from: the interviewer, at: {step: 4}}
extract:
  - name: verdict
    of: each person
    how: interview
    question: "Would you order the meal box at 9 dollars a plate?"
    fields: {would_order: yes_no}
  - name: conversation
    of: each person
    question: "How does this person feel about it?"
    fields: {warmth: {scale: [1, 7], low: clearly against the box, high: clearly for the box}}
propositions:
  - {name: calm, claim: "{{ person.name }} is calm", of: each person}
"""
SORRY = "I apologize for any confusion, but I'm here to help. Could you please clarify your question?"
ANSWERS = [
    "Noodles with an egg on top, because the shop had closed.",
    "Washing the big pan when everybody else has gone to sit down.",
    "No, three dinners a week is two more than we are all at home.",
    "Five dollars a plate, and I would still look at what is in it.",
]


def is_turn(body: Body) -> bool:
    return "thought" in (schema_of(body) or {}).get("properties", {})


def is_judging(body: Body) -> bool:
    return not is_turn(body) and len(body["messages"]) == 1


def said(words: str, thought: str = "") -> str:
    return json.dumps({"thought": thought, "to": "the interviewer", "words": words, "feeling": "", "goal": ""})


def turn_number(body: Body) -> int:
    return len(body["messages"]) // 2 - 1


def playing(folder: Path, answer: Callable[[Body], str], text: str = INTERVIEW) -> tuple[Project, Any, list[Body]]:
    with FakeProvider(answer=answer) as fake:
        project = Project(folder, fake.url, text)
        ended = project.run()
    return project, ended, fake.requests


def acted(project: Project, action: str = "TALK") -> list[dict[str, Any]]:
    return [event for log in project.events().values() for event in log if event.get("action") == action]


def answering(turn: Callable[[Body], str], **answers: Any) -> Callable[[Body], str]:
    """Take turns as told; answer fields with these values, the first of each kind."""

    def answer(body: Body) -> str:
        return turn(body) if is_turn(body) else json.dumps({**json.loads(answer_for(body)), **answers})

    return answer


def good_then_stuck(body: Body) -> str:
    """Repeats its first answer to the last word, as a small model that reads its own JSON does."""
    return said(ANSWERS[0] if turn_number(body) < 3 else ANSWERS[3])


def test_a_model_that_repeats_itself_is_asked_twice_more_and_then_kept_as_what_it_is(tmp_path: Path) -> None:
    project, ended, requests = playing(tmp_path, answering(good_then_stuck))
    assert [event.get("fault") for event in acted(project)] == [None, "repeats_self", "repeats_self", None]
    assert sum(map(is_turn, requests)) == 1 + 3 + 3 + 1
    assert project.results["guards"]["faults"] == {"repeats_self": 2}
    assert "2 of 4 turns repeated earlier words." in project.report
    assert "2 of 4 turns repeated earlier words." in ended.err
    assert "Nothing went wrong" not in project.report
    assert "2 of 4 turns and " in project.report
    shown = project.troupe("show", str(project.runs[-1])).out
    for told in (ended.err, shown):
        assert told.count("(repeats earlier words): Noodles with an egg") == 2


def test_another_sample_that_is_good_is_taken_and_the_person_never_knows_of_the_first(tmp_path: Path) -> None:
    seen: dict[str, int] = {}

    def second_time_lucky(body: Body) -> str:
        number = turn_number(body)
        key = str(body["messages"])
        seen[key] = seen.get(key, 0) + 1
        return said(ANSWERS[0] if number == 1 and seen[key] == 1 else ANSWERS[number])

    project, ended, requests = playing(tmp_path, answering(second_time_lucky), INTERVIEW + PRICES)
    assert ended.code == 0, ended.err
    assert [event["text"] for event in acted(project)] == ANSWERS
    assert not any("fault" in event for event in acted(project))
    first, second = (body for body in requests if is_turn(body) and turn_number(body) == 1)
    assert first["messages"] == second["messages"]
    assert first["seed"] != second["seed"]
    guards = project.results["guards"]
    assert (guards["faulty"], guards["asked_again"], guards["calls"]) == (0, 1, 1)
    assert 0 < guards["usd"] < project.results["usd"]
    assert "1 turn was asked again because of the words: 1 call more, $0.00" in project.report
    assert "Nothing failed" in project.report or "Nothing went wrong" in project.report


def test_the_same_run_again_asks_nobody_and_keeps_the_same_tries(tmp_path: Path) -> None:
    with FakeProvider(answer=answering(good_then_stuck)) as fake:
        project = Project(tmp_path, fake.url, INTERVIEW)
        project.run()
        asked = len(fake.requests)
        project.run()
        assert len(fake.requests) == asked
    first, second = project.runs
    assert project.logs(first) == project.logs(second)


def test_every_try_is_in_the_log_with_what_was_wrong(tmp_path: Path) -> None:
    project, _, _ = playing(tmp_path, answering(good_then_stuck))
    tries = [event for log in project.events().values() for event in log if event["kind"] == "checked"]
    assert [(one["step"], one["attempt"], one["fault"], one["is_kept"]) for one in tries] == [
        (step, attempt, "repeats_self", attempt == 1) for step in (2, 3) for attempt in (1, 2, 3)
    ]
    assert ANSWERS[0] in tries[0]["text"]


def always_sorry(_: Body) -> str:
    return said(SORRY)


def test_a_judge_is_not_asked_about_who_said_nothing_of_their_own(tmp_path: Path) -> None:
    project, ended, requests = playing(tmp_path, answering(always_sorry))
    assert not any(map(is_judging, requests))
    rows = {row["query"]: row for row in project.results["rows"] if row["field"] in ("warmth", "would_order", "holds")}
    assert (rows["conversation"]["outcome"], rows["conversation"]["value"]) == ("not_stated", None)
    assert rows["conversation"]["why"] == "every turn speaks as an assistant"
    assert rows["calm"]["why"] == "every turn speaks as an assistant"
    assert rows["verdict"]["outcome"] == "stated"
    assert "not asked, because every turn was faulty (2)" in project.report
    assert ended.code == 4
    assert "0 of 4 turns" in ended.err or "4 of 4 turns" in ended.err
    assert "--model" in ended.err


def test_a_judge_reads_faulty_lines_without_their_words_and_the_good_ones_with_them(tmp_path: Path) -> None:
    def sorry_at_second(body: Body) -> str:
        return said(SORRY if turn_number(body) == 1 else ANSWERS[turn_number(body)])

    _, _, requests = playing(tmp_path, answering(sorry_at_second))
    read = [str(body["messages"]) for body in requests if is_judging(body)]
    assert len(read) == 2
    for text in read:
        assert ANSWERS[0] in text
        assert "apologize" not in text
        assert "says to the interviewer (speaks as an assistant): (no words of their own)" in text


def test_nobody_is_quoted_with_words_that_are_none_of_theirs(tmp_path: Path) -> None:
    project, _, _ = playing(tmp_path, answering(always_sorry))
    assert not [quote for quote in project.results["quotes"] if quote["text"] == SORRY]


def test_a_question_given_back_is_told(tmp_path: Path) -> None:
    def parrot(body: Body) -> str:
        at = turn_number(body)
        return said("What annoys me most about cooking in the evening?" if at == 1 else ANSWERS[at])

    project, _, _ = playing(tmp_path, answering(parrot))
    assert [event.get("fault") for event in acted(project)] == [None, "question_back", None, None]
    assert "1 of 4 turns repeated the question" in project.report


def test_where_every_try_is_faulty_the_least_bad_is_kept(tmp_path: Path) -> None:
    seen: list[int] = []

    def worse_and_better(body: Body) -> str:
        if turn_number(body) != 1:
            return said(ANSWERS[turn_number(body)])
        seen.append(1)
        return said(("I'm sorry, but I can't assist with that.", ANSWERS[0], SORRY)[len(seen) - 1])

    project, _, _ = playing(tmp_path, answering(worse_and_better))
    assert [event.get("fault") for event in acted(project)] == [None, "repeats_self", None, None]
    assert acted(project)[1]["text"] == ANSWERS[0]


def test_a_refusal_is_asked_again_and_where_it_stays_one_it_is_a_refused_turn(tmp_path: Path) -> None:
    def declining(body: Body) -> str:
        return said("I'm sorry, but I can't assist with that." if turn_number(body) == 0 else ANSWERS[1])

    project, _, requests = playing(
        tmp_path, answering(declining), INTERVIEW.replace("steps: 4", "steps: 1").split('  - {say: "What annoys')[0]
    )
    assert [event["kind"] for log in project.events().values() for event in log].count("refused") == 1
    assert sum(map(is_turn, requests)) == 3
    assert "declined by the model (1)" in project.report


ROOM = """\
troupe: 1
name: room
seed: 3
personas: [lisa, oscar, amara]
world: {type: room, place: A kitchen, steps: 2, order: sequential}
stimuli:
  - say: "What do you think of the box?"
"""


def test_who_echoes_the_others_is_told_by_name(tmp_path: Path) -> None:
    lines = {
        "Lisa": ("It is a fine idea for a house where nobody shops on time.", "I'd still start with one week."),
        "Oscar": ("My oven has two settings, so a recipe is lost on me.", "Who pays when the box comes late?"),
        "Amara": ("", "The children would fight over who may open it."),
    }

    def echo(body: Body) -> str:
        who = next(name for name in lines if f"You are {name}" in str(body["messages"][0]["content"]))
        words = lines[who][turn_number(body)] or lines["Lisa"][0]
        return json.dumps({"thought": "", "to": "everyone", "words": words, "feeling": "", "goal": ""})

    project, _, _ = playing(tmp_path, answering(echo), ROOM)
    faults = {(event["person"], event["step"]): event.get("fault") for event in acted(project)}
    assert faults["lisa", 1] is None
    assert faults["amara", 1] == "repeats_other"
    assert [one["person"] for one in project.results["guards"]["people"]] == ["amara"]
    assert "Amara Mensah: 1 of 2 turns repeated another person's words" in project.report.replace("\\", "")


def test_faulty_turns_are_no_training_data(tmp_path: Path) -> None:
    wanted = "dataset: {name: chats, rows: turns}\n"
    project, _, _ = playing(tmp_path, answering(good_then_stuck), INTERVIEW + wanted)
    rows = [json.loads(line) for line in (project.runs[-1] / "data/chats.jsonl").read_text("utf-8").splitlines()]
    assert [row["messages"][-1]["content"] for row in rows] == [ANSWERS[0], ANSWERS[3]]
    assert project.results["dataset"]["left_out"] == 2
    assert "without 2 turns that a guard found faulty" in project.report


def test_quality_guards_off_takes_turns_as_they_are(tmp_path: Path) -> None:
    project, ended, requests = playing(tmp_path, answering(always_sorry), INTERVIEW + "quality: {guards: false}\n")
    assert ended.code == 0, ended.err
    assert sum(map(is_turn, requests)) == 4
    assert not any("fault" in event for event in acted(project))
    assert project.results["guards"] is None
    assert sum(map(is_judging, requests)) == 2


def test_answers_that_exclude_each_other_are_marked_and_left_as_they_are(tmp_path: Path) -> None:
    def turn(body: Body) -> str:
        return said(ANSWERS[turn_number(body)])

    def answer(body: Body) -> str:
        if is_turn(body):
            return turn(body)
        values = json.loads(answer_for(body))
        wording = str(body["messages"][-1]["content"])
        if "would order" in wording:
            values["item_1"] = "no"
        if "clearly for the box" in wording:
            values["item_1"] = "7"
        return json.dumps(values)

    project, ended, _ = playing(tmp_path, answer)
    rows = {f"{row['query']}.{row['field']}": row for row in project.results["rows"]}
    assert (rows["verdict.would_order"]["value"], rows["conversation.warmth"]["value"]) == (False, 7)
    assert rows["verdict.would_order"]["contradicts"] == "conversation.warmth"
    assert rows["conversation.warmth"]["contradicts"] == "verdict.would_order"
    project.troupe("report", str(project.runs[-1]), "--format", "csv")
    csv = (project.runs[-1] / "data/measures.csv").read_text("utf-8")
    assert ",conversation.warmth," in csv.splitlines()[1]
    assert "contradictory answers: 1 of 1" in project.report.casefold()
    assert "Contradictory answers: 1 of 1." in ended.err
    assert "would order: no, beside warmth: 7, clearly for the box" in project.report
