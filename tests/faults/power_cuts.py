"""Cuts the power at a random moment of a run: of its files, only what was synced is sure to survive.

A library preloaded into the run (synced.c, needs a C compiler) notes what was synced. After a kill, each file is left
as it was at its last sync, as it is, or in between: cut short, or with zeros where its end was not written. Names of
files are as they were at the last sync of their folder, or as they are.
"""

from __future__ import annotations

import functools
import json
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import BinaryIO, Final

from faults.arena import Arena
from faults.kills import LONGER, Payments, check_equal, is_finished, last_texts, stored_texts, undisturbed, what_came
from projects import MODEL, Project
from provider import FakeProvider

from tinytroupe_cli.core.random_streams import Stream

CUTS_A_RUN: Final = 2
LATENCY: Final = 0.1
SHADOWED: Final = "results"


def cut_power(arena: Arena) -> None:
    """Cut the power of one run a few times, end it and compare."""
    library = _library()
    with FakeProvider(latency=LATENCY) as fake:
        project = arena.project(fake.url, LONGER)
        wanted, _ = undisturbed(arena, fake, LONGER)
        calls = len(stored_texts(_project_in(arena.folder / "alone" / "project")))
        shadow, results = arena.folder / "shadow", project.folder / SHADOWED
        shadow.mkdir()
        env = {"LD_PRELOAD": str(library), "FAULTS_SHADOW": str(shadow), "FAULTS_ROOT": str(project.folder)}
        payments = Payments(fake)
        held: list[BinaryIO] = []
        while not is_finished(project) and arena.row.count < CUTS_A_RUN:
            enough = len(fake.requests) + 1 + arena.chance.integer(max(1, calls // 2))
            running = arena.start(project, "run", "x.yaml", "--model", MODEL, "--no-cache", env=env)
            while len(fake.requests) < enough and running.is_running:
                running.lasted(0.01)
            running.lasted(arena.chance.fraction() * LATENCY)
            arena.row.count += running.send(signal.SIGKILL)
            arena.ended(running)
            used = _used(project, arena.folder / "copy")
            if results.exists():
                _lose_power(results, shadow, arena.chance)
                held = _held(results)
            lost = used - stored_texts(project)
            arena.expect(not lost, f"{len(lost)} of {len(used)} answers that were used did not survive")
            payments.check(arena, project)
            _all_synced(results, shadow)
        for file in held:
            file.close()
        if not is_finished(project):
            ended = arena.run(project, "--no-cache")
            if ended.code in (2, 4) and "repair" in ended.err:
                arena.row.remarks["repaired"] = 1
                arena.troupe(project, "repair", str(project.runs[-1]))
                ended = arena.run(project, "--no-cache")
            arena.expect(ended.code == 0, f"afterwards, it ended with {ended.code}: {ended.err[-700:]}")
            payments.check(arena, project)
    check_equal(arena, what_came(project), wanted)


@functools.cache
def _library() -> Path:
    """Compile synced.c; raises `RuntimeError` without a compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise RuntimeError("power cuts need a C compiler (cc)")
    made = Path(tempfile.mkdtemp(prefix="faults-")) / "synced.so"
    source = Path(__file__).with_name("synced.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", str(made), str(source), "-ldl"], check=True)
    return made


def _lose_power(folder: Path, shadow: Path, chance: Stream) -> None:
    """Replace a folder by what may be left of it."""
    left = folder.with_name(f".{folder.name}.left")
    shutil.rmtree(left, ignore_errors=True)
    _leave(folder, left, shadow, chance)
    shutil.rmtree(folder)
    left.rename(folder)


def _used(project: Project, copy: Path) -> set[str]:
    """Return the answers of a run that were used, from a copy: SQLite changes the files that it reads.

    The kill may have come while the last one was being stored: it counts only if an event has its words.
    """
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(project.folder, copy, symlinks=True)
    there = _project_in(copy)
    used = stored_texts(there)
    events = "".join(path.read_text(errors="replace") for path in copy.rglob("events.jsonl"))
    return used - {text for text in last_texts(there) if not _is_in(text, events)}


def _project_in(folder: Path) -> Project:
    there = object.__new__(Project)
    there.folder = folder
    return there


def _is_in(text: str, events: str) -> bool:
    """Return whether an answer's longest words are in the log."""
    said = json.loads(text).values() if text.startswith("{") else [text]
    words = max((value for value in said if isinstance(value, str)), key=len, default="")
    return bool(words) and json.dumps(words)[1:-1] in events


def _held(folder: Path) -> list[BinaryIO]:
    """Open every file, so that no later one gets its inode."""
    return [path.open("rb") for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]


def _all_synced(folder: Path, shadow: Path) -> None:
    """Note that what is there after a power cut is on the disk."""
    shutil.rmtree(shadow)
    shadow.mkdir()
    if not folder.exists():
        return
    for path in (folder, *folder.rglob("*")):
        if path.is_symlink():
            continue
        number = path.stat().st_ino
        if path.is_dir():
            names = "".join(f"{inner.lstat().st_ino} {inner.name}\n" for inner in path.iterdir())
            (shadow / f"folder-{number}").write_text(names)
        else:
            (shadow / f"file-{number}").write_bytes(path.read_bytes())


def _leave(folder: Path, left: Path, shadow: Path, chance: Stream) -> None:
    left.mkdir(mode=0o700)
    for name, path in _names(folder, shadow, chance).items():
        if path.is_symlink():
            (left / name).symlink_to(path.readlink())
        elif path.is_dir():
            _leave(path, left / name, shadow, chance)
        elif path.is_file() and not name.endswith("-shm"):
            (left / name).write_bytes(_content(path, shadow, chance))
            (left / name).chmod(0o600)


def _names(folder: Path, shadow: Path, chance: Stream) -> dict[str, Path]:
    """Return what a folder contains: all of it, or what it had at its last sync, by its present paths."""
    now = {path.name: path for path in folder.iterdir()}
    kept = shadow / f"folder-{folder.stat().st_ino}"
    if chance.integer(2) or not kept.exists():
        return now
    by_inode = {path.lstat().st_ino: path for path in now.values()}
    lines = (line.split(" ", 1) for line in kept.read_text().splitlines())
    return {name: by_inode.get(int(inode), shadow / f"file-{inode}") for inode, name in lines}


def _content(file: Path, shadow: Path, chance: Stream) -> bytes:
    """Return what is left of a file."""
    if file.parent == shadow:  # the file that another one has replaced since
        return file.read_bytes()
    kept = shadow / f"file-{file.stat().st_ino}"
    synced = kept.read_bytes() if kept.exists() else b""
    now = file.read_bytes()
    match chance.integer(3):
        case 0:
            return synced
        case 1:
            return now
        case _:
            cut = len(synced) + chance.integer(max(1, len(now) - len(synced))) if len(now) > len(synced) else len(now)
            zeros = bytes(max(0, len(now) - cut)) if chance.integer(2) else b""
            return (now if now.startswith(synced) else synced)[:cut] + zeros
