"""Finds a population's file by name or path, in the same folders as people's files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tinytroupe_cli.core.bounded_files import is_named
from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.personas.library import Library

FOLDER: Final = "populations"
ENDINGS: Final = ("", ".yaml", ".yml", ".json")


def find_population(library: Library, name: str, *, base_dir: Path) -> Path | None:
    """Return the file of `canada` or `populations/canada.yaml`; `base_dir` is the folder it was written in."""
    for place in library.places(base_dir):
        for folder in (place, place / FOLDER):
            for ending in ENDINGS:
                if is_named(folder / f"{name}{ending}"):
                    return folder / f"{name}{ending}"
    return None


def other_populations(library: Library, name: str, *, base_dir: Path) -> str:
    """Return which populations there are instead."""
    found = [path.stem for place in library.places(base_dir) for path in _files(place / FOLDER)]
    return did_you_mean(Path(name).stem, dict.fromkeys(found), label="populations")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.y*ml")) if folder.is_dir() else []
