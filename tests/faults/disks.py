"""Spoils the disk under a run: full, read-only, removed. Exit code 4, never 3; afterwards, the same command ends it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from faults.arena import SMALL, Arena
from faults.kills import Payments, check_equal, is_finished, undisturbed, what_came
from faults.processes import Running
from projects import MODEL, Project
from provider import FakeProvider

RUN: Final = ("run", "x.yaml", "--model", MODEL, "--no-cache")
TROUBLE: Final = (0, 2, 4, 6)
SIZES: Final = (0, 1, 4, 16, 40, 64, 100, 200)
"""KB that a file, or the disk, may have."""


def spoil_disk(arena: Arena) -> None:
    """Spoil the disk in one way, run, mend it and run again."""
    name, spoil = list(WAYS.items())[arena.number % len(WAYS)]
    arena.name = f"disk: {name}"
    with FakeProvider(latency=0.1) as fake:
        project = arena.project(fake.url)
        wanted, _ = undisturbed(arena, fake, SMALL)
        payments = Payments(fake)
        spoil(arena, fake, project)
        project.write("x.yaml", SMALL)
        payments.check(arena, project)
        if is_finished(project):  # all of it fitted, or nothing that it needs was touched
            return
        ended = arena.troupe(project, *RUN)
        if "repair" in ended.err and project.runs:
            arena.troupe(project, "repair", str(project.runs[-1]))
            ended = arena.troupe(project, *RUN)
        payments.check(arena, project)
        arena.expect(ended.code == 0, f"afterwards, it ended with {ended.code}: {ended.err[-700:]}")
    check_equal(arena, what_came(project)["logs"], wanted["logs"])


def _in_trouble(arena: Arena, project: Project, *, file_limit: int = 0) -> None:
    ended = arena.ended(arena.start(project, *RUN, file_limit=file_limit))
    arena.expect(ended.code in TROUBLE, f"exit {ended.code}: {ended.err[-700:]}")
    arena.expect(not ended.code or "error" in ended.err, f"exit {ended.code} without a word: {ended.err[-300:]}")


def _limited(size: int) -> Callable[[Arena, FakeProvider, Project], None]:
    """No file may be longer."""

    def spoil(arena: Arena, _fake: FakeProvider, project: Project) -> None:
        _in_trouble(arena, project, file_limit=size * 1024 + 1)

    return spoil


@contextmanager
def _small_disk(project: Project, size: int) -> Iterator[Path]:
    """Make the results folder a disk of its own; raises `OSError` where that is not allowed."""
    place = project.folder / "results"
    place.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={max(4, size)}k", "tmpfs", str(place)]
    if os.getuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        raise OSError("a small disk can't be mounted here")
    try:
        yield place
        kept = place.with_name("kept")
        shutil.copytree(place, kept, symlinks=True)
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)
    shutil.rmtree(place)
    kept.rename(place)


def _small(size: int) -> Callable[[Arena, FakeProvider, Project], None]:
    """The disk is full after so many KB."""

    def spoil(arena: Arena, _fake: FakeProvider, project: Project) -> None:
        with _small_disk(project, size):
            _in_trouble(arena, project)

    return spoil


def _read_only(arena: Arena, fake: FakeProvider, project: Project) -> None:
    """The disk becomes read-only while the run is played."""
    with _small_disk(project, 10_000) as place:
        running = arena.start(project, *RUN)
        _until_asked(fake, running)
        again = ["mount", "-o", "remount,ro", str(place)]
        subprocess.run(again, check=False, capture_output=True)
        ended = arena.ended(running)
        arena.expect(ended.code in TROUBLE, f"exit {ended.code}: {ended.err[-700:]}")


def _until_asked(fake: FakeProvider, running: Running) -> None:
    while not fake.requests and running.is_running:
        running.lasted(0.02)


def _removed(name: str) -> Callable[[Arena, FakeProvider, Project], None]:
    """Something of the run is removed while it is played."""

    def spoil(arena: Arena, fake: FakeProvider, project: Project) -> None:
        running = arena.start(project, *RUN)
        _until_asked(fake, running)
        running.lasted(arena.chance.fraction() * 0.5)
        for path in [*project.folder.glob(name)]:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        ended = arena.ended(running)
        arena.expect(ended.code in TROUBLE, f"exit {ended.code}: {ended.err[-700:]}")
        arena.expect(not ended.code or "error" in ended.err, f"exit {ended.code} without a word: {ended.err[-300:]}")

    return spoil


def _in_the_way(name: str) -> Callable[[Arena, FakeProvider, Project], None]:
    """A file stands where a folder has to be."""

    def spoil(arena: Arena, _fake: FakeProvider, project: Project) -> None:
        place = project.folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("in the way")
        _in_trouble(arena, project)
        place.unlink()

    return spoil


WAYS: Final[dict[str, Callable[[Arena, FakeProvider, Project], None]]] = {
    **{f"files of {size} KB": _limited(size) for size in SIZES[2:]},
    **{f"a disk of {size} KB": _small(size) for size in SIZES},
    "read-only in between": _read_only,
    "run removed": _removed("results/tea/2*"),
    "results removed": _removed("results"),
    "store removed": _removed("results/tea/2*/calls.sqlite*"),
    "trials removed": _removed("results/tea/2*/trials"),
    "plan removed": _removed("results/tea/2*/plan.json"),
    "manifest removed": _removed("results/tea/2*/manifest.json"),
    "latest removed": _removed("results/tea/latest"),
    "experiment removed": _removed("x.yaml"),
    "a file for results": _in_the_way("results"),
    "a file for its name": _in_the_way("results/tea"),
    "a file for the cache": _in_the_way("cache"),
}
