import json
from datetime import datetime

import pytest
import typer
from report_cases import CASES, a_troubled_run, an_interview
from snapshots import assert_snapshot
from typer.testing import CliRunner

from tinytroupe_cli.api.reporting import write_report
from tinytroupe_cli.cli.report import report
from tinytroupe_cli.cli.show import show
from tinytroupe_cli.core.errors import NothingToDo
from tinytroupe_cli.models.identity import identity
from tinytroupe_cli.models.port import Completion, Message, Purpose, Request
from tinytroupe_cli.runs.calls import SqliteCallStore
from tinytroupe_cli.runs.folder import create_folder
from tinytroupe_cli.runs.journal import Journal
from tinytroupe_cli.runs.manifest import Manifest


def a_run(results, case, *, started="2026-11-23T09:41:07+00:00", status=None):
    """Write what `troupe run` would have left of a case."""
    plan, events, accounts, provenance = case
    manifest = Manifest(
        name=plan.name, status=status or provenance.status, started=started, seconds=61, command=provenance.command
    )
    named = manifest.model_copy(update={"hashes": {"plan": "3f9a"}})
    folder = create_folder(results, plan, named, text="troupe: 1\n", date=datetime.fromisoformat(started))
    for trial, happened in events.items():
        with Journal(folder.events_file(trial)) as journal:
            for event in happened:
                journal.write(event)
    folder.write_manifest(manifest)
    store = SqliteCallStore(folder.calls)
    for number, model in enumerate(accounts.models):
        request = Request(
            model=plan.models.people.model_copy(update={"name": model.model}),
            messages=(Message(role="user", content=f"call {number}"),),
            purpose=Purpose(role="people"),
        )
        store.put(identity(request), request, Completion(text="Yes.", usage=model.usage), cost=model.usd, seconds=1)
    store.close()
    return folder


def run_command(command, *arguments):
    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=True)


def test_a_report_is_rebuilt_from_the_folder_alone(tmp_path):
    folder = a_run(tmp_path / "results", an_interview())
    done = run_command(report, tmp_path / "results")
    assert done.exit_code == 0
    assert done.stdout.strip() == str(folder.path / "report.md")
    text = (folder.path / "report.md").read_text()
    assert "# Would Lisa pay for a meal kit?" in text
    assert "1 call, 2,100 tokens read, 240 written; on this machine, free, 1 min 1 s." in text
    assert json.loads((folder.path / "results.json").read_text())["results"] == 1


@pytest.mark.parametrize("name", CASES)
def test_deleting_moving_and_rebuilding_gives_the_same_bytes(tmp_path, name):
    folder = a_run(tmp_path / "results", CASES[name]())
    first = [(folder.path / file).read_bytes() for file in write_report_files(folder.path)]
    moved = tmp_path / "elsewhere" / folder.path.parent.name / folder.path.name
    moved.parent.mkdir(parents=True)
    folder.path.rename(moved)
    for file in ("report.md", "results.json"):
        (moved / file).unlink()
    assert [(moved / file).read_bytes() for file in write_report_files(moved)] == first


def write_report_files(path):
    written = write_report(path)
    return [written.markdown.name, written.json.name]


def test_the_newest_run_is_found_below_results_and_below_a_name(tmp_path):
    results = tmp_path / "results"
    a_run(results, an_interview(), started="2026-11-22T09:00:00+00:00")
    newest = a_run(results, an_interview(), started="2026-11-24T09:00:00+00:00")
    a_run(results, a_troubled_run(), started="2026-11-23T09:00:00+00:00")
    for place in (results, results / "quickstart", results / "quickstart" / "latest", newest.path):
        assert write_report(place).folder.resolve() == newest.path.resolve()


def test_formats_go_to_stdout_and_write_nothing(tmp_path):
    folder = a_run(tmp_path / "results", an_interview())
    markdown = run_command(report, folder.path, "--format", "markdown").stdout
    printed = run_command(report, folder.path, "--format", "json").stdout
    assert markdown.startswith("# Would Lisa")
    assert json.loads(printed)["name"] == "quickstart"
    assert "These people are simulated" in run_command(report, folder.path, "--format", "text").stdout
    assert not (folder.path / "report.md").exists()
    assert not (folder.path / "report.txt").exists()
    written = write_report(folder.path)
    assert markdown == written.text
    assert json.loads(printed) == json.loads(written.json.read_text())


@pytest.mark.parametrize("command", [report, show])
def test_where_there_is_no_run_the_user_is_told_how_to_make_one(tmp_path, command):
    done = run_command(command, tmp_path)
    assert isinstance(done.exception, NothingToDo)
    assert "troupe run" in done.exception.hint


def test_a_run_that_was_killed_is_reported_as_broken_off(tmp_path):
    plan, events, accounts, provenance = a_troubled_run()
    folder = a_run(tmp_path, (plan, events, accounts, provenance), status="running")
    text = write_report(folder.path).text
    assert "**Incomplete: the run was interrupted. 2 of 4 trials finished" in text


def test_a_transcript_shows_who_said_what_and_what_they_answered(tmp_path):
    folder = a_run(tmp_path, a_troubled_run())
    done = run_command(show, folder.path)
    assert done.exit_code == 0
    assert_snapshot(done.stdout, "reports/show.txt")


def test_a_transcript_can_be_narrowed_to_a_person_a_step_and_a_trial(tmp_path):
    folder = a_run(tmp_path, a_troubled_run())
    shown = run_command(show, folder.path, "--person", "lisa carter", "--step", "1", "--trial", "399-calm-r1").stdout
    assert "Lisa Carter says: I'd like a word." in shown
    assert "Oscar" not in shown
    assert "Step 2" not in shown
    assert "399-loud" not in shown


def test_what_a_model_babbled_instead_of_an_answer_is_cut_where_it_can_be_seen(tmp_path):
    plan, events, accounts, provenance = a_troubled_run()
    long = [
        e.model_copy(update={"text": "so glad\n" * 500}) if e.kind == "failed" else e for e in events["399-calm-r1"]
    ]
    folder = a_run(tmp_path, (plan, {**events, "399-calm-r1": long}, accounts, provenance))
    shown = run_command(show, folder.path, "--trial", "399-calm-r1").stdout
    assert "… (--json prints all of it)" in shown
    assert shown.count("so glad") < 100


def test_events_can_be_had_as_json(tmp_path):
    folder = a_run(tmp_path, an_interview())
    events = json.loads(run_command(show, folder.path, "--step", "2", "--json").stdout)["events"]
    assert {event["step"] for event in events} == {2}
    assert any(event["kind"] == "measured" for event in events)


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("--person", "Lisa Cartr"), "did you mean 'Lisa Carter'"),
        (("--trial", "r2"), "trials: r1"),
        (("--step", "9"), "reached step 2"),
    ],
)
def test_asking_for_what_is_not_there_names_what_is(tmp_path, arguments, hint):
    folder = a_run(tmp_path, an_interview())
    done = run_command(show, folder.path, *arguments)
    assert isinstance(done.exception, NothingToDo)
    assert hint in done.exception.hint


def test_no_text_of_a_model_commands_the_terminal(tmp_path):
    plan, events, accounts, provenance = an_interview()
    words = "\x1b[2J\x1b[31mgone\x07"
    hostile = [event.model_copy(update={"text": words}) if event.kind == "acted" else event for event in events["r1"]]
    folder = a_run(tmp_path, (plan, {"r1": hostile}, accounts, provenance))
    for done in (run_command(show, folder.path), run_command(report, folder.path, "--format", "markdown")):
        assert done.exit_code == 0
        assert "\x1b" not in done.stdout
        assert "\x07" not in done.stdout
