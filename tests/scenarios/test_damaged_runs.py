"""Runs whose files were damaged, or written by another version: what is said of them, and what stays."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from faults.checking import stopped_after
from projects import Project
from provider import FakeProvider


@pytest.fixture
def project(tmp_path: Path) -> Project:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        assert project.run().code == 0
    return project


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"{", b"[]", b'{"manifest": 1}'])
@pytest.mark.parametrize("command", ["report", "show"])
def test_a_damaged_manifest_is_named(project: Project, command: str, content: bytes) -> None:
    (project.runs[0] / "manifest.json").write_bytes(content)
    for where in ("results", "results/tea"):
        ended = project.troupe(command, where)
        assert ended.code == 2
        assert "manifest.json" in ended.err
        assert "damaged" in ended.err
    assert "unreadable" in project.troupe("runs").out


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"null\n", b"\x00" * 4096, b"garbage\nmore\n"])
def test_a_damaged_log_is_named_and_the_report_stays_as_it_was(project: Project, content: bytes) -> None:
    report = project.report
    next(project.runs[0].rglob("events.jsonl")).write_bytes(content)
    ended = project.troupe("report", "results")
    assert ended.code == 2
    assert "events.jsonl" in ended.err
    assert "running the experiment again" in ended.err
    assert project.report == report


def test_a_log_that_ends_early_is_not_reported_as_the_whole(project: Project) -> None:
    log = next(project.runs[0].rglob("events.jsonl"))
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:3]))
    assert project.troupe("report", "results").code == 2


@pytest.mark.parametrize("content", [b"{", b"\xff", b'{"plan": 1}'])
def test_a_damaged_plan_is_named(project: Project, content: bytes) -> None:
    (project.runs[0] / "plan.json").write_bytes(content)
    ended = project.troupe("report", "results")
    assert ended.code == 2
    assert "plan.json" in ended.err


def test_without_its_damaged_calls_a_run_is_reported_but_for_its_costs(project: Project) -> None:
    calls = project.runs[0] / "calls.sqlite"
    calls.write_bytes(b"garbage" * 500)
    ended = project.troupe("report", "results")
    assert ended.code == 4
    assert "rename the file" in ended.err
    calls.rename(calls.with_suffix(".damaged"))
    assert project.troupe("report", "results").code == 0


def test_a_run_of_another_version_is_named_with_it(project: Project) -> None:
    file = project.runs[0] / "manifest.json"
    manifest = json.loads(file.read_text())
    file.write_text(json.dumps({**manifest, "manifest": 99, "versions": {"troupe": "9.9.9"}}))
    ended = project.troupe("report", "results")
    assert ended.code == 2
    assert "another version of troupe (9.9.9)" in ended.err


@pytest.mark.parametrize(
    ("name", "words", "code"),
    [
        ("x.lock.json", ("lock", "x.yaml"), 2),
        ("baselines/tea.json", ("compare", "results"), 2),
        ("RUN/experiment.yaml", ("branch", "results", "--at", "2", "--say", "The tea is out."), 2),
        ("RUN/experiment.yaml", ("report", "results"), 0),
        ("results/tea/latest", ("report", "results/tea/latest"), 6),
        ("results/calibrations/drink.cup.chance.json", ("report", "results"), 0),
    ],
)
def test_a_pipe_in_place_of_a_file_is_not_waited_for(
    project: Project, name: str, words: tuple[str, ...], code: int
) -> None:
    file = project.folder / name.replace("RUN", str(project.runs[0]))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    os.mkfifo(file)
    with stopped_after(30):
        ended = project.troupe(*words)
    assert ended.code == code, ended.err
    assert code != 2 or file.name in "".join(ended.err.split())


@pytest.mark.parametrize("content", ["", "..", "a/b", "\x00"])
def test_a_damaged_latest_is_no_run(project: Project, content: str) -> None:
    latest = project.runs[0].with_name("latest")
    latest.unlink()
    latest.write_text(content)
    ended = project.troupe("report", "results/tea/latest")
    assert ended.code == 6
    assert "there is no run in" in ended.err
