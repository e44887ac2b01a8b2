"""Turns weighed before they are taken: what others hear, what the report tells, what it costs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from projects import PRICES, Project
from provider import FILTERED_SILENTLY, FakeProvider, answer_for, schema_of

from tinytroupe_cli.api.estimating import estimate_plan
from tinytroupe_cli.api.planning import compile_file

STIFF = "As an assistant I find that both options have merits worth considering."
LIVELY = "Coffee, black, and then I am off to the number four tram."
EXPERIMENT = """\
troupe: 1
name: tea
seed: 3
personas: [lisa, oscar]
world: {type: room, place: A kitchen, steps: 2}
stimuli:
  - say: "Tea or coffee?"
quality: {adherence: 6, fluency: 5, attempts: 2, on_fail: keep_best}
"""


def is_scoring(body: Any) -> bool:
    return "adherence" in (schema_of(body) or {}).get("properties", {})


def is_turn(body: Any) -> bool:
    return "thought" in (schema_of(body) or {}).get("properties", {})


def last(body: Any) -> str:
    return str(body["messages"][-1]["content"])


def stiff_then_lively(body: Any) -> str:
    """Lisa is stiff at first and lively when she thinks better of it; the judge can tell."""
    if is_scoring(body):
        bad = STIFF in last(body).split("<next>")[1]
        return json.dumps(
            {
                "reason": "It sounds like a machine." if bad else "Fine.",
                "adherence": "2" if bad else "8",
                "fluency": "7",
            }
        )
    if not is_turn(body):
        return answer_for(body)
    is_lisas_first = "You are Lisa" in str(body["messages"][0]["content"]) and len(body["messages"]) == 2
    words = f"{answer_for(body)[-30:-3]} it is."
    if is_lisas_first:
        words = LIVELY if "thought better of it" in last(body) else STIFF
    return json.dumps({"thought": "Hm.", "to": "everyone", "words": words, "feeling": "calm", "goal": "a cup"})


def checked(project: Project) -> list[dict[str, Any]]:
    return [event for log in project.events().values() for event in log if event["kind"] == "checked"]


def test_a_bad_first_attempt_is_replaced_and_only_the_kept_one_is_heard(tmp_path: Path) -> None:
    with FakeProvider(answer=stiff_then_lively) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT)
        ended = project.run()
    assert ended.code == 0, ended.err
    [again] = [body for body in fake.requests if is_turn(body) and "thought better of it" in last(body)]
    assert STIFF in last(again)
    assert "It sounds like a machine." in last(again)
    later = [body for body in fake.requests if is_turn(body) and len(body["messages"]) > 2]
    assert later
    assert all(STIFF not in str(body["messages"]) for body in later)
    assert any(LIVELY in str(body["messages"]) for body in later)
    bad, good = [event for event in checked(project) if event["person"] == "lisa" and event["step"] == 1]
    assert (bad["scores"], bad["is_good"], bad["is_kept"]) == ({"adherence": 2, "fluency": 7}, False, False)
    assert (good["attempt"], good["is_good"], good["is_kept"]) == (2, True, True)


def test_one_call_scores_all_that_is_asked_and_nobody_learns_why(tmp_path: Path) -> None:
    with FakeProvider(answer=stiff_then_lively) as fake:
        Project(tmp_path, fake.url, EXPERIMENT).run()
    scorings = [body for body in fake.requests if is_scoring(body)]
    assert len(scorings) == 2 * 2 + 1
    assert list((schema_of(scorings[0]) or {})["properties"]) == ["reason", "adherence", "fluency"]
    assert all("score" not in str(body["messages"]).lower() for body in fake.requests if is_turn(body))


def test_the_report_tells_how_many_turns_were_redone_their_scores_and_their_cost_apart(tmp_path: Path) -> None:
    with FakeProvider(answer=stiff_then_lively) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT + PRICES)
        project.run()
    found = project.results["weighed"]
    assert (found["turns"], found["redone"], found["below"], found["calls"]) == (4, 1, 0, 6)
    assert found["first"]["adherence"] < found["taken"]["adherence"] == 8
    assert 0 < found["usd"] < project.results["usd"]
    assert "4 turns were scored before being accepted; 1 was tried again." in project.report
    assert "Scoring took 6 calls, $0.00" in project.report


def test_the_same_run_again_asks_nobody_and_says_the_same(tmp_path: Path) -> None:
    with FakeProvider(answer=stiff_then_lively) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT)
        project.run()
        asked = len(fake.requests)
        project.run()
        assert len(fake.requests) == asked
    first, second = project.runs
    assert project.logs(first) == project.logs(second)


def always_stiff(body: Any) -> str:
    if is_scoring(body):
        return json.dumps({"reason": "Stiff.", "adherence": "3" if "Hm 2" in last(body) else "2", "fluency": "7"})
    if not is_turn(body):
        return answer_for(body)
    thought = "Hm 2" if "thought better of it" in last(body) else "Hm 1"
    return json.dumps(
        {
            "thought": thought,
            "to": "everyone",
            "words": f"{STIFF[:-1]} {len(body['messages'])}.",
            "feeling": "",
            "goal": "",
        }
    )


def test_where_no_attempt_is_good_enough_the_best_is_taken_and_the_report_says_so(tmp_path: Path) -> None:
    with FakeProvider(answer=always_stiff) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT.replace("steps: 2", "steps: 1"))
        project.run()
    kept = [event for event in checked(project) if event["is_kept"]]
    assert [(event["attempt"], event["is_good"]) for event in kept] == [(2, False), (2, False)]
    assert "2 turns were accepted although no attempt was good enough." in project.report


def test_on_fail_fail_leaves_a_turn_that_came_to_nothing_with_its_reason(tmp_path: Path) -> None:
    text = EXPERIMENT.replace("steps: 2", "steps: 1").replace("keep_best", "fail")
    with FakeProvider(answer=always_stiff) as fake:
        project = Project(tmp_path, fake.url, text)
        ended = project.run()
    assert ended.code == 4, ended.err
    log = [event for events in project.events().values() for event in events]
    assert [event["reason"] for event in log if event["kind"] == "failed"] == ["poor_quality"] * 2
    assert not [event for event in log if event["kind"] == "acted"]
    assert "no attempt was good enough (2)" in project.report
    assert "2 turns were dropped for that reason." in project.report


def test_saying_the_same_again_is_found_without_a_judge(tmp_path: Path) -> None:
    def parrot(body: Any) -> str:
        if not is_turn(body):
            return answer_for(body)
        words = (
            "I have never had a better cup of tea."
            if "thought better" not in last(body)
            else "Enough about tea now, friends."
        )
        return json.dumps({"thought": "Hm.", "to": "everyone", "words": words, "feeling": "", "goal": ""})

    with FakeProvider(answer=parrot) as fake:
        project = Project(
            tmp_path,
            fake.url,
            EXPERIMENT.replace("{adherence: 6, fluency: 5, attempts: 2, on_fail: keep_best}", "{repetition: 0.8}"),
        )
        project.run()
    assert not [body for body in fake.requests if is_scoring(body)]
    redone = [body for body in fake.requests if "thought better" in last(body)]
    assert len(redone) == 2
    assert "It repeats earlier words." in last(redone[0])
    assert "4 turns were scored before being accepted; 2 were tried again." in project.report


def test_a_refused_attempt_is_made_again_and_the_report_counts_it(tmp_path: Path) -> None:
    def declines_first(body: Any) -> str:
        if is_turn(body) and "You are Lisa" in str(body["messages"][0]["content"]) and not refused:
            refused.append(body)
            return json.dumps({"thought": "", "to": "everyone", "words": "I'm sorry, but I can't assist with that."})
        return stiff_then_lively(body)

    refused: list[Any] = []
    with FakeProvider(answer=declines_first) as fake:
        project = Project(
            tmp_path, fake.url, EXPERIMENT.replace("steps: 2", "steps: 1").replace("attempts: 2", "attempts: 3")
        )
        ended = project.run()
    assert ended.code == 0, ended.err
    tries = [event for event in checked(project) if event["person"] == "lisa"]
    assert [(one["attempt"], one["is_kept"]) for one in tries] == [(1, False), (2, False), (3, True)]
    assert "the attempt came to nothing (refused)" in tries[0]["reason"]
    assert project.results["guards"]["calls"] == 1


def test_a_judge_that_refuses_is_counted_and_the_turn_is_taken(tmp_path: Path) -> None:
    def refusing(body: Any) -> str:
        return "no" if is_scoring(body) else stiff_then_lively(body)

    with FakeProvider(answer=refusing) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT.replace("steps: 2", "steps: 1"))
        project.run()
    assert project.results["weighed"]["unscored"] == 2
    assert "The judge gave no scores for 2 attempts; these were accepted unscored." in project.report
    assert all(event["is_kept"] for event in checked(project))


def calls_of(tmp_path: Path, text: str) -> dict[str, tuple[int, int]]:
    path = Project(tmp_path, "", text).folder / "x.yaml"
    roles = estimate_plan(compile_file(path, env={}, folder=tmp_path).plan).roles
    return {role.role: (role.calls.low, role.calls.high) for role in roles}


def test_the_estimate_counts_scorings_and_further_attempts(tmp_path: Path) -> None:
    assert calls_of(tmp_path, EXPERIMENT.replace("quality:", "x-quality:")) == {"people": (4, 14)}
    assert calls_of(tmp_path, EXPERIMENT) == {"people": (4, 9), "judge": (4, 9)}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("{adherence: 11}", "x.yaml:8:22"),
        ("{attempts: 0}", "x.yaml:8:21"),
        ("{adherance: 5}", "did you mean 'adherence'?"),
    ],
)
def test_what_makes_no_sense_is_found_before_anything_runs(tmp_path: Path, written: str, code: str) -> None:
    text = EXPERIMENT.replace("{adherence: 6, fluency: 5, attempts: 2, on_fail: keep_best}", written)
    ended = Project(tmp_path, "", text).troupe("check", "x.yaml")
    assert ended.code == 2
    assert code in ended.err + ended.out


def test_refused_turns_interviews_and_judgements_are_each_in_the_report(tmp_path: Path) -> None:
    text = EXPERIMENT.replace("steps: 2", "steps: 1").split("quality:", maxsplit=1)[0] + (
        "extract: [{name: drink, of: each person, how: interview, question: 'What?', fields: {cup: text}}]\n"
        "propositions: [{name: calm, claim: 'They are calm', of: world}]\n"
    )
    with FakeProvider(faults=[FILTERED_SILENTLY] * 9) as fake:
        project = Project(tmp_path, fake.url, text)
        ended = project.run("--concurrency", "1")
    assert ended.code == 4, ended.err
    found = {(problem["query"], problem["person"]) for problem in project.results["problems"]}
    assert found == {("", "lisa"), ("", "oscar"), ("drink", "lisa"), ("drink", "oscar"), ("calm", "")}
    assert "declined by the model (5)" in project.report
    assert "Lisa Carter" in project.report.split("## What went wrong")[1]
