"""Repairs a damaged run: rebuilds what follows from its other files, and sets aside what can't be read.

Nothing is deleted: a damaged file is renamed to NAME.damaged. What is set aside is made again when the run is resumed,
from the answers that are left.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tinytroupe_cli.core.bounded_files import check_regular
from tinytroupe_cli.core.errors import EnvironmentProblem, NothingToDo, RunError
from tinytroupe_cli.plan.baseline_trials import with_extra_trials
from tinytroupe_cli.plan.hashing import plan_hash
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.runs.calls import SqliteCallStore
from tinytroupe_cli.runs.damage import STILL_THERE
from tinytroupe_cli.runs.folder import LATEST, RunFolder
from tinytroupe_cli.runs.lock import locked
from tinytroupe_cli.runs.manifest import Manifest
from tinytroupe_cli.runs.run_lookup import without_latest
from tinytroupe_cli.runs.wordings_file import read_wordings

MAX_GAP = 2_000
"""Rows in a row that can't be read, after which no more are expected."""
_OF_A_RUN = ("manifest.json", "plan.json")
_STARTED = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)")


@dataclass(frozen=True, slots=True)
class Repair:
    """What was done about one file."""

    file: Path
    done: str
    """Continues a sentence that begins with the file."""


def run_to_repair(path: Path) -> Path:
    """Return a run's folder, or the newest one in `results` or `results/NAME`, by its name: it may have no manifest.

    Raises `NothingToDo` if there is none.
    """
    path = without_latest(path)
    found = [file.parent for depth in ("", "*/", "*/*/") for name in _OF_A_RUN for file in path.glob(f"{depth}{name}")]
    if path in found:
        return path
    if not found:
        raise NothingToDo(f"'{path}' is not a run's folder", hint="name one: `troupe runs` lists them")
    return max((folder for folder in found if folder.name != LATEST), key=lambda folder: folder.name)


def repair_run(path: Path) -> list[Repair]:
    """Repair the run in a folder, and return what was done; empty if nothing is damaged.

    Raises `RunError` if its plan can't be read: all else follows from it.
    """
    folder = RunFolder(path)
    try:
        plan = folder.planned()
    except RunError as error:
        raise RunError(error.message, hint=f"a plan can't be rebuilt; {STILL_THERE}") from error
    if _fails(lambda: check_regular(folder.lock)):
        _set_aside(folder.lock)
    with locked(folder.lock):
        return list(_repairs(folder, plan))


def _repairs(folder: RunFolder, plan: Plan) -> Iterator[Repair]:
    checks: list[tuple[Path, Callable[[], object]]] = [
        (folder.after_file, folder.after),
        (folder.blocks_file, folder.block_count),
        (folder.people_file, folder.people),
        (folder.wordings_file, partial(read_wordings, folder.wordings_file)),
    ]
    checks += [
        (folder.events_file(trial.id), partial(folder.events, trial.id)) for trial in with_extra_trials(plan).trials
    ]
    if _fails(folder.manifest) or not folder.manifest_file.exists():
        _set_aside(folder.manifest_file)
        folder.write_manifest(_manifest(folder, plan))
        yield Repair(folder.manifest_file, "was rebuilt from the plan; costs and times of earlier sessions are lost")
    for file, read in checks:
        if _fails(read):
            _set_aside(file)
            yield Repair(file, "was set aside; it is rebuilt when the run is resumed")
    yield from _stores(folder)


def _stores(folder: RunFolder) -> Iterator[Repair]:
    if folder.calls.exists() and not _is_sound(folder.calls):
        damaged = _set_aside(folder.calls)
        kept = _salvaged(damaged, folder.calls)
        yield Repair(folder.calls, f"was damaged; {kept:,} answers could be read from it and are kept")
    if folder.outside.exists() and not _is_sound(folder.outside):
        _set_aside(folder.outside)
        yield Repair(folder.outside, "was set aside: systems and tools are asked again when the run is resumed")


def _fails(read: Callable[[], object]) -> bool:
    try:
        read()
    except (RunError, OSError, ValueError):
        return True
    return False


def _set_aside(file: Path) -> Path:
    """Rename a file, with what SQLite keeps beside it, and return its new path."""
    number, aside = 2, file.with_name(f"{file.name}.damaged")
    while aside.exists():
        aside, number = file.with_name(f"{file.name}.damaged-{number}"), number + 1
    for ending in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            file.with_name(file.name + ending).rename(aside.with_name(aside.name + ending))
    return aside


def _manifest(folder: RunFolder, plan: Plan) -> Manifest:
    """Return what can be known of a run from its plan and its folder's name; it counts as killed."""
    found = _STARTED.match(folder.path.name)
    started = f"{found[1]}T{found[2]}:{found[3]}:{found[4]}+00:00" if found else ""
    return Manifest(
        name=plan.name,
        status="running",
        started=started,
        experiment="experiment.yaml",
        hashes={"plan": plan_hash(plan), "prompts": plan.prompts},
        notes=("The manifest of this run was damaged and rebuilt by `troupe repair`.",),
    )


def _is_sound(file: Path) -> bool:
    try:
        check_regular(file)
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            return connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except (sqlite3.Error, OSError):
        return False


def _salvaged(damaged: Path, new: Path) -> int:
    """Copy the answers that can be read into a new store, and return how many there were."""
    SqliteCallStore(new).close()
    kept = 0
    if not damaged.is_file():
        return kept
    try:
        with closing(sqlite3.connect(new)) as target, target, closing(_opened(damaged)) as source:
            for row in _legible(source):
                marks = ", ".join("?" * len(row))
                kept += target.execute(f"INSERT OR IGNORE INTO calls VALUES ({marks})", row).rowcount  # noqa: S608 - marks
    except sqlite3.Error as error:
        raise EnvironmentProblem(f"'{new}' can't be written: {error}") from error
    return kept


def _opened(damaged: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True)


def _legible(source: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    """Yield the rows that can be read, one at a time: a damaged page hides only its own."""
    gap, number = 0, 0
    while gap < MAX_GAP:
        number += 1
        gap += 1
        with suppress(sqlite3.Error, ValueError, IndexError, TypeError):
            row = source.execute("SELECT * FROM calls WHERE rowid = ?", (number,)).fetchone()
            if row is not None:
                json.loads(row[1])
                gap = 0
                yield row
