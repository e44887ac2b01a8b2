"""Locks an experiment before it is run, and finds what a run changes of a lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue, ValidationError

from tinytroupe_cli.api.planning import Compiled, compile_file
from tinytroupe_cli.api.versions import versions
from tinytroupe_cli.core.bounded_files import read_regular
from tinytroupe_cli.core.clock import Clock, WallClock
from tinytroupe_cli.core.diagnostics import Diagnostic, Span
from tinytroupe_cli.core.errors import NothingToDo, RunError, SpecError
from tinytroupe_cli.core.files import write_whole
from tinytroupe_cli.language.reading import read_text
from tinytroupe_cli.language.said_values import on_one_line
from tinytroupe_cli.plan.locked_contents import answers_hash, locked_contents, primary_comparisons
from tinytroupe_cli.plan.preregistration import Deviation, Lock, LockRecord, deviations, record_of
from tinytroupe_cli.runs.folder import RunFolder
from tinytroupe_cli.runs.run_lookup import readable_below

__all__ = ["Lock", "LockCheck", "Locked", "check_lock", "lock_experiment", "refuse_changes"]

SUFFIX = ".lock.json"


@dataclass(frozen=True, slots=True)
class Locked:
    """A lock, and where it is."""

    path: Path
    lock: Lock
    is_new: bool
    """False: the experiment was locked before, and nothing has changed."""


@dataclass(frozen=True, slots=True)
class LockCheck:
    """The lock beside an experiment, and in what the experiment differs from it."""

    record: LockRecord
    deviations: tuple[Deviation, ...]


def lock_experiment(
    path: Path,
    *,
    env: Mapping[str, str],
    overrides: Mapping[str, str] | None = None,
    flags: Mapping[str, JsonValue] | None = None,
    hypotheses: Path | None = None,
    is_replacing: bool = False,
    clock: Clock | None = None,
) -> Locked:
    """Write the lock of an experiment beside it.

    Raises `RunError` if it is locked and has changed since, unless `is_replacing`.
    """
    compiled = compile_file(path, env=env, overrides=overrides, flags=flags)
    text = read_text(hypotheses, str(hypotheses)) if hypotheses else ""
    file = lock_path(path)
    if file.exists() and not is_replacing:
        before = _read(file)
        changed = _differences(before, compiled, results_existed=False)
        if not changed and before.hypotheses == text:
            return Locked(file, before, is_new=False)
        named = ", ".join([deviation.what for deviation in changed] or ["hypotheses"])
        hint = "undo the changes, or replace the lock with --replace"
        raise RunError(f"'{file}' locks this experiment as it was on {before.locked}; changed: {named}", hint=hint)
    runs = list(_runs_with_answers(compiled, Path.cwd() / compiled.settings.results))
    own = answers_hash(compiled.plan)
    lock = Lock(
        experiment=path.name,
        name=compiled.plan.name,
        locked=(clock or WallClock()).date().isoformat(timespec="seconds"),
        hypotheses_file=hypotheses.name if hypotheses else "",
        hypotheses=text,
        runs_before=len(runs),
        same_answers_before=any(_answers_of(run) == own for run in runs),
        primary=primary_comparisons(compiled.plan),
        contents=_contents(compiled),
    ).sealed()
    write_whole(file, lock.model_dump_json(indent=2) + "\n")
    return Locked(file, lock, is_new=True)


def check_lock(compiled: Compiled, results: Path) -> LockCheck | None:
    """Return the lock beside an experiment with all deviations from it; None: there is none."""
    file = lock_path(compiled.path)
    if compiled.experiment is None or not file.exists():
        return None
    lock = _read(file)
    existed = next(_runs_with_answers(compiled, results), None) is not None
    changed = _differences(lock, compiled, results_existed=existed)
    return LockCheck(record_of(lock, file.name), tuple(changed))


def refuse_changes(compiled: Compiled) -> None:
    """Raise `SpecError` that names everything in which an experiment differs from its lock (E570)."""
    file = lock_path(compiled.path)
    if not file.exists():
        raise NothingToDo(f"there is no lock '{file}'", hint=f"write it with `troupe lock {compiled.path}`")
    changed = _differences(_read(file), compiled, results_existed=False)
    hint = "undo the change, or run without --locked: the report then lists it as a deviation"
    span = Span(str(file), line=0)
    said = [
        f"{deviation.what}: {on_one_line(deviation.locked)} -> {on_one_line(deviation.run)}" for deviation in changed
    ]
    if said:
        raise SpecError([Diagnostic("E570", message, span, hint=hint) for message in said])


def lock_path(experiment: Path) -> Path:
    """Return where the lock of an experiment is: `ad.lock.json` beside `ad.yaml`."""
    return experiment.with_name(experiment.stem + SUFFIX)


def _read(file: Path) -> Lock:
    try:
        lock = Lock.model_validate_json(read_regular(file))
    except (OSError, ValidationError) as error:
        hint = "restore it, or write a new one with `troupe lock --replace`"
        raise RunError(f"'{file}' can't be read as a lock", hint=hint) from error
    if not lock.is_intact:
        hint = "restore it from where it was archived, or write a new one with `troupe lock --replace`"
        raise RunError(f"'{file}' was edited after it was written, so it can't be trusted", hint=hint)
    return lock


def _contents(compiled: Compiled) -> dict[str, dict[str, JsonValue]]:
    assert compiled.experiment is not None  # noqa: S101 - it was read from a file
    return locked_contents(compiled.plan, compiled.experiment, versions())


def _differences(lock: Lock, compiled: Compiled, *, results_existed: bool) -> list[Deviation]:
    return deviations(lock.contents, _contents(compiled), results_existed=results_existed)


def _runs_with_answers(compiled: Compiled, results: Path) -> Iterator[RunFolder]:
    """Yield the runs of an experiment that have any answer."""
    for folder, _ in readable_below(results / compiled.plan.name):
        if folder.has_events:
            yield folder


def _answers_of(folder: RunFolder) -> str:
    try:
        return answers_hash(folder.planned())
    except RunError:
        return ""
