"""Finds the entry of `local/NAME`: in the catalog, by the path of a GGUF file, or on the model hub."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

import platformdirs

from tinytroupe_cli.core.bounded_files import sha256_of
from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.errors import EnvironmentProblem, RunError
from tinytroupe_cli.core.files import write_whole
from tinytroupe_cli.core.json_files import read_remembered
from tinytroupe_cli.models.gguf import NotGguf, read_header
from tinytroupe_cli.models.local_catalog import CATALOG, HubFile, LocalModelEntry, is_local, local_name
from tinytroupe_cli.models.local_sizes import is_file_name
from tinytroupe_cli.models.port import ModelConfig

HUB: Final = "hf:"
UNKNOWN: Final = "0" * 64
"""The hash of a hub file that has not been looked up yet."""
USUAL_CONTEXT: Final = 4_096
"""Context length in tokens if a file does not give one."""

Notes = dict[str, dict[str, int | str]]
"""File -> what is known about it."""


def find_entry(name: str) -> LocalModelEntry:
    """Return the entry of a model, with or without `local/`.

    Raises `RunError` with the nearest name for an unknown one, `EnvironmentProblem` for a file that can't be used.
    """
    entry = known_entry(name)
    if entry is None:
        hint = did_you_mean(local_name(name), CATALOG, label="local models")
        more = "or a GGUF file: local/PATH.gguf, local/hf:OWNER/REPOSITORY/FILE.gguf"
        raise RunError(f"no local model is called '{local_name(name)}'", hint=f"{hint}; {more}" if hint else more)
    return entry


def known_entry(name: str) -> LocalModelEntry | None:
    """Return the entry of a model, or None if the name is unknown; raises as `find_entry` does."""
    short = local_name(name)
    if short.startswith(HUB):
        return _of_hub(short)
    return _of_file(Path(short).expanduser().absolute(), short) if is_file_name(short) else CATALOG.get(short)


def hub_file(name: str) -> HubFile:
    """Return the file that `hf:owner/repository/path/file.gguf` names; raises `RunError` for another form."""
    parts = name.removeprefix(HUB).split("/")
    if len(parts) < 3 or not all(parts) or not is_file_name(name):  # noqa: PLR2004 - owner, repository, file
        raise RunError(f"'{name}' names no file on the model hub", hint="write hf:OWNER/REPOSITORY/FILE.gguf")
    return HubFile(repository="/".join(parts[:2]), file="/".join(parts[2:]))


def with_content(use: ModelConfig) -> ModelConfig:
    """Return the model with its file's content hash added: another file of the same name is another model."""
    if not is_file_name(use.name) or not is_local(use):
        return use
    return use.model_copy(update={"server": f"sha256:{find_entry(use.name).sha256}"})


def remember_hub_file(name: str, *, size: int, sha256: str) -> None:
    """Store what the hub reported about a file, so that it is found without asking again."""
    _write(_hub_notes(), {**_read(_hub_notes()), name: {"bytes": size, "sha256": sha256}})


def _of_hub(name: str) -> LocalModelEntry:
    file = hub_file(name)
    known = _read(_hub_notes()).get(name, {})
    return LocalModelEntry(
        name=name,
        title=f"{file.file} of {file.repository}",
        bytes=int(known.get("bytes", 0)),
        sha256=str(known.get("sha256", UNKNOWN)),
        licence="see its page",
        context=32_768,
        hub=file,
    )


@cache
def _of_file(path: Path, name: str) -> LocalModelEntry:
    try:
        header = read_header(path)
    except NotGguf as problem:
        raise EnvironmentProblem(
            f"{path} can't be used as a model: {problem}", hint="download it again; its size is shown on its page"
        ) from problem
    except OSError as problem:
        why = "is not there" if isinstance(problem, FileNotFoundError) else f"can't be read: {problem.strerror}"
        raise EnvironmentProblem(
            f"the model file {path} {why}", hint="local/PATH.gguf is relative to the folder in which the command is run"
        ) from problem
    if not header.architecture:
        raise EnvironmentProblem(f"{path} does not say which architecture its model has", hint="use another file")
    return LocalModelEntry(
        name=name,
        title=header.name or path.stem,
        bytes=path.stat().st_size,
        sha256=_hash_of(path),
        licence=header.licence or "see its page",
        context=header.context or USUAL_CONTEXT,
        file=str(path),
        architecture=header.architecture,
        parameters=header.parameters,
    )


def _hash_of(path: Path) -> str:
    """Return a file's hash; computed once, and again when its size or date has changed."""
    stat = path.stat()
    known = _read(_hashes())
    seen = known.get(str(path), {})
    now: dict[str, int | str] = {"bytes": stat.st_size, "changed": stat.st_mtime_ns}
    if {name: seen.get(name) for name in now} == now:
        return str(seen["sha256"])
    found = sha256_of(path)
    _write(_hashes(), {**known, str(path): {**now, "sha256": found}})
    return found


def _hashes() -> Path:
    return _cache() / "gguf-hashes.json"


def _hub_notes() -> Path:
    return _cache() / "hub-files.json"


def _cache() -> Path:
    return platformdirs.user_cache_path("troupe", appauthor=False)


def _read(path: Path) -> Notes:
    """Return the notes in a file; what is no note is left out, and is found again."""
    return {name: note for name, note in read_remembered(path).items() if _is_note(note)}


def _is_note(note: Any) -> bool:
    if not isinstance(note, dict):
        return False
    known = cast("dict[str, Any]", note)
    return isinstance(known.get("bytes"), int) and isinstance(known.get("sha256"), str)


def _write(path: Path, notes: Notes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(notes, indent=1))
