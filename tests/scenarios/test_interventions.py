"""When something holds, something happens: each condition and each effect, as a user meets them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from claims import Script, is_claim, is_turn, text_of, verdicts
from projects import Project
from provider import FILTERED_SILENTLY, Body, FakeProvider, answer_for

EXPERIMENT = """\
troupe: 1
name: tea
seed: 3
personas: [lisa, oscar]
vars: {drink: cocoa}
world: {type: room, place: A kitchen, steps: 4, order: sequential}
stimuli:
  - say: "Tea or coffee?"
"""
SAYS = [{"say": "Somebody open a window!"}]


def with_interventions(*written: dict[str, Any], more: str = "") -> str:
    return EXPERIMENT + more + f"interventions: {json.dumps(list(written))}\n"


def silent(body: Body) -> str:
    """Answer as ever, but say nothing aloud."""
    return json.dumps({**json.loads(answer_for(body)), "words": ""}) if is_turn(body) else answer_for(body)


class Run:
    """An experiment that was run."""

    def __init__(self, tmp_path: Path, experiment: str, script: Script | None = None, **fake: Any) -> None:
        otherwise = fake.pop("otherwise", answer_for)
        with FakeProvider(answer=verdicts(script or {}, otherwise), **fake) as provider:
            self.project = Project(tmp_path, provider.url, experiment)
            self.ended = self.project.run("--concurrency", "1")
        assert self.ended.code == 0, self.ended.err
        self.requests = provider.requests
        [self.log] = self.project.events().values()

    def fired(self, name: str = "nudge") -> list[int]:
        """Return the steps an intervention fired at."""
        return [event["step"] for event in self.log if event["kind"] == "intervened" and event["name"] == name]

    def turn(self, person: str, step: int) -> str:
        """Return all that a person was told in their turn of a step."""
        turns = [body for body in self.requests if is_turn(body) and f"You are {person}." in text_of(body)]
        return text_of(turns[step - 1])

    def now(self, person: str, step: int) -> str:
        turns = [body for body in self.requests if is_turn(body) and f"You are {person}." in text_of(body)]
        return str(turns[step - 1]["messages"][-1]["content"])


@pytest.mark.parametrize(
    ("when", "script", "steps"),
    [
        ({"step": 3}, {}, [3]),
        ({"claim": "They are stuck on {{ vars.drink }}"}, {"stuck on cocoa": {"holds": "yes"}}, [1]),
        ({"claim": "They are stuck"}, {"They are stuck": {"holds": "no"}}, []),
        ({"claim": "They are stuck"}, {"They are stuck": {"holds": "no evidence"}}, []),
        ({"claim": "They are stuck at {{ step }}"}, {"at 2": {"holds": "yes"}, "at": {"holds": "no"}}, [2]),
        ({"claim": "They are lively", "score_below": 4}, {"lively": {"score": "3"}}, [1]),
        ({"claim": "They are lively", "score_below": 4}, {"lively": {"score": "4"}}, []),
        ({"claim": "They are lively", "score_below": 4}, {"lively": {"score": "no evidence"}}, []),
        ({"expression": "world.messages == 4 and world.people == 2"}, {}, [3]),
        ({"expression": "world.messages_this_step == 2 and world.step < world.steps"}, {}, [2]),
        ({"expression": "lisa.age < 40 and oscar.emotions != null"}, {}, [2]),
        ({"expression": "oscar.goal == null and 'kitchen' in lisa.place"}, {}, [1]),
        ({"quiet_for": 1}, {}, []),
        ({"all": [{"step": 2}, {"claim": "They are stuck"}]}, {"stuck": {"holds": "yes"}}, [2]),
        ({"all": [{"step": 2}, {"claim": "They are stuck"}]}, {"stuck": {"holds": "no"}}, []),
        ({"any": [{"step": 2}, {"claim": "They are stuck"}]}, {"stuck": {"holds": "no"}}, [2]),
        ({"any": [{"step": 2}, {"all": [{"step": 1}, {"expression": "world.messages == 0"}]}]}, {}, [1]),
    ],
)
def test_it_fires_when_its_condition_holds(tmp_path: Path, when: Any, script: Script, steps: list[int]) -> None:
    run = Run(tmp_path, with_interventions({"name": "nudge", "when": when, "then": SAYS}), script)
    assert run.fired() == steps
    for person in ("Lisa Carter", "Oscar Brandt"):
        assert [step for step in range(1, 5) if "open a window" in run.now(person, step)] == steps


def test_silence_is_counted_in_steps(tmp_path: Path) -> None:
    when = {"quiet_for": 2}
    run = Run(tmp_path, with_interventions({"name": "nudge", "when": when, "then": SAYS}), otherwise=silent)
    assert run.fired() == [3]
    assert "nobody has spoken for 2 steps" in run.project.report


def test_a_claim_is_judged_only_where_all_hangs_on_it(tmp_path: Path) -> None:
    claim = {"claim": "They are stuck"}
    written = [
        {"name": "both", "when": {"all": [claim, {"step": 4}]}, "then": SAYS},
        {"name": "either", "when": {"any": [claim, {"expression": "world.step > 1"}]}, "then": SAYS, "limit": 9},
    ]
    run = Run(tmp_path, with_interventions(*written), {"stuck": {"holds": "no"}})
    asked = [text_of(body) for body in run.requests if is_claim(body)]
    assert len(asked) == 2  # `either` at step 1, `both` at step 4
    assert run.fired("both") == []
    assert run.fired("either") == [2, 3, 4]


def test_the_limit_is_how_often_it_fires(tmp_path: Path) -> None:
    when = {"expression": "world.step > 1"}
    run = Run(tmp_path, with_interventions({"name": "nudge", "when": when, "then": SAYS, "limit": 2}))
    assert run.fired() == [2, 3]


def test_all_that_is_said_and_thought_and_shown_reaches_those_it_is_for(tmp_path: Path) -> None:
    then = [
        {"say": "Hurry, {{ person.name }}, it is step {{ step }}!", "from": "the host", "to": "lisa"},
        {"think": "I should leave.", "to": "oscar"},
        {"goal": "Get {{ vars.drink }}.", "to": {"where": "name == 'Lisa Carter'"}},
        {"show": "A kettle on fire."},
        {"read": "note.md"},
        {"social": "Lisa owes Oscar a favour."},
    ]
    (tmp_path / "note.md").write_text("Closed {{ today }}.")
    run = Run(tmp_path, with_interventions({"name": "nudge", "when": {"step": 2}, "then": then}))
    lisa, oscar = run.now("Lisa Carter", 2), run.now("Oscar Brandt", 2)
    assert "The host says to you: Hurry, Lisa Carter, it is step 2!" in lisa
    assert "You have a new goal: Get cocoa." in lisa
    assert "You want: Get cocoa." in lisa
    assert "the host" in lisa.rsplit("Within hearing", 1)[1]
    assert "Hurry" not in oscar
    assert "You find yourself thinking: I should leave." in oscar
    for both in ("A kettle on fire.", "Closed {{ today }}.", "Lisa owes Oscar a favour."):
        assert both in lisa
        assert both in oscar
    assert all("nudge" not in text_of(body) for body in run.requests)


def test_who_is_moved_is_elsewhere_and_out_of_hearing(tmp_path: Path) -> None:
    then = [{"move": "the garden", "to": "oscar"}]
    run = Run(tmp_path, with_interventions({"name": "nudge", "when": {"step": 2}, "then": then}))
    assert "; the garden." in run.now("Oscar Brandt", 2)
    assert "Within hearing: Lisa" not in run.now("Oscar Brandt", 2)
    assert "Within hearing: Oscar" in run.now("Lisa Carter", 1)
    assert "Within hearing: Oscar" not in run.now("Lisa Carter", 2)


@pytest.mark.parametrize("effect", [{"move": "garden", "to": "oscar"}, {"set": {"to": "oscar", "place": "garden"}}])
def test_who_is_brought_to_a_place_of_the_world_sees_it(tmp_path: Path, effect: Any) -> None:
    places = "places: {kitchen: A stove., garden: A pear tree in bloom.}"
    experiment = with_interventions({"name": "nudge", "when": {"step": 2}, "then": [effect]})
    run = Run(tmp_path, experiment.replace("place: A kitchen", f"place: kitchen, {places}"))
    assert "A pear tree in bloom." in run.now("Oscar Brandt", 2)
    assert "A pear tree in bloom." not in run.now("Lisa Carter", 2)
    assert "Within hearing: Lisa" not in run.now("Oscar Brandt", 2)


def test_what_is_set_is_in_the_present_and_who_they_are_in_the_portrait_from_then_on(tmp_path: Path) -> None:
    change = {
        "to": "oscar",
        "emotions": "irritated by {{ vars.drink }}",
        "attention": "the clock",
        "goal": "to go home",
        "context": "The alarm has just gone off.",
        "place": "the pantry",
        "occupation.title": "Retired {{ person.occupation.title }}",
        "age": 77,
    }
    run = Run(tmp_path, with_interventions({"name": "nudge", "when": {"step": 2}, "then": [{"set": change}]}))
    before, now, later = (run.turn("Oscar Brandt", step) for step in (1, 2, 3))
    for words in (
        "You feel: irritated by cocoa.",
        "Your attention is on: the clock.",
        "You want: to go home.",
        "The alarm has just gone off.",
        "; the pantry.",
    ):
        assert words in run.now("Oscar Brandt", 2)
        assert words not in run.now("Oscar Brandt", 1)
        assert words not in run.now("Lisa Carter", 2)
    assert "Age: 77" not in before
    for told in (now, later):
        assert "Age: 77" in told
        assert "Work: Retired" in told
    assert "Your attention is on: the clock." in run.now("Oscar Brandt", 3)


def test_the_end_lets_everyone_act_once_more_and_measures_are_still_taken(tmp_path: Path) -> None:
    then = [{"say": "That was it."}, {"end": True}]
    more = "propositions: [{use: convergence}]\n"
    run = Run(tmp_path, with_interventions({"name": "stop", "when": {"step": 2}, "then": then}, more=more))
    turns = [body for body in run.requests if is_turn(body)]
    assert len(turns) == 2 * 2
    assert "That was it." in text_of(turns[-1])
    assert [event["kind"] for event in run.log][-2:] == ["measured", "trial_ended"]
    assert run.project.results["trials"][0]["status"] == "finished"
    assert "The trial ends after this step" in run.project.report


def test_the_report_and_the_results_tell_when_why_and_what(tmp_path: Path) -> None:
    written = [
        {"name": "dig deeper", "when": {"claim": "They are stuck"}, "then": [*SAYS, {"set": {"emotions": "hot"}}]},
        {"when": {"expression": "world.messages > 99"}, "then": SAYS},
    ]
    script: Script = {"stuck": {"holds": "yes", "justification": "Both said 'tea' twice."}}
    run = Run(tmp_path, with_interventions(*written), script)
    first, second = run.project.results["interventions"]
    assert first["name"] == "dig deeper"
    [firing] = first["firings"]
    assert (firing["step"], firing["why"]) == (1, "Both said 'tea' twice.")
    assert firing["did"] == [
        "The moderator says: Somebody open a window!",
        "Everyone is changed: emotions: hot",
    ]
    assert (second["name"], second["firings"]) == ("intervention 2", [])
    assert "dig deeper: fired 1 time\n" in run.ended.err
    assert "intervention 2: never fired" in run.ended.err
    for words in ("## Interventions", "dig deeper", "Both said 'tea' twice.", "open a window", "never"):
        assert words in run.project.report.replace("\\", "")


def test_a_judge_that_gives_no_answer_fires_nothing_and_is_told_of(tmp_path: Path) -> None:
    written = {"name": "dig deeper", "when": {"claim": "They are stuck"}, "then": SAYS}
    run = Run(tmp_path, with_interventions(written), {"They are stuck": "mumble"})
    assert run.fired("dig deeper") == []
    troubles = [event for event in run.log if event["kind"] == "failed"]
    assert [event["intervention"] for event in troubles] == ["dig deeper"] * 4
    assert {problem["intervention"] for problem in run.project.results["problems"]} == {"dig deeper"}
    assert "whether “dig deeper” should fire" in run.project.report
    assert run.project.results["trials"][0]["failed_turns"] == 0


def test_a_judge_that_declines_fires_nothing_and_is_told_of(tmp_path: Path) -> None:
    written = {"name": "dig deeper", "when": {"all": [{"step": 1}, {"claim": "They are stuck"}]}, "then": SAYS}
    run = Run(tmp_path, with_interventions(written), faults=[FILTERED_SILENTLY])
    assert run.fired("dig deeper") == []
    assert [event["intervention"] for event in run.log if event["kind"] == "refused"] == ["dig deeper"]
    assert run.project.results["trials"][0]["refused_turns"] == 0


def test_a_second_run_is_the_same_to_the_byte_and_the_order_of_answers_does_not_matter(tmp_path: Path) -> None:
    written = [
        {"name": "one", "when": {"claim": "They are stuck"}, "then": SAYS},
        {"name": "two", "when": {"claim": "They are bored"}, "then": [{"set": {"emotions": "bored"}}], "limit": 2},
    ]
    logs: list[dict[str, bytes]] = []
    for at, latency in enumerate((0.0, 0.02)):
        folder = tmp_path / str(at)
        folder.mkdir()
        with FakeProvider(answer=verdicts({"They": {"holds": "yes"}}), latency=latency) as fake:
            project = Project(folder, fake.url, with_interventions(*written))
            assert project.run().code == 0
        logs.append(project.logs())
    assert logs[0] == logs[1]


def test_a_run_that_was_broken_off_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    written = {"name": "one", "when": {"claim": "They are stuck"}, "then": [*SAYS, {"set": {"age": 9}}], "limit": 2}
    script: Script = {"They": {"holds": "yes"}}
    whole = Run(tmp_path, with_interventions(written), script)
    folder = tmp_path / "again"
    folder.mkdir()
    with FakeProvider(answer=verdicts(script)) as fake:
        project = Project(folder, fake.url, with_interventions(written, more="limits: {calls: 4}\n"))
        assert project.run("--concurrency", "1").code == 5
        project.write("x.yaml", with_interventions(written))
        assert project.run("--concurrency", "1").code == 0
    assert len(project.runs) == 1
    assert len(fake.requests) == len(whole.requests)
    assert project.logs() == whole.project.logs()


def test_the_plan_tells_what_may_step_in_and_counts_its_calls(tmp_path: Path) -> None:
    written = {"name": "dig deeper", "when": {"claim": "They are stuck"}, "then": [*SAYS, {"end": True}]}
    shown = Project(tmp_path, "", with_interventions(written)).troupe("plan", "x.yaml", "--model", "openai/gpt-4o-mini")
    assert "dig deeper  say, end" in shown.out
    assert "when the judge holds that “They are stuck”" in shown.out
    assert "total                       3-32" in shown.out  # 2 turns and 1 verdict; 8 turns three times, 4, and repairs


def test_the_estimate_knows_at_which_step_a_claim_can_be_asked(tmp_path: Path) -> None:
    when = {"all": [{"step": 2}, {"claim": "They are stuck"}]}
    shown = Project(tmp_path, "", with_interventions({"when": when, "then": SAYS})).troupe("plan", "x.yaml")
    assert re.search(r"total +8-29 ", shown.out), shown.out  # 8 turns, each up to three times, 1 verdict, and repairs


@pytest.mark.parametrize(
    ("written", "code", "words"),
    [
        ({"when": {"step": 5}, "then": SAYS}, "E371", "this can never hold"),
        ({"when": {"quiet_for": 4}, "then": SAYS}, "E371", "this can never hold"),
        ({"when": {"expression": "world.mesages == 0"}, "then": SAYS}, "E372", "did you mean 'messages'"),
        ({"when": {"expression": "liza.age == 0"}, "then": SAYS}, "E372", "did you mean 'lisa'"),
        ({"when": {"expression": "lisa.agee == 0"}, "then": SAYS}, "E372", "did you mean 'age'"),
        ({"when": {"expression": "world.messages > 'many'"}, "then": SAYS}, "E372", "can't order"),
        ({"when": {"claim": "{{ drnk }}"}, "then": SAYS}, "E310", "unknown name 'drnk'"),
        ({"when": {"step": 2}, "then": [{"say": "Hello", "at": "end"}]}, "E373", "an effect can't have `at`"),
        ({"when": {"step": 2}, "then": [{"set": {"to": "oscar"}}]}, "E374", "nothing is set"),
        ({"when": {"step": 2}, "then": [{"set": {"age.years": 3}}]}, "E208", "single value"),
        ({"when": {"step": 2}, "then": [{"set": {"name": "Bob"}}]}, "E208", "name can't be changed"),
        ({"when": {"step": 2}, "then": [{"say": "Hello", "to": "bob"}]}, "E320", "called 'bob'"),
        ({"when": {"step": 2}, "then": [{"end": False}]}, "E106", "expects true, got false"),
        ({"when": {"all": []}, "then": SAYS}, "E107", "all"),
        ({"when": {"claim": "x", "quiet_for": 2}, "then": SAYS}, "E107", "only one of"),
        ({"when": {"claim": "x", "score_below": 10}, "then": SAYS}, "E107", "score_below"),
        ({"when": {"step": 2}, "then": [{"set": {"to": "oscar", "age": "{{ drnk }}"}}]}, "E310", "drnk"),
    ],
)
def test_a_mistake_is_told_at_its_place(tmp_path: Path, written: Any, code: str, words: str) -> None:
    ended = Project(tmp_path, "", with_interventions(written)).troupe("check", "x.yaml")
    assert ended.code == 2
    assert f"{code} " in ended.err
    assert words in ended.err
    assert "x.yaml:9:" in ended.err


def test_two_of_one_name_are_an_error(tmp_path: Path) -> None:
    written = {"name": "nudge", "when": {"step": 2}, "then": SAYS}
    ended = Project(tmp_path, "", with_interventions(written, written)).troupe("check", "x.yaml")
    assert "E370" in ended.err


def test_show_tells_what_stepped_in(tmp_path: Path) -> None:
    run = Run(tmp_path, with_interventions({"name": "nudge", "when": {"step": 2}, "then": [*SAYS, {"end": True}]}))
    shown = run.project.troupe("show").out
    assert "Intervention 'nudge' fires: step 2 has come" in shown
    assert "The trial ends after this step." in shown
