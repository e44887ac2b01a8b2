"""`troupe repair` rebuilds what follows from a run's other files; resumed afterwards, the run ends as it would have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from projects import Project
from provider import FakeProvider


@pytest.fixture
def fake() -> Iterator[FakeProvider]:
    with FakeProvider() as fake:
        yield fake


@pytest.fixture
def project(tmp_path: Path, fake: FakeProvider) -> Project:
    project = Project(tmp_path, fake.url)
    assert project.run().code == 0
    return project


def resumed(project: Project, fake: FakeProvider) -> int:
    """Run the experiment again without the cache, and return how many calls were made."""
    before = len(fake.requests)
    ended = project.run("--no-cache")
    assert ended.code == 0, ended.err
    return len(fake.requests) - before


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"[" * 100_000, None])
def test_a_manifest_is_rebuilt_and_the_run_is_resumed_without_a_call(
    project: Project, fake: FakeProvider, content: bytes | None
) -> None:
    [run] = project.runs
    logs = project.logs(run)
    (run / "manifest.json").unlink()
    if content is not None:
        (run / "manifest.json").write_bytes(content)

    ended = project.troupe("repair", str(run))

    assert ended.code == 0, ended.err
    assert "manifest.json was rebuilt from the plan" in ended.out
    assert "killed" in project.troupe("runs").out
    assert resumed(project, fake) == 0
    assert project.runs == [run]
    assert project.logs(run) == logs
    assert "finished" in project.troupe("runs").out


def test_a_damaged_log_is_set_aside_and_played_again_from_the_answers(project: Project) -> None:
    [run] = project.runs
    log = next(run.rglob("events.jsonl"))
    log.write_bytes(b"garbage\nmore\n")

    assert "events.jsonl was set aside" in project.troupe("repair", str(run)).out
    assert log.with_name("events.jsonl.damaged").read_bytes() == b"garbage\nmore\n"
    assert project.troupe("repair", str(run)).out == f"Nothing is damaged in {run.relative_to(project.folder)}.\n"


def test_the_answers_on_sound_pages_of_a_damaged_store_are_kept(project: Project) -> None:
    [run] = project.runs
    calls, results = run / "calls.sqlite", project.results["rows"]
    data = calls.read_bytes()
    page = int.from_bytes(data[16:18], "big")
    last = len(data) // page - 1
    calls.write_bytes(data[: last * page] + b"\xff" * page)

    ended = project.troupe("repair", str(run))

    assert "answers could be read from it and are kept" in ended.out
    assert calls.with_name("calls.sqlite.damaged").exists()
    assert project.troupe("report", str(run)).code == 0
    assert project.results["rows"] == results


def test_a_run_without_its_plan_cannot_be_repaired(project: Project) -> None:
    [run] = project.runs
    (run / "plan.json").write_bytes(b"{")

    ended = project.troupe("repair", str(run))

    assert ended.code == 2
    assert "plan.json' is damaged" in ended.err
    assert "a plan can't be rebuilt; its reports" in ended.err


@pytest.mark.parametrize("where", ["results", "results/tea", "results/tea/latest"])
def test_the_newest_run_is_repaired_even_without_a_manifest(project: Project, where: str) -> None:
    assert project.run("--seed", "2").code == 0
    newest = project.runs[-1] if where.endswith("latest") else max(project.runs)  # runs of one second
    (newest / "manifest.json").unlink()

    ended = project.troupe("repair", where.replace("tea", newest.parent.name))

    assert "manifest.json was rebuilt" in ended.out
    assert (newest / "manifest.json").is_file()


def test_only_a_run_can_be_repaired(project: Project) -> None:
    assert project.troupe("repair", "experiments").code == 6
