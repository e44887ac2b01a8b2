"""Runs that are killed or stopped, as processes of their own."""

from __future__ import annotations

import hashlib
import json
import platform
import signal
import time
from pathlib import Path

import pytest
from projects import EXPERIMENT, Project
from provider import FakeProvider

LONGER = EXPERIMENT.replace("steps: 3", "steps: 8").replace("[lisa, oscar]", "[lisa, oscar, amara]")


def keys(bodies: list[object]) -> list[str]:
    return [hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest() for body in bodies]


def wait_for(fake: FakeProvider, requests: int) -> None:
    deadline = time.monotonic() + 60  # noqa: TID251 - a real process is waited for
    while len(fake.requests) < requests:
        assert time.monotonic() < deadline, "the run asked nothing"  # noqa: TID251
        time.sleep(0.02)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    with FakeProvider(latency=0.01) as fake:
        project = Project(tmp_path_factory.mktemp("undisturbed"), fake.url, LONGER)
        assert project.run().code == 0
        return project.logs()


def test_a_killed_run_pays_for_no_call_twice_and_ends_the_same(tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    with FakeProvider(latency=0.1) as fake:
        project = Project(tmp_path, fake.url, LONGER)
        for moment in (4, 13):
            run = project.start("--no-cache")
            wait_for(fake, moment)
            run.send_signal(signal.SIGKILL)
            run.wait()
        ended = project.run("--no-cache")
        again = [key for key in keys(fake.requests) if keys(fake.requests).count(key) > 1]
    assert ended.code == 0, ended.err
    assert project.logs() == undisturbed
    assert len(project.runs) == 1
    assert len(set(again)) <= 2 * 3, "only what was in flight at a kill may be asked again"
    assert project.manifest()["sittings"] == 3


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_stopped_run_is_130_says_how_to_go_on_and_goes_on(
    tmp_path: Path, undisturbed: dict[str, bytes], how: signal.Signals
) -> None:
    with FakeProvider(latency=0.1) as fake:
        project = Project(tmp_path, fake.url, LONGER)
        run = project.start("--no-cache")
        wait_for(fake, 7)
        run.send_signal(how)
        _, err = run.communicate(timeout=30)
        assert run.returncode == 130, err
        assert "resume with:" in err
        assert "Traceback" not in err
        assert project.manifest()["status"] == "interrupted"
        assert "interrupted" in project.report.lower() or "stopped" in project.report.lower()
        ended = project.run("--no-cache")
    assert ended.code == 0, ended.err
    assert project.logs() == undisturbed


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_soft_stop_keeps_the_answers_on_their_way(tmp_path: Path, how: signal.Signals) -> None:
    with FakeProvider(latency=1.0) as fake:
        project = Project(tmp_path, fake.url)
        run = project.start("--no-cache")
        wait_for(fake, 2)
        run.send_signal(how)
        _, err = run.communicate(timeout=30)
        assert run.returncode == 130, err
        assert "finishing 2 answers" in err
        assert len(fake.answered) == 2
        fake.latency = 0.0
        ended = project.run("--no-cache")
        assert len(fake.requests) == 2 * 3 + 2, "nothing is asked twice"
    assert ended.code == 0, ended.err


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_run_stopped_while_it_writes_its_reports_is_resumed_without_a_call(
    tmp_path: Path, how: signal.Signals
) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT + "report: {formats: [json, html]}\n")
        run = project.start("--no-cache")
        while not any(b"trial_ended" in log for folder in project.runs for log in project.logs(folder).values()):
            assert run.poll() is None
            time.sleep(0.01)
        run.send_signal(how)
        _, err = run.communicate(timeout=60)
        asked = len(fake.requests)
        assert run.returncode in (0, 130), err  # 0: the signal came in the moment between the calls and the reports
        if project.manifest()["status"] != "finished":
            assert "resume with:" in err
            ended = project.run("--no-cache")
            assert ended.code == 0, ended.err
            assert len(fake.requests) == asked
    assert len(project.runs) == 1
    assert (project.runs[0] / "report.html").exists()


@pytest.mark.parametrize("patience", ["a second signal", "no time to drain"])
def test_a_stop_does_not_wait_for_ever(tmp_path: Path, patience: str) -> None:
    with FakeProvider(latency=60.0) as fake:
        project = Project(tmp_path, fake.url)
        if patience == "no time to drain":
            project.write("config.ini", (tmp_path / "config.ini").read_text() + "[run]\ndrain = 0\n")
        run = project.start("--no-cache")
        wait_for(fake, 2)
        run.send_signal(signal.SIGINT)
        if patience == "a second signal":
            time.sleep(0.5)
            run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=20)
    assert run.returncode == 130, err
    assert "resume with:" in err


def test_a_limit_of_minutes_ends_a_run_whatever_is_in_flight(tmp_path: Path) -> None:
    experiment = EXPERIMENT + "limits: {minutes: 0.03}\n"
    with FakeProvider(latency=300.0) as fake:
        ended = Project(tmp_path, fake.url, experiment).run("--no-cache")
    assert ended.code == 5, ended.err
    assert "0.03 minutes" in ended.err


def test_a_second_start_while_the_first_plays_is_refused_in_words(tmp_path: Path) -> None:
    with FakeProvider(latency=1.0) as fake:
        project = Project(tmp_path, fake.url)
        first = project.start()
        wait_for(fake, 1)
        second = project.run()
        _, err = first.communicate(timeout=60)
        asked = len(fake.requests)
    assert first.returncode == 0, err
    assert second.code == 2
    assert f"process {first.pid} on {platform.node()}, since " in second.err
    assert asked == 2 * 3 + 2
    assert len(project.runs) == 1
