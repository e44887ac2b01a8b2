"""An experiment file, and what a user gets after it: over real HTTP, through the real LiteLLM."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from projects import EXPERIMENT, PRICES, Project
from provider import WRONG_KEY, FakeProvider, answer_for, schema_of
from terminals import on_terminal

IDLE = "factors: {price: {levels: [1, 2], idle: true}}\n"


def test_a_run_ends_with_a_report_and_results(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT + PRICES)
        ended = project.run()
    assert ended.code == 0, ended.err
    assert Path(tmp_path / ended.out.strip()).read_text() == project.report
    assert len(fake.requests) == 2 * 3 + 2
    assert project.results["status"] == "finished"
    assert {row["person"] for row in project.results["rows"]} == {"lisa", "oscar"}
    for words in ("Lisa Carter", "Tea or coffee?", "simulated", "are usable", "$0.00"):
        assert words in project.report
    assert project.manifest()["models"]["people"]["origin"] == "--model"


def test_what_went_wrong_is_in_the_report_with_its_count(tmp_path: Path) -> None:
    def refusing(body: Any) -> str:
        is_first_turn = "thought" in str(schema_of(body)) and len(body["messages"]) == 2
        if is_first_turn and "You are Lisa" in str(body["messages"][0]["content"]):
            return json.dumps({"thought": "", "words": "I'm sorry, but I can't assist with that.", "to": "everyone"})
        return answer_for(body)

    with FakeProvider(answer=refusing) as fake:
        project = Project(tmp_path, fake.url)
        ended = project.run("--concurrency", "1")
    assert ended.code == 0, ended.err
    kinds = sorted(problem["kind"] for problem in project.results["problems"])
    assert kinds == ["refused"] * 3
    assert "Nothing went wrong" not in project.report
    assert "3 things did not go as planned" in ended.err


@pytest.mark.parametrize(
    ("expectation", "code"),
    [("drink.why.count() == 2", 0), ("drink.cup.count('tea') > 1000", 1)],
    ids=["held", "broken"],
)
def test_an_expectation_decides_the_exit_code(tmp_path: Path, expectation: str, code: int) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT + f'expect: ["{expectation}"]\n')
        ended = project.run()
    assert ended.code == code, ended.err
    assert expectation in ended.err
    assert expectation in project.report.replace("\\", "")


def test_a_wrong_spec_is_2_and_asks_nobody(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT.replace("say:", "sya:"))
        ended = project.run()
    assert ended.code == 2
    assert "x.yaml:7:5" in ended.err
    assert "did you mean 'say'?" in ended.err
    assert not fake.requests
    assert not project.runs


def test_a_wrong_key_is_4_and_the_run_can_be_continued(tmp_path: Path) -> None:
    with FakeProvider(faults=[WRONG_KEY] * 2) as fake:
        project = Project(tmp_path, fake.url)
        ended = project.run()
        assert ended.code == 4
        assert "key is missing or wrong" in ended.err
        assert project.manifest()["status"] == "stopped"
        fake.faults.clear()  # the key is right from now on, whether or not the second call had come this far
        again = project.run()
    assert again.code == 0, again.err
    assert "It continues the run" in again.err
    assert len(project.runs) == 1


def test_a_missing_key_is_told_before_anything_is_made(tmp_path: Path) -> None:
    ended = Project(tmp_path).run()
    assert ended.code == 4
    assert "OPENAI_API_KEY is not set" in ended.err
    assert not (tmp_path / "results").exists()


def test_where_no_provider_is_configured_the_download_is_offered_and_nothing_is_fetched_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    ended = Project(tmp_path).troupe("run", "x.yaml")
    assert ended.code == 4
    assert "default model for a machine with" in " ".join(ended.err.split())
    for way_out in ("troupe model pull qwen2.5-coder-1.5b", "--yes", "--model"):
        assert way_out in ended.err
    assert not (tmp_path / "results").exists()
    assert not (tmp_path / "empty").exists()


def test_a_limit_is_5_keeps_what_was_done_and_goes_on_when_raised(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT + "limits: {calls: 5}\n")
        ended = project.run()
        assert ended.code == 5
        assert len(fake.requests) == 5
        assert project.results["status"] == "limit"
        assert "5 calls" in project.report
        project.write("x.yaml", EXPERIMENT + "limits: {calls: 8}\n")
        again = project.run()
    assert again.code == 0, again.err
    assert len(project.runs) == 1
    assert len(fake.requests) == 8
    assert project.manifest()["sittings"] == 2


def test_nothing_there_is_6(tmp_path: Path) -> None:
    project = Project(tmp_path)
    assert project.troupe("run", "y.yaml").code == 6
    assert project.troupe("report").code == 6
    assert project.troupe("runs").code == 6


def test_the_same_command_after_a_finished_run_makes_a_new_one_for_nothing(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        project.run()
        project.run()
        assert len(fake.requests) == 8
        one, other = project.runs
        assert project.logs(one) == project.logs(other)
        assert project.results["usd"] == 0
        project.run("--no-cache")
    assert len(fake.requests) == 16


def test_offline_replays_and_names_what_is_not_stored(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        project.run()
        replayed = project.run("--offline")
        other = project.run("--offline", "--seed", "99")
    opening = replayed.err.partition("folder:")[0]
    assert "It needs stored answers for 8 to 22 calls." in opening
    assert not [word for word in ("second", "minute", "cost", "$", "free", "Ctrl-C") if word in opening]
    assert replayed.code == 0, replayed.err
    assert len(fake.requests) == 8
    assert other.code == 4
    said = " ".join(other.err.split())
    assert re.search(r"there is no stored answer for \w+'s turn in step 1 of trial \S+ \(", said)
    assert "hint: run the command once without --offline: troupe " in said
    assert "--offline" not in said.partition("without --offline: ")[2]


def test_a_dry_run_writes_nothing_and_asks_nobody(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        ended = project.run("--dry-run")
    assert ended.code == 0
    assert "Lisa Carter" in ended.out
    assert not fake.requests
    assert not (tmp_path / "results").exists()


def test_a_run_gives_the_same_bytes_at_any_concurrency(tmp_path: Path) -> None:
    experiment = EXPERIMENT.replace("steps: 3", "steps: 3, order: simultaneous") + IDLE
    logs: list[dict[str, bytes]] = []
    with FakeProvider(latency=0.01) as fake:
        for number in ("1", "8", "64"):
            folder = tmp_path / number
            folder.mkdir()
            project = Project(folder, fake.url, experiment)
            assert project.run("--no-cache", "--concurrency", number).code == 0
            logs.append(project.logs())
    assert len(logs[0]) == 2
    assert logs[0] == logs[1] == logs[2]


def test_what_conditions_do_not_touch_is_asked_once(tmp_path: Path) -> None:
    touched = EXPERIMENT.replace("Tea or coffee?", "Tea or coffee for {{ price }}?")
    with FakeProvider() as fake:
        Project(tmp_path, fake.url, EXPERIMENT + IDLE).run()
        assert len(fake.requests) == 8
        (tmp_path / "b").mkdir()
        Project(tmp_path / "b", fake.url, touched + IDLE).run()
    assert len(fake.requests) == 8 + 16


def test_replicates_are_fresh_samples(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        project.run("--replicates", "2")
    assert len(fake.requests) == 16
    first, second = project.logs().values()
    assert first != second


def test_a_changed_experiment_is_another_plan_and_resume_names_what_differs(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT + "limits: {calls: 3}\n")
        project.run()
        project.write("x.yaml", EXPERIMENT.replace("steps: 3", "steps: 4"))
        refused = project.run("--resume", "results/tea")
        fresh = project.run()
    assert refused.code == 2
    assert "trials.world.steps" in refused.err
    assert fresh.code == 0
    assert len(project.runs) == 2


def test_a_secret_never_enters_a_run_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-recognise-me-anywhere")
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        assert project.run().code == 0
    for path in [*(tmp_path / "results").rglob("*"), *(tmp_path / "cache").rglob("*")]:
        assert path.is_dir() or b"recognise-me" not in path.read_bytes()


def test_json_lines_are_events_and_quiet_prints_the_path_alone(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        lines = [json.loads(line) for line in project.run("--json-lines", "--quiet").out.splitlines()]
        quiet = project.run("--quiet")
    assert lines[0]["record"] == "run_started"
    assert lines[1]["kind"] == "trial_began"
    assert lines[-2]["kind"] == "trial_ended"
    ending = lines[-1]
    assert (ending["record"], ending["status"], ending["exit_code"]) == ("run_finished", "finished", 0)
    assert (tmp_path / ending["report"]).exists()
    assert quiet.err == ""
    assert quiet.out.strip().endswith("details.md")


def test_on_a_terminal_no_words_stand_between_json_records(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT + "expect: [\"drink.cup.count('tea') > 1000\"]\n")
        shown = [line for line in on_terminal(project, "--json-lines") if line.strip()]
    records = [number for number, line in enumerate(shown) if line.startswith("{")]
    assert records == list(range(records[0], records[-1] + 1))
    assert json.loads(shown[records[-1]])["record"] == "run_finished"
    assert "FAILED" in "".join(shown[records[-1] :])
    assert "The report:" not in "".join(shown)


def test_on_a_terminal_the_report_is_named_right_before_its_path(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT + "expect: [\"drink.cup.count('tea') > 1000\"]\n")
        label, path = [line for line in on_terminal(project) if line.strip()][-2:]
        reported = project.report
        project.write("y.yaml", EXPERIMENT.replace("name: tea", "name: dinner"))
        several = on_terminal(project, "y.yaml")
    assert label == "  The report:"
    assert (tmp_path / path).read_text() == reported
    assert "  The report:" not in several, "the table has the paths"


def test_a_cache_that_cannot_be_used_is_4_and_can_be_left_out(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        project.write("cache/calls.sqlite", "no database, " * 100)
        ended = project.run()
        assert ended.code == 4
        assert "run with --no-cache" in ended.err
        assert not fake.requests
        assert project.run("--no-cache").code == 0


def test_a_file_where_results_should_go_is_4_and_no_bug(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        ended = Project(tmp_path, fake.url).run("--results", "x.yaml")
    assert ended.code == 4
    assert "x.yaml" in ended.err
    assert "bug" not in ended.err


def test_a_damaged_run_is_listed_as_such_and_stops_no_other(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        project.run()
        (project.runs[0] / "manifest.json").write_text("{")
        assert project.run().code == 0
    listed = json.loads(project.troupe("runs", "--json").out)["runs"]
    assert sorted(run["status"] for run in listed) == ["finished", "unreadable"]


def test_deleted_reports_are_rebuilt_to_the_same_bytes(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        project.run()
        written = {name: (project.runs[-1] / name).read_bytes() for name in ("results.json", "details.md")}
        for name in written:
            (project.runs[-1] / name).unlink()
        assert project.troupe("report", "results").code == 0
    assert len(fake.requests) == 8
    assert {name: (project.runs[-1] / name).read_bytes() for name in written} == written


def test_runs_are_listed_and_shown(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        project.run()
    [listed] = json.loads(project.troupe("runs", "--json").out)["runs"]
    assert (listed["name"], listed["status"], listed["trials"]) == ("tea", "finished", "1/1")
    shown = project.troupe("show", "results", "--person", "oscar", "--step", "1").out
    assert "Tea or coffee?" in shown
    assert "Step 2" not in shown


@pytest.mark.parametrize(("design", "met"), [("within", {2}), ("between", {1})])
def test_people_meet_every_condition_or_one(tmp_path: Path, design: str, met: set[int]) -> None:
    experiment = EXPERIMENT + f"factors: {{price: {{levels: [1, 2], idle: true}}}}\ndesign: {design}\n"
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, experiment)
        assert project.run().code == 0
    trials = project.results["trials"]
    people = [person for trial in trials for person in trial["people"]]
    assert {people.count(person) for person in ("lisa", "oscar")} == met


def test_another_troupe_may_not_write_the_same_run(tmp_path: Path) -> None:
    from tinytroupe_cli.runs.lock import locked

    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT + "limits: {calls: 3}\n")
        project.run()
        with locked(project.runs[0] / ".lock"):
            ended = project.run("--resume", str(project.runs[0]))
    assert ended.code == 2
    assert "another troupe process is writing" in ended.err
