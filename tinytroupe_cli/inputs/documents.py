"""Finds and reads the documents that an experiment gives to people."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from tinytroupe_cli.compiler.resources.documents import FoundDocument, FoundDocuments
from tinytroupe_cli.core.errors import RunError, TroupeError
from tinytroupe_cli.core.tokens import estimate_tokens
from tinytroupe_cli.inputs.text_extraction import ENDINGS, extract
from tinytroupe_cli.language.chunks import chunks
from tinytroupe_cli.personas.file_access import FileAccess
from tinytroupe_cli.personas.search_path import files_there, project_folders, starters_folder, user_folder

PART_TOKENS = 1_500
"""About how many tokens of a document people read at once."""
MAX_TOKENS = 16_000
"""About how many tokens they read in total, if the model's context window is unknown."""


def read_document(
    name: str, *, base_dir: Path, access: FileAccess, model: str, window: Callable[[], int | None]
) -> list[str]:
    """Return one document's text, in parts if it is long.

    Raises RunError if it does not exist, can't or may not be read, or does not fit the model's context window.
    """
    path = next((folder / name for folder in _places(base_dir) if _is_file(folder / name)), None)
    if path is None:
        raise RunError(f"no file '{name}'", hint=_documents_there(name, base_dir))
    access.check(path, name)
    text = extract(path, name).text
    if (length := estimate_tokens(text)) <= PART_TOKENS:
        return [text]
    known = window()
    if length > (most := known // 2 if known else MAX_TOKENS):
        whose = (
            f"the window of {model} has {known:,}, and a document may fill half of it"
            if known
            else f"the maximum is {most:,}"
        )
        hint = f"let people look things up in it instead: documents: [{name}]"
        raise RunError(f"'{name}' may have {length:,} tokens; {whose}", hint=hint)
    parts = chunks(text, PART_TOKENS)
    return [f"{name}, part {number} of {len(parts)}:\n\n{part.text}" for number, part in enumerate(parts, start=1)]


def find_documents(name: str, *, base_dir: Path, access: FileAccess) -> FoundDocuments:
    """Return the documents of a path, folder or pattern, sorted; raises RunError if there are none."""
    for folder in _places(base_dir):
        if (start := _start(name, folder)) is not None:
            access.check(start, name)
    place = next((folder for folder in _places(base_dir) if any(True for _ in _files(name, folder))), None)
    if place is None:
        raise RunError(f"no document '{name}'", hint=_documents_there(name, base_dir))
    files = sorted(set(_files(name, place)), key=lambda path: path.as_posix())
    is_named = (place / name).is_file()  # a file that was asked for by its name must be readable
    documents: list[FoundDocument] = []
    failed: list[TroupeError] = []
    unread: list[str] = []
    for path in files:
        shown = _shown(path, place)
        if not is_named and path.suffix.lower() not in ENDINGS:
            unread.append(shown)
            continue
        try:
            access.check(path, shown)
            found = extract(path, shown)
            documents.append(FoundDocument(shown, found.title, found.text))
        except RunError as error:
            failed.append(error)
    if not documents and not failed:
        raise RunError(f"no document '{name}'", hint=f"documents can be {', '.join(ENDINGS)}")
    return FoundDocuments(tuple(documents), tuple(unread), tuple(failed))


def _places(base_dir: Path) -> list[Path]:
    return [*project_folders(base_dir), user_folder(), starters_folder()]


def _files(name: str, place: Path) -> Iterator[Path]:
    """Yield the files a name leads to from a folder; hidden ones only if named."""
    if "\0" in name or not name.strip():
        return
    exact = place / name
    if _is_file(exact):
        yield exact
    elif exact.is_dir():
        for path in exact.rglob("*"):
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(exact).parts):
                yield path
    else:
        for found in glob.glob(name, root_dir=place, recursive=True):  # noqa: PTH207 - also takes `..` and whole paths
            path = Path(os.path.normpath(place / found))
            if path.is_file():
                yield path


def _start(name: str, place: Path) -> Path | None:
    """Return the file or folder at which a search begins, before any pattern; None if it does not exist."""
    fixed: list[str] = []
    for part in Path(name).parts:
        if glob.has_magic(part):
            break
        fixed.append(part)
    start = place.joinpath(*fixed)
    return start if fixed and "\0" not in name and os.path.lexists(start) else None


def _is_file(path: Path) -> bool:
    return os.path.isfile(path)  # noqa: PTH113 - a name may be no possible path


def _shown(path: Path, place: Path) -> str:
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - removes `..` without following links
    return (whole.relative_to(place) if whole.is_relative_to(place) else Path(whole.name)).as_posix()


def _documents_there(name: str, base_dir: Path) -> str:
    return files_there(name, project_folders(base_dir)[0], ENDINGS, label="documents there")
