"""What the exit code of a run says, and what stands beside it."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from projects import EXPERIMENT, Project
from provider import FILTERED_SILENTLY, FakeProvider, Fault, answer_for, reply, schema_of

from tinytroupe_cli.api import run
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.plan.types import Trial

BROKEN_EXPECTATION = EXPERIMENT + "expect: [\"drink.cup.count('tea') > 1000\"]\n"


def test_a_run_of_which_nothing_came_out_is_4_with_its_report(tmp_path: Path) -> None:
    with FakeProvider(answer=lambda _body: "%%%") as fake:
        project = Project(tmp_path, fake.url)
        ended = project.run()
    assert ended.code == 4
    told = ("There are no results", "Most common failure: replies that can't be used", "'%%%'"[1:-1], "--retry bad")
    for words in told:
        assert words in ended.err
    assert "%%%" in project.report.replace("\\", "")


def test_a_run_in_which_everybody_declined_is_4(tmp_path: Path) -> None:
    with FakeProvider(faults=[FILTERED_SILENTLY], often=1.0) as fake:
        ended = Project(tmp_path, fake.url).run()
    assert ended.code == 4
    assert "There are no results" in ended.err
    assert "--retry refused" in ended.err


def test_more_than_half_failed_is_4_and_a_few_are_not(tmp_path: Path) -> None:
    with FakeProvider(faults=[reply("mumble")] * 8) as fake:
        project = Project(tmp_path, fake.url)
        many = project.run("--concurrency", "1", "--no-cache")
        fake.faults = [reply("mumble")] * 2
        few = project.run("--concurrency", "1", "--no-cache")
    assert many.code == 4
    assert "More than half failed: 4 of 6 turns" in many.err
    assert few.code == 0, few.err


def test_too_few_answers_count_before_a_broken_expectation(tmp_path: Path) -> None:
    with FakeProvider(answer=lambda _body: "%%%") as fake:
        assert Project(tmp_path, fake.url, BROKEN_EXPECTATION).run().code == 4


@pytest.mark.parametrize(("line", "code"), [("expectation_failed = 0", 0), ("Expectation_Failed = 42", 42), ("", 1)])
def test_ci_maps_exit_codes(tmp_path: Path, line: str, code: int) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, BROKEN_EXPECTATION)
        project.write("config.ini", (tmp_path / "config.ini").read_text() + f"[ci]\n{line}\n")
        ended = project.run("--json")
    assert ended.code == code, ended.err
    assert json.loads(ended.out.splitlines()[-1])["exit_code"] == code


def test_ci_maps_the_codes_of_errors_too(tmp_path: Path) -> None:
    project = Project(tmp_path, "http://127.0.0.1:9")
    project.write("config.ini", (tmp_path / "config.ini").read_text() + "[ci]\nnothing_to_do = 0\nusage = 9\n")
    assert project.troupe("report", "results").code == 0
    assert project.run("--retry", "x").code == 9


@pytest.mark.parametrize("line", ["expectations_failed = 0", "limit = high", "limit = 256"])
def test_ci_is_strict(tmp_path: Path, line: str) -> None:
    project = Project(tmp_path, "http://127.0.0.1:9")
    project.write("config.ini", f"[ci]\n{line}\n")
    ended = project.run()
    assert ended.code == 2
    assert "config.ini:2" in ended.err


def test_a_bug_in_one_trial_is_3_at_the_end_and_the_others_are_played(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def player(backstage: Any) -> Any:
        play = genuine(backstage)

        async def play_one(trial: Trial) -> AsyncGenerator[Event, None]:
            async for event in play(trial):
                if trial.replicate == 2:
                    raise ZeroDivisionError("a bug")
                yield event

        return play_one

    genuine = run.trial_runner
    monkeypatch.setattr(run, "trial_runner", player)
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT + "replicates: 3\n")
        broken = project.run()
        results, report = project.results, project.report
        monkeypatch.setattr(run, "trial_runner", genuine)
        mended = project.run()
    assert broken.code == 3
    for words in ("a trial was ended by a bug in troupe", "bug.txt", "Please report it"):
        assert words in broken.err
    assert [trial["status"] for trial in results["trials"]] == ["finished", "unfinished", "finished"]
    assert [problem["kind"] for problem in results["problems"]] == ["stopped", "bug"]
    assert "ZeroDivisionError" in report
    assert mended.code == 0, mended.err
    assert len(project.runs) == 1
    assert [trial["status"] for trial in project.results["trials"]] == ["finished"] * 3


def test_a_survey_without_questions_needs_only_its_turns(tmp_path: Path) -> None:
    talk = EXPERIMENT.partition("extract:")[0]
    with FakeProvider(answer=lambda body: answer_for(body) if schema_of(body) else "x") as fake:
        assert Project(tmp_path, fake.url, talk).run().code == 0


def test_a_person_whose_requests_are_rejected_is_named_with_the_command_that_asks_again(tmp_path: Path) -> None:
    class Rejecting(FakeProvider):
        def _fault(self) -> Fault | None:
            is_lisa = "Lisa" in json.dumps(self.requests[-1]["messages"][0])
            return Fault(400, {"error": {"message": "nope"}}) if is_lisa else None

    with Rejecting() as fake:
        ended = Project(tmp_path, fake.url).run()
    assert ended.code == 4
    assert "Lisa Carter" in ended.err
    assert "the provider rejected the request" in ended.err
    assert "--retry failed" in ended.err
