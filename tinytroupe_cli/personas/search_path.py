"""The folders of people's files: the experiment's, those up to the project's root, the user's own, the starters."""

from __future__ import annotations

import glob
import os
from collections.abc import Collection
from pathlib import Path
from typing import Final

import platformdirs

from tinytroupe_cli.core.diagnostics import did_you_mean

MAX_DEEP_WILDCARDS: Final = 2
"""`**` in one pattern."""
ROOT_MARKS: Final = ("config.ini", ".git")


def user_folder() -> Path:
    """Return the folder of the user's own people, available in every project."""
    return Path(platformdirs.user_data_dir("troupe", appauthor=False))


def starters_folder() -> Path:
    """Return the folder whose `personas/` and `fragments/` are included in the package.

    A wheel carries copies; in a checkout the top-level folders are the only ones.
    """
    copies = Path(__file__).parent / "starters"
    return copies if copies.is_dir() else Path(__file__).parents[2]


def project_root(base_dir: Path) -> Path | None:
    """Return the nearest folder, from here upward, that contains `config.ini` or `.git`."""
    return next((folder for folder in _upward(base_dir) if any((folder / mark).exists() for mark in ROOT_MARKS)), None)


def project_folders(base_dir: Path) -> list[Path]:
    """Return the folders from `base_dir` up to the project's root; without a root, `base_dir` and the one above it."""
    folders = _upward(base_dir)
    root = project_root(base_dir)
    return folders[: folders.index(root) + 1] if root else folders[:2]


def project_boundary(base_dir: Path) -> Path:
    """Return the real path of the folder whose files belong to an experiment.

    That is the project's root; without one, the experiment's folder, or the one above it if that has `personas/` or
    `fragments/`. A mark in the home folder does not make everything in it one project.
    """
    start = _upward(base_dir)[0].resolve()
    root = project_root(start)
    if root is not None and (root == start or root != Path.home().resolve()):
        return root
    above = start.parent
    is_project = above != Path.home().resolve() and any((above / name).is_dir() for name in ("personas", "fragments"))
    return above if is_project or start.name == "experiments" else start


def simple_pattern(pattern: str) -> str:
    """Return a pattern that finds the same files in bounded time; one that finds nothing if it climbs after a wildcard.

    Each further `**` and each `*/..` would multiply the folders visited.
    """
    parts: list[str] = []
    for part in Path(pattern).parts:
        if part == ".." and any(glob.has_magic(earlier) for earlier in parts):
            return ""
        if part != "**" or parts[-1:] != ["**"]:
            parts.append(part)
    return str(Path(*parts)) if parts and parts.count("**") <= MAX_DEEP_WILDCARDS else ""


def folders_searched(base_dir: Path) -> str:
    """Return a hint that names the folders in which a missing file was looked for."""
    first, *_, last = [*(folders := project_folders(base_dir)), folders[-1]]
    return f"searched {first}" if first == last else f"searched {first} and the folders above it, up to {last}"


def files_there(name: str, folder: Path, endings: Collection[str], *, label: str) -> str:
    """Return a hint for a missing name: the nearest one, or the names that exist."""
    inside = (folder / name).parent
    if not inside.is_dir():
        return folders_searched(folder)
    prefix = Path(name).parent
    files = [(prefix / file.name).as_posix() for file in inside.iterdir() if file.suffix.lower() in endings]
    where = f"'{prefix.as_posix()}'" if prefix.parts else "the experiment's folder"
    return did_you_mean(name, files, label=f"{label} in {where}")


def _upward(base_dir: Path) -> list[Path]:
    start = Path(os.path.abspath(base_dir))  # noqa: PTH100 - removes `..` without following links
    return [start, *start.parents]
