"""Joins the folders of a run whose trials were run in several places into one folder."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from tinytroupe_cli.core.errors import EnvironmentProblem, RunError
from tinytroupe_cli.plan.baseline_trials import with_extra_trials
from tinytroupe_cli.runs.folder import RunFolder, point_latest
from tinytroupe_cli.runs.journal import is_finished
from tinytroupe_cli.runs.manifest import Manifest

_FILES: Final = (
    "experiment.yaml",
    "plan.json",
    "people.json",
    "wordings.yaml",
    "adaptations.json",
    "blocks.json",
    "after.jsonl",
    "multiverse.json",
)
_FOLDERS: Final = ("images", "inherited")
_STORES: Final = {"calls.sqlite": "calls", "outside.sqlite": "outside"}
_SAME: Final = ("people.json", "wordings.yaml")
"""What a model wrote for the whole run: trials of different people can't be joined."""


def merge_folders(parts: Sequence[RunFolder], path: Path, manifest: Manifest) -> RunFolder:
    """Write the trials and calls of all parts to a new folder, which appears complete; reports are not written.

    Raises `RunError` for parts that contradict each other, and if the folder exists.
    """
    if path.exists():
        raise RunError(f"'{path}' already exists", hint="name another folder with --output, or delete it")
    _refuse_other_people(parts)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    (draft / "trials").mkdir(parents=True)
    for name in _FILES:
        if (source := next((part.path / name for part in parts if (part.path / name).is_file()), None)) is not None:
            shutil.copyfile(source, draft / name)
    for name in _FOLDERS:
        if (parts[0].path / name).is_dir():
            shutil.copytree(parts[0].path / name, draft / name)
    for trial, part in _chosen(parts):
        shutil.copytree(part.events_file(trial).parent, RunFolder(draft).events_file(trial).parent)
    for name, table in _STORES.items():
        _join_stores([part.path / name for part in parts], draft / name, table)
    folder = RunFolder(draft)
    folder.write_manifest(manifest)
    draft.replace(path)
    point_latest(path)
    return RunFolder(path)


def missing_trials(folder: RunFolder) -> tuple[int, int]:
    """Return how many trials of a run are not finished, and how many there are."""
    trials = with_extra_trials(folder.plan()).trials
    return sum(not is_finished(folder.legible_events(trial.id)) for trial in trials), len(trials)


def _refuse_other_people(parts: Sequence[RunFolder]) -> None:
    for name in _SAME:
        written = {file.read_bytes(): file for part in parts if (file := part.path / name).is_file()}
        if len(written) > 1:
            first, second, *_ = written.values()
            hint = "merge the shards of one command"
            raise RunError(f"'{first}' and '{second}' differ: these are different runs", hint=hint)


def _chosen(parts: Sequence[RunFolder]) -> Iterator[tuple[str, RunFolder]]:
    """Yield each trial with the part it is taken from: one that finished it, if there is one.

    Raises `RunError` for a trial that two parts finished with different events.
    """
    for trial in with_extra_trials(parts[0].plan()).trials:
        begun = [part for part in parts if part.events_file(trial.id).exists()]
        ended = [part for part in begun if is_finished(part.legible_events(trial.id))]
        logs = {part.events_file(trial.id).read_bytes(): part for part in ended}
        if len(logs) > 1:
            first, second, *_ = logs.values()
            message = f"the trial '{trial.id}' was run in '{first.path}' and, with other answers, in '{second.path}'"
            raise RunError(message, hint="name each shard once")
        if begun:
            yield trial.id, (ended or begun)[0]


def _join_stores(sources: Sequence[Path], target: Path, table: str) -> None:
    """Copy the rows of all stores to one, in the order of the sources; the first row of a key counts."""
    existing = [source for source in sources if source.exists()]
    if not existing:
        return
    try:
        with closing(sqlite3.connect(existing[0])) as first, closing(sqlite3.connect(target)) as joined:
            first.backup(joined)
            joined.execute("PRAGMA journal_mode = WAL")
            for source in existing[1:]:
                with closing(sqlite3.connect(source)) as other:
                    rows = other.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall()  # noqa: S608 - our own name
                if rows:
                    places = ", ".join("?" * len(rows[0]))
                    joined.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({places})", rows)  # noqa: S608
            joined.commit()
    except sqlite3.Error as error:
        raise EnvironmentProblem(f"the calls of these runs can't be joined: {error}") from error
