"""Finds and reads the documents that an experiment gives to people."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tinytroupe_cli.compiler.resources.documents import FoundDocument, FoundDocuments
from tinytroupe_cli.core.bounded_files import is_named
from tinytroupe_cli.core.errors import RunError, TroupeError
from tinytroupe_cli.core.tokens import estimate_tokens
from tinytroupe_cli.inputs.text_extraction import ENDINGS, extract, extract_all
from tinytroupe_cli.language.chunks import chunks
from tinytroupe_cli.personas.file_access import FileAccess
from tinytroupe_cli.personas.search_path import (
    files_there,
    project_folders,
    simple_pattern,
    starters_folder,
    user_folder,
)

PART_TOKENS = 1_500
"""About how many tokens of a document people read at once."""
MAX_DOCUMENTS = 500
MAX_CHARACTERS = 20_000_000
"""Of all documents of one entry together."""
MAX_TOKENS = 16_000
"""About how many tokens they read in total, if the model's context window is unknown."""


def read_document(
    name: str, *, base_dir: Path, access: FileAccess, model: str, window: Callable[[], int | None]
) -> list[str]:
    """Return one document's text, in parts if it is long.

    Raises RunError if it does not exist, can't or may not be read, or does not fit the model's context window.
    """
    path = next((folder / name for folder in _places(base_dir) if is_named(folder / name)), None)
    if path is None:
        raise RunError(f"no file '{name}'", hint=_documents_there(name, base_dir))
    access.check(path, name)
    text = extract(path, name).text
    if (length := estimate_tokens(text)) <= PART_TOKENS:
        return [text]
    known = window()
    if length > (most := known // 2 if known else MAX_TOKENS):
        whose = (
            f"the window of {model} has {known:,}, and a document can fill at most half of it"
            if known
            else f"the maximum is {most:,}"
        )
        hint = f"let people look things up in it instead: documents: [{name}]"
        raise RunError(f"'{name}' has up to {length:,} tokens; {whose}", hint=hint)
    parts = chunks(text, PART_TOKENS)
    return [f"{name}, part {number} of {len(parts)}:\n\n{part.text}" for number, part in enumerate(parts, start=1)]


def find_documents(name: str, *, base_dir: Path, access: FileAccess) -> FoundDocuments:
    """Return the documents of a path, folder or pattern, sorted; raises RunError if there are none."""
    place = _place(name, base_dir, access)
    if place is None:
        raise RunError(f"no document '{name}'", hint=_documents_there(name, base_dir))
    files = sorted(set(_files(name, place)), key=lambda path: path.as_posix())
    named = is_named(place / name)  # a file that was asked for by its name must be readable
    read = [path for path in files if named or path.suffix.lower() in ENDINGS]
    unread = [_shown(path, place) for path in files if not named and path.suffix.lower() not in ENDINGS]
    if len(read) > MAX_DOCUMENTS:
        raise RunError(f"'{name}' has {len(read):,} documents; the maximum is {MAX_DOCUMENTS:,}", hint="list fewer")
    documents, failed = _read([(path, _shown(path, place)) for path in read], access)
    if sum(len(document.text) for document in documents) > MAX_CHARACTERS:
        raise RunError(f"'{name}' has more than {MAX_CHARACTERS:,} characters in all", hint="list fewer documents")
    if not documents and not failed:
        raise RunError(f"no document '{name}'", hint=f"documents can be {', '.join(ENDINGS)}")
    return FoundDocuments(tuple(documents), tuple(unread), tuple(failed))


def _read(files: Sequence[tuple[Path, str]], access: FileAccess) -> tuple[list[FoundDocument], list[TroupeError]]:
    """Return the documents that can be read, and why the others can't."""
    refused = [access.refusal(path, shown) for path, shown in files if not access.has(path)]
    allowed = [(path, shown) for path, shown in files if access.has(path)]
    documents: list[FoundDocument] = []
    failed: list[TroupeError] = [*refused]
    for (_, shown), found in zip(allowed, extract_all(allowed), strict=True):
        if isinstance(found, RunError):
            failed.append(found)
        else:
            documents.append(FoundDocument(shown, found.title, found.text))
    return documents, failed


def _places(base_dir: Path) -> list[Path]:
    return [*project_folders(base_dir), user_folder(), starters_folder()]


def _place(name: str, base_dir: Path, access: FileAccess) -> Path | None:
    """Return the first folder that has such documents; raises RunError if the way there leads outside the project."""
    for folder in _places(base_dir):
        start = _start(name, folder)
        if start is not None and not access.has(start):
            if folder == starters_folder():  # in a checkout it holds more than the starters' files
                continue
            raise access.refusal(start, name)
        if any(True for _ in _files(name, folder)):
            return folder
    return None


def _files(name: str, place: Path) -> Iterator[Path]:
    """Yield the files a name leads to from a folder; hidden ones only if named."""
    if "\0" in name or not name.strip():
        return
    exact = place / name
    if is_named(exact):
        yield exact
    elif exact.is_dir():
        for path in exact.rglob("*"):
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(exact).parts):
                yield path
    else:
        for found in glob.glob(simple_pattern(name), root_dir=place, recursive=True):  # noqa: PTH207 - also takes `..` and whole paths
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


def _shown(path: Path, place: Path) -> str:
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - removes `..` without following links
    return (whole.relative_to(place) if whole.is_relative_to(place) else Path(whole.name)).as_posix()


def _documents_there(name: str, base_dir: Path) -> str:
    return files_there(name, project_folders(base_dir)[0], ENDINGS, label="documents")
