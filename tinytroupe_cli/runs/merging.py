"""Joins the folders of a run whose trials were run in several places into one folder."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tinytroupe_cli.core.bounded_files import check_regular, read_regular
from tinytroupe_cli.core.errors import EnvironmentProblem, RunError
from tinytroupe_cli.plan.baseline_trials import with_extra_trials
from tinytroupe_cli.runs.folder import RunFolder, point_latest
from tinytroupe_cli.runs.journal import is_finished
from tinytroupe_cli.runs.manifest import Manifest

_FOLDERS: Final = ("images", "inherited")


@dataclass(frozen=True, slots=True)
class PlannedMerge:
    """Parts of a run that can be joined."""

    parts: tuple[RunFolder, ...]
    path: Path
    """The folder to be written."""
    trials: tuple[tuple[str, RunFolder], ...]
    """Each trial, with the part it is taken from."""


def plan_merge(parts: Sequence[RunFolder], path: Path) -> PlannedMerge:
    """Choose what is taken from which part; writes nothing.

    Raises `RunError` for parts that contradict each other, and if the folder exists.
    """
    if path.exists():
        raise RunError(f"'{path}' already exists", hint="name another folder with --output, or delete it")
    _refuse_other_people(parts)
    return PlannedMerge(tuple(parts), path, tuple(_chosen(parts)))


def merge_folders(merge: PlannedMerge, manifest: Manifest) -> RunFolder:
    """Write the trials and calls of all parts to a new folder, which appears complete; reports are not written."""
    parts, path = merge.parts, merge.path
    draft = RunFolder(path.with_name(f".{path.name}.{os.getpid()}"))
    draft.trials.mkdir(parents=True)
    for name in (file.name for file in _files_of(draft)):
        if (source := next((part.path / name for part in parts if (part.path / name).is_file()), None)) is not None:
            shutil.copyfile(source, draft.path / name)
    for name in _FOLDERS:
        if (parts[0].path / name).is_dir():
            shutil.copytree(parts[0].path / name, draft.path / name)
    for trial, part in merge.trials:
        shutil.copytree(part.events_file(trial).parent, draft.events_file(trial).parent)
    _join_stores([part.calls for part in parts], draft.calls, "calls")
    _join_stores([part.outside for part in parts], draft.outside, "outside")
    draft.write_manifest(manifest)
    draft.path.replace(path)
    point_latest(path)
    return RunFolder(path)


def missing_trials(folder: RunFolder) -> tuple[int, int]:
    """Return how many trials of a run are not finished, and how many there are."""
    trials = with_extra_trials(folder.plan()).trials
    return sum(not is_finished(folder.legible_events(trial.id)) for trial in trials), len(trials)


def _files_of(folder: RunFolder) -> Iterator[Path]:
    """Yield the files that are the same in all parts, or are written by the one part that has the whole run."""
    yield from (folder.experiment_file, folder.plan_file, folder.people_file, folder.wordings_file)
    yield from (folder.adaptations, folder.blocks_file, folder.after_file, folder.branches_file)


def _refuse_other_people(parts: Sequence[RunFolder]) -> None:
    """Raise `RunError` where a model wrote different people or wordings: their trials can't be joined."""
    for files in ([part.people_file for part in parts], [part.wordings_file for part in parts]):
        written = {read_regular(file): file for file in files if file.exists()}
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
        logs = {read_regular(part.events_file(trial.id)): part for part in ended}
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
        for source in existing:
            check_regular(source)
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
    except (sqlite3.Error, OSError) as error:
        raise EnvironmentProblem(f"the calls of these runs can't be joined: {error}") from error
