"""Lists runs."""

from __future__ import annotations

from pathlib import Path

from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.models.local_catalog import is_local
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.runs.folder import RunFolder
from tinytroupe_cli.runs.journal import is_finished
from tinytroupe_cli.runs.lock import is_locked
from tinytroupe_cli.runs.manifest import Manifest
from tinytroupe_cli.runs.run_lookup import folders_below, no_run_in

__all__ = ["ListedRun", "list_runs", "status_of"]


class ListedRun(Frozen):
    """One run, as a row of the list."""

    name: str
    started: str
    status: str
    """As in its manifest; `killed` if it is neither running nor ended, `unreadable` if the manifest can't be read."""
    trials: str
    """Finished trials of planned trials."""
    cost: str
    path: str


def list_runs(where: Path) -> list[ListedRun]:
    """Return the runs below a folder, newest last; raises `NothingToDo` if there are none."""
    folders = list(folders_below(where))
    if not folders:
        raise no_run_in(where)
    return sorted((_listed(folder) for folder in folders), key=lambda run: (run.started, run.path))


def status_of(folder: RunFolder, manifest: Manifest) -> str:
    """Return a manifest's status; `killed` if it says that the run is in progress, and no process writes it."""
    is_killed = manifest.status == "running" and not is_locked(folder.lock)
    return "killed" if is_killed else manifest.status


def _listed(folder: RunFolder) -> ListedRun:
    try:
        return _read(folder)
    except RunError:  # one damaged folder hides no other
        name, started = folder.path.parent.name, folder.path.name
        return ListedRun(
            name=name, started=started, status="unreadable", trials="?", cost="unknown", path=str(folder.path)
        )


def _read(folder: RunFolder) -> ListedRun:
    manifest, plan = folder.manifest(), folder.plan()
    finished = sum(is_finished(folder.events(trial.id)) for trial in plan.trials)
    is_free = is_local(plan.models.people) and is_local(plan.models.judge)
    cost = "unknown" if manifest.usd is None else f"${manifest.usd:.4f}"
    return ListedRun(
        name=manifest.name,
        started=manifest.started,
        status=status_of(folder, manifest),
        trials=f"{finished}/{len(plan.trials)}",
        cost="local" if is_free else cost,
        path=str(folder.path),
    )
