"""Compares a run folder's plan with the current plan; finds the unfinished run of a plan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.plan.hashing import differences, plan_hash
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.runs.folder import RunFolder
from tinytroupe_cli.runs.lock import is_locked
from tinytroupe_cli.runs.manifest import RunStatus
from tinytroupe_cli.runs.run_lookup import newest_first

MAX_NAMED = 8


def unfinished_run(results: Path, plan: Plan) -> RunFolder | None:
    """Return the newest unfinished run of this plan; None if there is none."""
    return next((run for run, status in _runs_of(results, plan) if status != "finished"), None)


def finished_run(results: Path, plan: Plan) -> RunFolder | None:
    """Return the newest finished run of this plan; None if there is none."""
    return next((run for run, status in _runs_of(results, plan) if status == "finished"), None)


def _runs_of(results: Path, plan: Plan) -> Iterator[tuple[RunFolder, RunStatus]]:
    """Yield the runs of a plan that no process is running, newest first."""
    identity = plan_hash(plan)
    for folder, manifest in newest_first(results / plan.name):
        if manifest.hashes.get("plan") == identity and not is_locked(folder.lock):
            yield folder, manifest.status


def refuse_drift(folder: RunFolder, plan: Plan) -> None:
    """Raise `RunError` naming the keys in which the run's plan differs from the current one."""
    ran = folder.planned()
    if plan_hash(ran) == plan_hash(plan):
        return
    found = differences(ran, plan)
    named = ", ".join(found[:MAX_NAMED]) + (f" and {len(found) - MAX_NAMED} more" if len(found) > MAX_NAMED else "")
    raise RunError(
        f"the experiment has changed since '{folder.path}' was started: {named}",
        hint="undo the change to continue that run, or leave out --resume to start a new one",
    )
