"""Runs that are killed or stopped, as processes of their own."""

from __future__ import annotations

import hashlib
import json
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
        assert "goes on from here" in err
        assert "Traceback" not in err
        assert project.manifest()["status"] == "interrupted"
        assert "interrupted" in project.report.lower() or "stopped" in project.report.lower()
        ended = project.run("--no-cache")
    assert ended.code == 0, ended.err
    assert project.logs() == undisturbed
