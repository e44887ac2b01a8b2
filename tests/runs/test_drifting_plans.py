from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders import a_plan, a_trial

from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.plan.hashing import plan_hash
from tinytroupe_cli.plan.types import Limits, Plan
from tinytroupe_cli.runs.drift import refuse_drift, unfinished_run
from tinytroupe_cli.runs.folder import RunFolder, create_folder
from tinytroupe_cli.runs.lock import locked
from tinytroupe_cli.runs.manifest import Manifest, RunStatus

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def a_run(results: Path, status: RunStatus, plan: Plan | None = None, *, second: int = 0) -> RunFolder:
    plan = plan or a_plan()
    date = NOON + timedelta(seconds=second)
    manifest = Manifest(name=plan.name, status=status, started=date.isoformat(), hashes={"plan": plan_hash(plan)})
    return create_folder(results, plan, manifest, text="", date=date)


@pytest.mark.parametrize("status", ["running", "interrupted", "limit", "stopped"])
def test_a_run_that_did_not_end_is_gone_on_with(tmp_path: Path, status: RunStatus) -> None:
    begun = a_run(tmp_path, status)
    assert unfinished_run(tmp_path, a_plan()) == begun


def test_a_finished_run_is_not(tmp_path: Path) -> None:
    a_run(tmp_path, "finished")
    assert unfinished_run(tmp_path, a_plan()) is None


def test_nor_is_a_run_of_another_plan(tmp_path: Path) -> None:
    a_run(tmp_path, "interrupted", a_plan(a_trial(steps=5)))
    assert unfinished_run(tmp_path, a_plan()) is None


def test_nor_one_that_somebody_is_writing(tmp_path: Path) -> None:
    begun = a_run(tmp_path, "running")
    with locked(begun.lock):
        assert unfinished_run(tmp_path, a_plan()) is None


def test_of_several_the_newest_is_gone_on_with(tmp_path: Path) -> None:
    a_run(tmp_path, "interrupted")
    newest = a_run(tmp_path, "interrupted", second=9)
    a_run(tmp_path, "finished", second=20)
    assert unfinished_run(tmp_path, a_plan()) == newest


def test_the_newest_began_last_whatever_its_folder_is_called(tmp_path: Path) -> None:
    older = a_run(tmp_path, "interrupted")
    newest = a_run(tmp_path, "interrupted", second=9)
    older.path.rename(older.path.with_name("the-first-try"))
    assert unfinished_run(tmp_path, a_plan()) == newest


def test_a_raised_limit_is_the_same_run(tmp_path: Path) -> None:
    begun = a_run(tmp_path, "limit", a_plan(limits=Limits(calls=5)))
    raised = a_plan(limits=Limits(calls=50))
    assert unfinished_run(tmp_path, raised) == begun
    refuse_drift(begun, raised)


def test_a_damaged_plan_beside_a_pipe_is_damaged(tmp_path: Path) -> None:
    begun = a_run(tmp_path, "interrupted")
    begun.plan_file.write_text('{"plan": 1}')
    begun.manifest_file.unlink()
    os.mkfifo(begun.manifest_file)
    with pytest.raises(RunError, match="is damaged"):
        begun.planned()


def test_what_differs_is_named(tmp_path: Path) -> None:
    begun = a_run(tmp_path, "interrupted", a_plan(a_trial(steps=5), seed=8))
    with pytest.raises(RunError, match=r"has changed since .*: seed, trials\.world\.steps") as refusal:
        refuse_drift(begun, a_plan())
    assert "--resume" in refusal.value.hint
