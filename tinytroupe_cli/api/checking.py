"""Checks files without running anything: experiments, personas, fragments, config.ini."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tinytroupe_cli.api.people import check_person_file, looks_like_person_file
from tinytroupe_cli.api.planning import compile_file
from tinytroupe_cli.core.diagnostics import Diagnostic
from tinytroupe_cli.core.errors import NothingToDo, SpecError
from tinytroupe_cli.spec.json_schema import experiment_schema

__all__ = ["Checked", "check_paths", "experiment_schema"]

_ENDINGS = (".yaml", ".yml", ".json")
_PASSED_OVER = {"results", "node_modules", "build", "dist"}


@dataclass(frozen=True, slots=True)
class Checked:
    """One file and what was found in it."""

    path: Path
    kind: str
    """`experiment`, or `person` for personas and fragments."""
    diagnostics: tuple[Diagnostic, ...]


def check_paths(paths: Iterable[Path], *, overrides: Mapping[str, str], env: Mapping[str, str]) -> list[Checked]:
    """Check files, and all that lies below folders; raises `NothingToDo` if there is nothing to check."""
    checked = [_check(path, overrides=overrides, env=env) for path in sorted(set(_files(paths)))]
    if not checked:
        raise NothingToDo("there is no experiment, persona or fragment here", hint="name a file or a folder")
    return checked


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for found in path.rglob("*"):
            inside = found.relative_to(path).parts
            hidden = any(part.startswith(".") or part in _PASSED_OVER for part in inside)
            if found.suffix in _ENDINGS and not hidden and _ours(found):
                yield found


def _ours(path: Path) -> bool:
    return _is_experiment(path) or looks_like_person_file(path)


def _is_experiment(path: Path) -> bool:
    """Tell an experiment among all the YAML of a folder: it says `troupe:` at the beginning of a line."""
    if path.suffix == ".json":
        return False
    return any(line.startswith(b"troupe:") for line in path.read_bytes().splitlines())


def _check(path: Path, *, overrides: Mapping[str, str], env: Mapping[str, str]) -> Checked:
    if path.exists() and not _is_experiment(path) and looks_like_person_file(path):
        return Checked(path, "person", tuple(check_person_file(path)))
    try:
        compiled = compile_file(path, overrides=overrides, env=env)
    except SpecError as error:
        return Checked(path, "experiment", error.diagnostics)
    return Checked(path, "experiment", tuple(compiled.warnings))
