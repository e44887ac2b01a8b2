"""Finds the experiments meant by files and folders."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tinytroupe_cli.core.bounded_files import MAX_TEXT_BYTES, UnreadableFileError, read_bounded
from tinytroupe_cli.core.errors import NothingToDo

__all__ = ["ENDINGS", "experiments_in", "files_in", "is_experiment"]

ENDINGS = (".yaml", ".yml", ".json")
_HINT = "an experiment is a YAML file that begins with troupe: 1"
_PASSED_OVER = {"results", "node_modules", "build", "dist"}


def experiments_in(paths: Iterable[Path]) -> list[Path]:
    """Return the experiments meant by files and folders, each once; raises `NothingToDo` if any path has none.

    A named file is always taken; in a folder, each file with `troupe:` at the beginning of a line.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(files_in([path], is_ours=lambda each: each.suffix in ENDINGS and is_experiment(each)))
            if not inside:
                where = "here" if path == Path() else f"in '{path}'"
                raise NothingToDo(f"there is no experiment {where}", hint=_HINT)
            found += inside
        else:
            found.append(path)
    if not found:
        raise NothingToDo("there is no experiment here", hint=_HINT)
    return list(dict.fromkeys(found))


def files_in(paths: Iterable[Path], *, is_ours: Callable[[Path], bool]) -> Iterator[Path]:
    """Yield the named files and, from folders, troupe's files; no hidden files and no results."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for found in path.rglob("*"):
            inside = found.relative_to(path).parts
            hidden = any(part.startswith(".") or part in _PASSED_OVER for part in inside)
            if not hidden and found.is_file() and is_ours(found):
                yield found


def is_experiment(path: Path) -> bool:
    """Return whether a YAML file is an experiment: it has `troupe:` at the beginning of a line."""
    if path.suffix == ".json":
        return False
    try:
        return re.search(rb"^troupe:", read_bounded(path, MAX_TEXT_BYTES), re.MULTILINE) is not None
    except UnreadableFileError:
        return True  # reading it as one says what is the matter
