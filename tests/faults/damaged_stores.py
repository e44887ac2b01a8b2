"""Damages every file of a run in several ways, and uses the run afterwards."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from faults.arena import KEY, Arena, quiet_settings
from faults.checking import HangError, memory, stopped_after
from projects import EXPERIMENT, MODEL, Finished, Project
from provider import FakeProvider

COMMANDS: Final = (
    ("runs",),
    ("report", "results"),
    ("show", "results"),
    ("report", "results", "--format", "markdown"),
    ("run", "x.yaml"),
    ("repair", "RUN"),
    ("run", "x.yaml"),
    ("report", "results"),
)
"""What is done with a damaged run; after the repair, the last two must work."""
BEYOND_REPAIR: Final = ("a folder", "a pipe")
"""Somebody has to remove these by hand, where they stand in the place of a plan or a report."""
EXPECTED: Final = (0, 2, 4, 6)
SLOW: Final = 20.0
DAMAGES_A_JOB: Final = 5
SHOWN: Final = ("report.md", "details.md", "results.json")
"""Files that must never be replaced by emptier ones."""


def _emptied(file: Path) -> None:
    file.write_bytes(b"")


def _halved(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])


def _garbled(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00garbage" * 500)


def _zeroed(file: Path) -> None:
    """What a power cut leaves of a file whose length was written but not its content."""
    file.write_bytes(bytes(len(file.read_bytes())))


def _overwritten(file: Path) -> None:
    data = file.read_bytes()
    middle = len(data) // 2
    file.write_bytes(data[:middle] + b"\x00\xff{[" * 8 + data[middle + 32 :])


def _of_another_shape(file: Path) -> None:
    file.write_bytes(b'{"troupe": [1, {"x": null}]}\n')


def _nested(file: Path) -> None:
    file.write_bytes(b"[" * 100_000)


def _removed(file: Path) -> None:
    file.unlink()


def _a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


DAMAGES: Final[dict[str, Callable[[Path], None]]] = {
    "empty": _emptied,
    "cut in half": _halved,
    "garbage": _garbled,
    "zeros": _zeroed,
    "overwritten": _overwritten,
    "another shape": _of_another_shape,
    "nested": _nested,
    "removed": _removed,
    "a folder": _a_folder,
    "a pipe": _a_pipe,
}


@dataclass(frozen=True)
class Damage:
    """One file of a run, and what is done to it."""

    state: str
    """finished or half."""
    file: str
    """Its path in the project."""
    way: str


def half_finished(project: Project) -> None:
    """Put a finished run into the state that a kill in its last trial leaves."""
    run = project.runs[0]
    log = max(run.rglob("events.jsonl"))
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[: len(lines) // 2]) + lines[-1][:20])
    manifest = run / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"status": "finished"', '"status": "running"'))
    for name in (*SHOWN, "after.jsonl"):
        (run / name).unlink(missing_ok=True)
    with closing(sqlite3.connect(run / "calls.sqlite")) as connection, connection:
        connection.execute("DELETE FROM calls WHERE rowid > (SELECT MAX(rowid) / 2 FROM calls)")


def a_run(folder: Path, url: str, state: str) -> Project:
    """Run the small experiment, and leave it finished or as a kill leaves it."""
    shutil.rmtree(folder, ignore_errors=True)
    project = Project(folder, url, EXPERIMENT + f"model: {MODEL}\nreplicates: 2\n")
    assert project.troupe("run", "x.yaml").code == 0
    if state == "half":
        half_finished(project)
    return project


def damages(project: Project, state: str) -> Iterator[Damage]:
    """Yield every way of damaging every file of the run, its neighbours and the cache."""
    files = [
        file for file in sorted((project.folder / "results").rglob("*")) if file.is_file() and not file.is_symlink()
    ]
    cache = [file for file in sorted((project.folder / "cache").rglob("*")) if file.is_file()]
    for file in (*files, *cache):
        for way in DAMAGES:
            yield Damage(state, str(file.relative_to(project.folder)), way)


def used(project: Project, damage: Damage) -> Iterator[tuple[str, str, float]]:
    """Damage a file, use the run, and yield each command with what is wrong (empty: nothing) and its time."""
    kept = _shown(project)
    kept.pop(project.folder / damage.file, None)
    DAMAGES[damage.way](project.folder / damage.file)
    run = next((project.folder / "results").glob("*/2*"))
    for number, written in enumerate(COMMANDS):
        words = [str(run) if word == "RUN" else word for word in written]
        began = time.perf_counter()
        try:
            with stopped_after(SLOW):
                ended = project.troupe(*words)
        except HangError:
            yield " ".join(words), "hangs", SLOW
            return
        seconds = time.perf_counter() - began
        is_last = number == len(COMMANDS) - 1
        yield (
            " ".join(words),
            _fault(ended, is_last=is_last and damage.way not in BEYOND_REPAIR) or _emptier(project, kept),
            seconds,
        )
        kept = _shown(project)
        kept.pop(project.folder / damage.file, None)


def _fault(ended: Finished, *, is_last: bool) -> str:
    said = ended.out + ended.err
    if ended.code not in EXPECTED or "bug:" in said or "Traceback" in said:
        return f"exit {ended.code}: {said[-700:]}"
    if ended.code and "error" not in said:
        return f"exit {ended.code} without a word: {said[-300:]}"
    return f"the end is exit {ended.code}: {said[-500:]}" if is_last and ended.code else ""


def _shown(project: Project) -> dict[Path, int]:
    files = (file for name in SHOWN for file in (project.folder / "results").glob(f"*/2*/{name}"))
    return {file: file.stat().st_size for file in files if file.is_file()}


def _emptier(project: Project, before: dict[Path, int]) -> str:
    after = _shown(project)
    lost = [file.name for file, size in before.items() if after.get(file, size) < size // 2]
    return f"{', '.join(lost)} became emptier" if lost else ""


def copied(template: Path, folder: Path) -> None:
    """Make a folder equal to a template."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder, symlinks=True)


def damage_stores(arena: Arena) -> None:
    """Damage five files of a finished or half-finished run, one after another, and use the run each time."""
    os.environ |= {**quiet_settings(arena.folder / "user"), "OPENAI_API_KEY": KEY}
    state = ("finished", "half")[arena.number % 2]
    with FakeProvider() as fake:
        project = a_run(arena.folder / "project", fake.url, state)
        copied(project.folder, arena.folder / state)
        for damage in arena.chance.sample(list(damages(project, state)), DAMAGES_A_JOB):
            copied(arena.folder / state, project.folder)
            arena.row.count += 1
            for words, fault, seconds in used(project, damage):
                arena.row.seconds = max(arena.row.seconds, seconds)
                arena.expect(not fault, f"{state}, {damage.file} {damage.way}, {words}: {fault}")
    arena.row.memory = memory()
