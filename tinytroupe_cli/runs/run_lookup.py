"""Finds runs: by their folder, by `latest`, or below a folder of results."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from tinytroupe_cli.core.errors import NothingToDo, RunError
from tinytroupe_cli.runs.folder import LATEST, RunFolder
from tinytroupe_cli.runs.manifest import Manifest

MAX_NAME_BYTES: Final = 1_000
"""Of the name that `latest` holds where it is a text; a run's name is shorter."""


def open_folder(path: Path) -> RunFolder:
    """Open a run by its folder, by `latest`, by `results/NAME` or `results` (the newest below it).

    Raises `NothingToDo` if there is no run.
    """
    path = without_latest(path)
    if RunFolder(path).manifest_file.is_file():
        return RunFolder(path)
    newest = newest_below(path)
    if newest is not None:
        return newest[0]
    for damaged in folders_below(path):
        damaged.manifest()  # raises, and says what is wrong with it
    raise no_run_in(path)


def no_run_in(path: Path) -> NothingToDo:
    """Return the error for a folder without runs."""
    return NothingToDo(f"there is no run in '{path}'", hint="start one with `troupe run experiment.yaml`")


def newest_below(path: Path) -> tuple[RunFolder, Manifest] | None:
    """Return the newest run in `results` or `results/NAME` whose manifest can be read; None if there is none."""
    return next(iter(newest_first(path)), None)


def newest_first(path: Path) -> list[tuple[RunFolder, Manifest]]:
    """Return every run in `results` or `results/NAME` whose manifest can be read; its folder may have any name."""
    return sorted(readable_below(path), key=lambda run: (run[1].started, run[0].path.name), reverse=True)


def without_latest(path: Path) -> Path:
    """Return the run that `latest` stands for, be it a link or a text; any other path, or a damaged text, as it is."""
    if path.name != LATEST:
        return path
    if not path.is_file():
        return path.resolve()
    name = path.read_bytes()[:MAX_NAME_BYTES].decode(errors="replace").strip()
    is_name = name not in {"", ".."} and Path(name).name == name
    return path.with_name(name) if is_name else path


def folders_below(path: Path) -> Iterator[RunFolder]:
    """Yield every run in `results` or `results/NAME`, by name."""
    for depth in ("*", "*/*"):
        for manifest in sorted(path.glob(f"{depth}/manifest.json")):
            if manifest.parent.name != LATEST:
                yield RunFolder(manifest.parent)


def readable_below(path: Path) -> Iterator[tuple[RunFolder, Manifest]]:
    """Yield every run in `results` or `results/NAME` whose manifest can be read; damaged ones are skipped."""
    for folder in folders_below(path):
        with suppress(RunError):
            yield folder, folder.manifest()
