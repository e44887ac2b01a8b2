"""Checks files without running anything: experiments, personas, fragments, config.ini."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import JsonValue

from tinytroupe_cli.api.anchor_warnings import anchor_warnings
from tinytroupe_cli.api.experiment_files import ENDINGS, files_in, is_experiment
from tinytroupe_cli.api.person_cards import check_person_file, looks_like_person_file
from tinytroupe_cli.api.planning import compile_file
from tinytroupe_cli.api.populations import check_population_file, looks_like_population
from tinytroupe_cli.api.settings import NAME as CONFIG
from tinytroupe_cli.api.settings import check_config
from tinytroupe_cli.core.diagnostics import Diagnostic, Span
from tinytroupe_cli.core.errors import NothingToDo, SpecError
from tinytroupe_cli.spec.json_schema import experiment_schema

__all__ = ["CheckResult", "check_paths", "experiment_schema"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One file and its findings."""

    path: Path
    kind: Literal["experiment", "person", "population", "settings"]
    """`person` for personas and fragments."""
    diagnostics: tuple[Diagnostic, ...]


def check_paths(
    paths: Iterable[Path],
    *,
    overrides: Mapping[str, str],
    env: Mapping[str, str],
    flags: Mapping[str, JsonValue] | None = None,
    on_checked: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[CheckResult]:
    """Check files, and all files below folders; raises `NothingToDo` if there are none.

    An error in a file that several experiments use is reported once. `on_checked` is called with the number of files
    that are done, and that of all.
    """
    files = sorted(set(files_in(paths, is_ours=_is_ours)))
    if not files:
        raise NothingToDo("there is no experiment, persona or fragment here", hint="name a file or a folder")
    if len(files) == 1 and not files[0].exists():
        compile_file(files[0], env=env, is_offline=True)  # says what else there is
    checked: list[CheckResult] = []
    for path in files:
        checked.append(_check(path, overrides=overrides, env=env, flags=flags or {}))
        on_checked(len(checked), len(files))
    return _each_once(checked)


def _each_once(checked: list[CheckResult]) -> list[CheckResult]:
    reported: set[Diagnostic] = set()
    kept: list[CheckResult] = []
    for file in checked:
        fresh = tuple(finding for finding in dict.fromkeys(file.diagnostics) if finding not in reported)
        reported.update(fresh)
        kept.append(replace(file, diagnostics=fresh))
    return kept


def _is_ours(path: Path) -> bool:
    if path.name == CONFIG:
        return True
    is_ours = is_experiment(path) or looks_like_person_file(path) or looks_like_population(path)
    return path.suffix in ENDINGS and is_ours


def _check(
    path: Path, *, overrides: Mapping[str, str], env: Mapping[str, str], flags: Mapping[str, JsonValue]
) -> CheckResult:
    if path.name == CONFIG and path.exists():
        return CheckResult(path, "settings", tuple(check_config(path, Path.cwd())))
    if path.exists() and not is_experiment(path) and looks_like_person_file(path):
        return CheckResult(path, "person", tuple(check_person_file(path)))
    if path.exists() and not is_experiment(path) and looks_like_population(path):
        return CheckResult(path, "population", tuple(check_population_file(path)))
    try:
        compiled = compile_file(path, overrides=overrides, flags=flags, env=env, is_offline=True)
    except SpecError as error:
        return CheckResult(path, "experiment", error.diagnostics)
    except NothingToDo as error:
        return CheckResult(path, "experiment", (Diagnostic("E101", error.message, Span(str(path)), hint=error.hint),))
    return CheckResult(path, "experiment", (*compiled.warnings, *anchor_warnings(compiled)))
