"""Compiles an experiment's file to its plan, for `check`, `plan` and `run`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import JsonValue

from tinytroupe_cli.api.compiled import Compiled
from tinytroupe_cli.api.default_model import (
    NEW_OR_UNFINISHED,
    Decide,
    RunToContinue,
    default_model_chooser,
)
from tinytroupe_cli.api.experiment_draft import ExperimentDraft
from tinytroupe_cli.api.multiverse_runs import is_replaced, with_branches
from tinytroupe_cli.api.settings import resolve_settings
from tinytroupe_cli.core.bounded_files import is_named
from tinytroupe_cli.core.diagnostics import Diagnostic, Span, did_you_mean
from tinytroupe_cli.core.errors import NothingToDo, RunError, SpecError
from tinytroupe_cli.core.network_access import NetworkAccess, host_of
from tinytroupe_cli.language.reading import read_text
from tinytroupe_cli.plan.hashing import plan_hash
from tinytroupe_cli.plan.types import Plan, Trial
from tinytroupe_cli.spec.addresses import address_findings, allow_hint
from tinytroupe_cli.spec.config import Settings
from tinytroupe_cli.spec.loader import Loaded, load_experiment

__all__ = [
    "Compiled",
    "Plan",
    "RunToContinue",
    "Settings",
    "Trial",
    "compile_file",
    "compile_files",
    "find_trial",
    "plan_hash",
]

_First = TypeVar("_First")
_Second = TypeVar("_Second")

_OF_THE_EXPERIMENT = ("seed", "replicates")
"""Flags that change the experiment itself, as `--set` does."""


def compile_file(
    path: Path,
    *,
    env: Mapping[str, str],
    overrides: Mapping[str, str] | None = None,
    flags: Mapping[str, JsonValue] | None = None,
    folder: Path | None = None,
    is_offline: bool = False,
    going_on: RunToContinue = NEW_OR_UNFINISHED,
    may_import: bool = False,
) -> Compiled:
    """Compile an experiment for a command run in `folder` (default: the current one).

    `flags` are settings by their config.ini names (`run.max_cost`), and `seed` and
    `replicates`; those that are None are not set. If no model is configured, a resumed run keeps its own; otherwise
    the model is chosen by this machine, for which the model hub may be contacted unless `is_offline`.
    Only with `may_import` are the user's modules imported, which runs them.
    Raises SpecError with all errors.
    """
    decide = default_model_chooser(env, is_offline=is_offline)
    command = _Command(folder or Path.cwd(), env, decide, going_on, may_import)
    return command.compiled(path, overrides or {}, flags or {})


def compile_files(
    paths: Sequence[Path],
    *,
    env: Mapping[str, str],
    overrides: Mapping[str, str] | None = None,
    flags: Mapping[str, JsonValue] | None = None,
    is_offline: bool = False,
    going_on: RunToContinue = NEW_OR_UNFINISHED,
    may_import: bool = False,
) -> list[Compiled]:
    """Compile several experiments; raises SpecError with the errors of all, each once."""
    command = _Command(Path.cwd(), env, default_model_chooser(env, is_offline=is_offline), going_on, may_import)
    compiled: list[Compiled] = []
    found: list[Diagnostic] = []
    for path in paths:
        try:
            compiled.append(command.compiled(path, overrides or {}, flags or {}))
        except SpecError as error:
            found += error.diagnostics
    if found:
        raise SpecError(list(dict.fromkeys(found)))
    return compiled


@dataclass(frozen=True, slots=True)
class _Command:
    """Where a command runs, and what all experiments that it names have in common."""

    project_dir: Path
    env: Mapping[str, str]
    decide: Decide
    going_on: RunToContinue
    may_import: bool

    def compiled(self, path: Path, overrides: Mapping[str, str], flags: Mapping[str, JsonValue]) -> Compiled:
        """Compile an experiment and all runs of its multiverse."""

        def branch(choices: Mapping[str, str], varied: Iterable[str]) -> Compiled:
            kept = {name: value for name, value in flags.items() if not is_replaced(name, varied)}
            return self._one(path, {**overrides, **choices}, kept)

        return with_branches(self._one(path, overrides, flags), branch)

    def _one(self, path: Path, overrides: Mapping[str, str], flags: Mapping[str, JsonValue]) -> Compiled:
        given = {name: value for name, value in flags.items() if value is not None}
        of_settings = {k: v for k, v in given.items() if k not in _OF_THE_EXPERIMENT}
        laid_over = {**overrides, **{k: str(v) for k, v in given.items() if k in _OF_THE_EXPERIMENT}}
        text = _read(path)
        loaded, settings = _both(
            lambda: load_experiment(text, str(path), env=self.env, overrides=laid_over),
            lambda: resolve_settings(self.project_dir, of_settings),
        )
        _refuse_addresses(loaded, settings, self.env)
        draft = ExperimentDraft(path, text, loaded, settings, self.project_dir, self.env, self.may_import)
        return draft.gone_on_with(self.going_on) or draft.compiled(self.decide)


def find_trial(plan: Plan, name: str) -> Trial:
    """Return a trial by its id; raises RunError if it does not exist."""
    found = next((trial for trial in plan.trials if trial.id == name), None)
    if found is None:
        hint = did_you_mean(name, [trial.id for trial in plan.trials], label="trials")
        raise RunError(f"no trial '{name}'", hint=hint)
    return found


def _read(path: Path) -> str:
    if not is_named(path):
        where = f"'{path.parent}'" if path.parent.parts else "this folder"
        hint = did_you_mean(path.name, _experiments_in(path.parent), label=f"experiments in {where}")
        raise NothingToDo(
            f"'{path}' is a folder, not a file" if path.is_dir() else f"no such file: '{path}'", hint=hint
        )
    return read_text(path, str(path))


def _experiments_in(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return [file.name for file in folder.iterdir() if file.suffix in {".yaml", ".yml"}]


def _both(first: Callable[[], _First], second: Callable[[], _Second]) -> tuple[_First, _Second]:
    """Return the results of both; raises SpecError with the errors of either."""
    try:
        done = first()
    except SpecError as error:
        try:
            second()
        except SpecError as other:
            raise SpecError([*error.diagnostics, *other.diagnostics]) from error
        raise
    return done, second()


def _refuse_addresses(loaded: Loaded, settings: Settings, env: Mapping[str, str]) -> None:
    """Raise `SpecError` for addresses that the experiment, or its folder's config.ini, may not reach."""
    access = NetworkAccess(settings.allow_addresses)
    found = address_findings(loaded.document, access, env)
    origin, host = settings.origins["model.api_base"], host_of(settings.api_base or "")
    if host and origin.startswith("./") and not access.has(host):
        span = Span("./config.ini", line=int(origin.rpartition(":")[2]))
        message = f"{access.refusal(host)}: calls to it are not allowed"
        found.append(Diagnostic("E464", message, span, hint=allow_hint(host)))
    if found:
        raise SpecError(found)
