"""Private polls of a discussion: taken at every moment, heard and remembered by nobody."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from statistics import fmean, stdev

import pytest
from projects import Project
from provider import Body, FakeProvider, answer_for, reply, schema_of

EXPERIMENT = """\
troupe: 1
name: talk
personas: [{use: oscar, copies: COPIES, vary: {age: {from: 20, to: 70}}}]
world: {type: room, group_size: 3, steps: 3}
stimuli: [{say: "Is a subscription of 9 dollars worth it?"}]
extract:
  - name: q
    of: each person
    how: interview
    question: "How likely are you to subscribe?"
    fields: {intent: {scale: [1, 7]}, buys: yes_no, why: text}
poll: POLL
"""
POLL = "{measure: q.intent, at: [start, each step, end]}"
ASKED = "How likely are you to subscribe?"


def converging(body: Body) -> str:
    """Answer by the persona before anybody spoke; once people have heard each other, everybody says 4."""
    schema, text = schema_of(body), json.dumps(body["messages"])
    if schema is None or ASKED not in text:
        return answer_for(body)
    own = int(hashlib.sha256(str(body["messages"][0]).encode()).hexdigest(), 16)
    heard = '"role": "assistant"' in text
    found = {}
    for key, one in schema["properties"].items():
        options = one.get("enum", [])
        answer = str(4 if heard else 1 + own % 7)
        found[key] = "yes" if "yes" in options else answer if answer in options else "So."
    return json.dumps(found)


def played(folder: Path, copies: int = 18, poll: str = POLL) -> tuple[Project, FakeProvider]:
    text = EXPERIMENT.replace("COPIES", str(copies)).replace("POLL", poll)
    with FakeProvider(answer=converging) as fake:
        project = Project(folder, fake.url, text)
        ended = project.run()
        assert ended.code == 0, ended.err
    return project, fake


def polls_in(bodies: list[Body]) -> list[Body]:
    return [body for body in bodies if ASKED in json.dumps(body["messages"][-1])]


def test_people_are_asked_at_each_moment_and_nobody_hears_it(tmp_path: Path) -> None:
    project, fake = played(tmp_path)
    asked = polls_in(fake.requests)
    assert len(asked) == 18 * (1 + 2 + 1 + 1), "start, two steps, alone, and the measure itself"
    others = [body for body in fake.requests if body not in asked]
    assert not [body for body in others if ASKED in json.dumps(body)], "no poll is in anybody's past"
    for body in asked:
        assert json.dumps(body["messages"]).count(ASKED) == 1
    [found] = project.results["polls"]
    assert [one["moment"] for one in found["rounds"]] == ["start", "after step 1", "after step 2", "end", "alone"]
    assert all((one["stated"], one["missing"]) == (18, 0) for one in found["rounds"])
    assert len(found["stances"]) == 18 * 5
    assert {row["query"] for row in project.results["rows"]} == {"q"}
    assert len([row for row in project.results["rows"] if row["field"] == "intent"]) == 18


def test_the_same_discussion_is_held_with_and_without_a_poll(tmp_path: Path) -> None:
    with_poll, _ = played(tmp_path / "with")
    without, _ = played(tmp_path / "without", poll="null")
    assert with_poll.logs() == without.logs()


def test_a_discussion_that_makes_people_alike_is_found(tmp_path: Path) -> None:
    project, _ = played(tmp_path)
    [found] = project.results["polls"]
    rounds = {one["moment"]: one for one in found["rounds"]}
    assert (found["groups"], found["people"], found["why_not"]) == (6, 18, "")
    assert rounds["end"]["dispersion"]["value"] == 0
    assert rounds["alone"]["dispersion"]["value"] == pytest.approx(rounds["start"]["dispersion"]["value"])
    assert found["drift"]["high"] < 0
    assert found["drift"]["p"] < 0.05
    assert rounds["end"]["mean"]["value"] == 4
    assert 0 < found["changed"]["value"] < 1
    assert sum(found["words"].values()) == pytest.approx(6)
    assert found["equal_share"] == pytest.approx(1 / 3)
    told = " ".join(project.report.split())
    assert "18 people in 6 groups were asked in private; nobody heard or remembered the answers." in told
    assert "more alike at the end than the same people, asked alone after the same stimuli" in told
    assert "before the discussion" in told


def test_interviews_of_a_poll_that_the_model_declines_went_wrong(tmp_path: Path) -> None:
    text = EXPERIMENT.replace("COPIES", "3")
    with FakeProvider(answer=converging) as fake:
        project = Project(tmp_path, fake.url, text.replace("POLL", "null"))
        assert project.run().code == 0
        fake.faults += [reply(None, refusal="I cannot answer that.")]
        project.write("x.yaml", text.replace("POLL", "{measure: q.intent, alone: false}"))
        project.run()
    found = project.results["problems"]
    assert [(one["kind"], one["query"], one["field"], one["moment"]) for one in found] == [
        ("refused", "q", "intent", "start")
    ]
    assert "answer of a poll was declined or failed. What went wrong: declined by the model (1)." in project.report


def test_one_discussion_has_no_interval(tmp_path: Path) -> None:
    project, _ = played(tmp_path, copies=3)
    [found] = project.results["polls"]
    assert found["why_not"] == "one discussion: no interval"
    assert found["drift"]["value"] <= 0
    assert (found["drift"]["low"], found["drift"]["p"]) == (None, None)
    assert "One discussion: no interval." in project.report
    assert "was not tested" in project.report
    assert "could not be shown" not in project.report


def test_a_poll_can_be_added_to_a_run_without_holding_the_discussion_again(tmp_path: Path) -> None:
    text = EXPERIMENT.replace("COPIES", "6")
    with FakeProvider(answer=converging) as fake:
        project = Project(tmp_path, fake.url, text.replace("POLL", "null"))
        assert project.run().code == 0
        before = len(fake.requests)
        project.write("x.yaml", text.replace("POLL", "{measure: q.buys, alone: false}"))
        assert project.run().code == 0
        assert len(fake.requests) == before + 6
    [found] = project.results["polls"]
    assert [one["moment"] for one in found["rounds"]] == ["start", "end"]
    assert found["rounds"][0]["mean"]["value"] == 1
    again = (project.runs[-1] / "results.json").read_bytes()
    assert project.troupe("report").code == 0
    assert (project.runs[-1] / "results.json").read_bytes() == again


def test_the_plan_counts_the_calls_of_a_poll(tmp_path: Path) -> None:
    calls = []
    for poll in ("null", POLL):
        project = Project(tmp_path, "http://127.0.0.1:1/v1", EXPERIMENT.replace("COPIES", "6").replace("POLL", poll))
        planned = json.loads(
            project.troupe("run", "x.yaml", "--dry-run", "--json", "--model", "openai/gpt-4o-mini").out
        )
        calls.append(sum(role["calls"]["low"] for role in planned["estimate"]["roles"]))
    assert calls[1] - calls[0] == 6 * 2


@pytest.mark.parametrize(
    ("poll", "message"),
    [
        ("{measure: q.intend}", "no query asks for 'q.intend'"),
        ("{measure: q.why}", "a poll can't follow how it changes"),
        ("[{measure: q.intent}, {measure: q.intent}]", "is polled twice"),
    ],
)
def test_a_poll_that_can_not_be_taken_is_refused(tmp_path: Path, poll: str, message: str) -> None:
    project = Project(tmp_path, "http://127.0.0.1:1/v1", EXPERIMENT.replace("COPIES", "6").replace("POLL", poll))
    ended = project.troupe("check", "x.yaml")
    assert ended.code == 2
    assert "E526" in ended.err
    assert message in ended.err


def test_interviews_are_no_discussion(tmp_path: Path) -> None:
    text = (
        EXPERIMENT.replace("COPIES", "6").replace("POLL", POLL).replace("type: room, group_size: 3", "type: interviews")
    )
    ended = Project(tmp_path, "http://127.0.0.1:1/v1", text).troupe("check", "x.yaml")
    assert "E526" in ended.err
    assert "there is no discussion" in ended.err


def test_drift_compares_the_same_people_where_answers_are_missing(tmp_path: Path) -> None:
    def forgetful(body: Body) -> str:
        """A fifth of the answers are missing, at every moment those of others."""
        found, text = json.loads(converging(body)), json.dumps(body)
        chance = int(hashlib.sha256(text.encode()).hexdigest(), 16)
        if schema_of(body) is None or ASKED not in text:
            return json.dumps(found)
        return json.dumps(
            {key: "not stated" if chance % 5 == 0 and key != "item_3" else one for key, one in found.items()}
        )

    text = EXPERIMENT.replace("COPIES", "18").replace("POLL", POLL)
    with FakeProvider(answer=forgetful) as fake:
        project = Project(tmp_path, fake.url, text)
        ended = project.run()
    assert ended.code == 0, ended.err
    [found] = project.results["polls"]
    room = {person: trial["id"] for trial in project.results["trials"] for person in trial["people"]}
    scores: dict[str, dict[str, dict[str, float]]] = {}
    for stance in found["stances"]:
        if stance["outcome"] == "stated":
            own = scores.setdefault(room[stance["person"]], {"alone": {}, "end": {}})
            own.setdefault(stance["moment"], {})[stance["person"]] = stance["score"]
    drifts = []
    for own in scores.values():
        both = own["alone"].keys() & own["end"].keys()
        if len(both) > 1:
            drifts.append(stdev(own["end"][one] for one in both) - stdev(own["alone"][one] for one in both))
    assert any(own["alone"].keys() != own["end"].keys() for own in scores.values())
    assert found["drift"]["value"] == pytest.approx(fmean(drifts))


def by_persona(body: Body) -> str:
    """Answer by the persona, whatever was said."""
    alone = {**body, "messages": [{**one, "role": "user"} for one in body["messages"]]}
    return converging(alone)


def test_a_mean_has_the_same_interval_in_polls_and_expectations(tmp_path: Path) -> None:
    with FakeProvider(answer=by_persona) as fake:
        text = EXPERIMENT.replace("COPIES", "24").replace("POLL", "{measure: q.intent, at: [start, end]}")
        project = Project(tmp_path, fake.url, text + 'expect: ["q.intent.mean() >= 1"]\n')
        assert project.run().code == 0
    [poll] = project.results["polls"]
    [expected] = project.results["expectations"]
    end = next(one for one in poll["rounds"] if one["moment"] == "end")["mean"]
    [figure] = expected["observed"]
    assert end["low"] < end["value"] < end["high"]
    assert (end["low"], end["high"]) == (figure["low"], figure["high"])
