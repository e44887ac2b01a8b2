"""What people remember, through the real command line: bounded prompts, facts kept, reminded in time."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from projects import Project
from provider import FakeProvider, answer_for, schema_of

EXPERIMENT = """\
troupe: 1
name: lunches
personas: [lisa, oscar]
memory: {window: 6}
world: {type: room, place: A canteen, steps: 24}
stimuli:
  - {say: "My dog is called Rufus.", from: the cook, at: {step: 3}}
  - {say: "What was the name of my dog?", from: the cook, at: {step: 22}}
extract:
  - name: dog
    of: each person
    how: interview
    question: "What is the dog of the cook called?"
    fields: {name: text}
"""
DOG = "My dog is called Rufus."
FACT = "The cook in the canteen has a dog."


def keeping(body: Mapping[str, Any]) -> str:
    """Keep one fact of whatever leaves; think back when asked for the dog; talk otherwise."""
    schema = schema_of(body) or {}
    reply = json.loads(answer_for(body))
    if "facts" in schema["properties"]:
        return json.dumps({"facts": [FACT]})
    last = body["messages"][-1]["content"]
    if "act" in reply:
        asks = "the name of my dog" in last and "You remember: " not in last
        reply |= {"act": "RECALL", "argument": "Rufus"} if asks else {"act": "none", "argument": ""}
    return json.dumps(reply)


def events(project: Project, run: Path | None = None) -> list[dict[str, Any]]:
    return [json.loads(line) for log in project.logs(run).values() for line in log.splitlines()]


def turns(fake: FakeProvider, name: str = "Lisa Carter") -> list[str]:
    """Return the last message of each of a person's requests that were turns."""
    return [
        body["messages"][-1]["content"]
        for body in fake.requests
        if f"You are {name}" in body["messages"][0]["content"] and "thought" in (schema_of(body) or {})["properties"]
    ]


def test_an_early_word_comes_back_when_it_is_asked_for_and_the_log_tells_so(tmp_path: Path) -> None:
    with FakeProvider(answer=keeping) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT)
        ended = project.run()
    assert ended.code == 0, ended.err
    asked = [last for last in turns(fake) if "What was the name of my dog?" in last]
    assert f"- (5 January 2026, 09:20) The cook says: {DOG}" in asked[0]
    assert f"- {FACT}" in asked[0]
    happened = events(project)
    facts = [event for event in happened if event["kind"] == "remembered" and event["person"] == "lisa"]
    assert facts[0]["facts"] == [FACT]
    assert [event["through"] for event in facts] == sorted(event["through"] for event in facts)
    recalled = [event for event in happened if event["kind"] == "recalled" and event["step"] == 22]
    assert any(DOG in memory for memory in recalled[0]["memories"])
    shown = project.troupe("show", str(project.runs[-1])).out
    assert FACT in shown


def test_a_person_thinks_back_and_goes_on_in_the_same_turn(tmp_path: Path) -> None:
    with FakeProvider(answer=keeping) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT)
        assert project.run().code == 0
    assert "RECALL (try to remember something from longer ago" in turns(fake)[-1]
    assert "RECALL" not in turns(fake)[0]
    thought = [event for event in events(project) if event["kind"] == "perceived" and event["sense"] == "recall"]
    assert {event["step"] for event in thought} == {22}
    assert DOG in thought[0]["text"]


def test_an_interview_remembers_too(tmp_path: Path) -> None:
    with FakeProvider(answer=keeping) as fake:
        assert Project(tmp_path, fake.url, EXPERIMENT).run().code == 0
    interviews = [body for body in fake.requests if "dog of the cook" in body["messages"][-1]["content"]]
    assert len(interviews) == 2
    assert all(DOG in body["messages"][-1]["content"] for body in interviews)
    assert all(len(body["messages"]) < 2 * 6 + 3 for body in interviews)


def test_recall_off_brings_nothing_back(tmp_path: Path) -> None:
    with FakeProvider(answer=keeping) as fake:
        text = EXPERIMENT.replace("window: 6", "window: 6, recall: off")
        assert Project(tmp_path, fake.url, text).run().code == 0
    last = next(last for last in turns(fake) if "What was the name of my dog?" in last)
    assert DOG not in last
    assert "RECALL" not in last
    assert not [body for body in fake.requests if "facts" in (schema_of(body) or {})["properties"]]


def test_with_embeddings_memories_are_found_by_their_vectors(tmp_path: Path) -> None:
    text = EXPERIMENT + "model: {embeddings: openai/text-embedding-3-small}\n"
    with FakeProvider(answer=keeping) as fake:
        project = Project(tmp_path, fake.url, text)
        ended = project.run()
        asked = [last for last in turns(fake) if "What was the name of my dog?" in last]
    assert ended.code == 0, ended.err
    assert DOG in asked[0]
    texts = [body["input"] for body in fake.embedded]
    assert len(texts) == len({json.dumps(text) for text in texts}), "each text is turned into a vector once"


def test_a_run_killed_while_facts_are_made_ends_the_same(tmp_path: Path) -> None:
    with FakeProvider(answer=keeping) as fake:
        calm = Project(tmp_path / "calm", fake.url, EXPERIMENT)
        assert calm.run().code == 0
    with FakeProvider(answer=keeping, latency=0.05) as fake:
        project = Project(tmp_path / "killed", fake.url, EXPERIMENT)
        for moment in (12, 40):
            run = project.start("--no-cache")
            deadline = time.monotonic() + 60  # noqa: TID251 - a real process is waited for
            while len(fake.requests) < moment:
                assert time.monotonic() < deadline, "the run asked nothing"  # noqa: TID251
                time.sleep(0.02)
            run.send_signal(signal.SIGKILL)
            run.wait()
        ended = project.run("--no-cache")
    assert ended.code == 0, ended.err
    assert project.logs() == calm.logs()
    assert len(project.runs) == 1


def test_the_plan_tells_about_how_many_calls_remembering_takes(tmp_path: Path) -> None:
    project = Project(tmp_path, "http://127.0.0.1:9/v1", EXPERIMENT)
    few = project.troupe("plan", "x.yaml", "--model", "openai/gpt-4o-mini").out
    project.write("x.yaml", EXPERIMENT.replace("window: 6", "window: 6, consolidate: false"))
    fewer = project.troupe("plan", "x.yaml", "--model", "openai/gpt-4o-mini").out
    assert few != fewer
