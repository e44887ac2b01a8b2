"""From an experiment's file to its plan: what `check`, `plan` and `run` have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from pydantic import JsonValue

from tinytroupe_cli.api.csv_files import read_csv
from tinytroupe_cli.api.documents import find_documents, read_document
from tinytroupe_cli.api.estimating import context_window
from tinytroupe_cli.api.images import find_image
from tinytroupe_cli.api.local_models import default_here
from tinytroupe_cli.api.machine import machine_at
from tinytroupe_cli.api.settings import settings_in_force
from tinytroupe_cli.api.toolbox import resolve_tool
from tinytroupe_cli.core.diagnostics import Diagnostic, did_you_mean
from tinytroupe_cli.core.errors import NothingToDo, RunError, SpecError
from tinytroupe_cli.core.reading import read_text
from tinytroupe_cli.models.local_lookup import with_content
from tinytroupe_cli.models.port import Role
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.personas.library import standard_library
from tinytroupe_cli.plan.compiler import compile_plan
from tinytroupe_cli.plan.hashing import plan_hash
from tinytroupe_cli.plan.parts import Resolvers, RunSettings
from tinytroupe_cli.plan.types import Limits, Models, Plan, Price, Trial
from tinytroupe_cli.prompts.catalog import prompts_hash
from tinytroupe_cli.spec.config import Settings
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.loader import load_experiment
from tinytroupe_cli.spec.roles import ChosenModel, choose_models, system_models
from tinytroupe_cli.spec.running import LimitsSpec, Report
from tinytroupe_cli.spec.stimuli import Picture, Show

__all__ = [
    "Compiled",
    "Plan",
    "Settings",
    "Trial",
    "compile_file",
    "compile_files",
    "plan_hash",
    "trial_called",
]

First = TypeVar("First")
Second = TypeVar("Second")

_OF_THE_EXPERIMENT = ("seed", "replicates")
"""Flags that change the experiment itself, as `--set` does."""


@dataclass(frozen=True)
class Compiled:
    """An experiment's file and everything that follows from it before it is run."""

    path: Path
    text: str
    """The file as it was read."""
    plan: Plan
    settings: Settings
    origins: Mapping[str, str]
    """Role of a model, or name of a setting -> where its value comes from."""
    warnings: tuple[Diagnostic, ...]


def compile_file(
    path: Path,
    *,
    env: Mapping[str, str],
    overrides: Mapping[str, str] | None = None,
    flags: Mapping[str, JsonValue] | None = None,
    folder: Path | None = None,
) -> Compiled:
    """Compile an experiment for a command run in `folder` (default: the current one).

    `flags` are settings by their config.ini names (`run.max_cost`), and `seed` and
    `replicates`; those that are None are not set. Raises SpecError with everything that is wrong.
    """
    here = folder or Path.cwd()
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    of_settings = {k: v for k, v in given.items() if k not in _OF_THE_EXPERIMENT}
    laid_over = {**(overrides or {}), **{k: str(v) for k, v in given.items() if k in _OF_THE_EXPERIMENT}}
    text = _read(path)
    loaded, settings = _both(
        lambda: load_experiment(text, str(path), env=env, overrides=laid_over),
        lambda: settings_in_force(here, of_settings),
    )
    near = path.absolute().parent
    chosen = choose_models(loaded.experiment, settings, env, default_here)
    models: dict[Role, ChosenModel] = {role: replace(one, use=with_content(one.use)) for role, one in chosen.items()}
    people = models["people"].use.use
    around = Resolvers(
        standard_library(here),
        near,
        partial(read_document, near=near, model=people, window=partial(context_window, people)),
        partial(find_documents, near=near),
        partial(resolve_tool, near=near),
        partial(read_csv, near=near),
        machine_at(near),
        partial(find_image, near=near),
    )
    plan, warnings = compile_plan(loaded, around, _running(loaded.experiment, settings, models, env))
    origins = {**settings.origins, **{role: chosen.origin for role, chosen in models.items()}}
    return Compiled(path, text, plan, settings, origins, (*settings.warnings, *warnings))


def compile_files(
    paths: Sequence[Path],
    *,
    env: Mapping[str, str],
    overrides: Mapping[str, str] | None = None,
    flags: Mapping[str, JsonValue] | None = None,
) -> list[Compiled]:
    """Compile several experiments; raises SpecError with all that is wrong in any of them, each finding once."""
    compiled: list[Compiled] = []
    found: list[Diagnostic] = []
    for path in paths:
        try:
            compiled.append(compile_file(path, env=env, overrides=overrides, flags=flags))
        except SpecError as error:
            found += error.diagnostics
    if found:
        raise SpecError(list(dict.fromkeys(found)))
    return compiled


def _both(first: Callable[[], First], second: Callable[[], Second]) -> tuple[First, Second]:
    """Return what both return; raises SpecError with what is wrong in either."""
    try:
        done = first()
    except SpecError as error:
        try:
            second()
        except SpecError as other:
            raise SpecError([*error.diagnostics, *other.diagnostics]) from error
        raise
    return done, second()


def trial_called(plan: Plan, name: str) -> Trial:
    """Return a trial by its id; raises RunError where there is none."""
    found = next((trial for trial in plan.trials if trial.id == name), None)
    if found is None:
        hint = did_you_mean(name, [trial.id for trial in plan.trials], label="trials")
        raise RunError(f"no trial '{name}'", hint=hint)
    return found


def _read(path: Path) -> str:
    if not path.is_file():
        kind = "a folder" if path.is_dir() else "no such file"
        hint = did_you_mean(path.name, _experiments_in(path.parent), label="experiments there")
        raise NothingToDo(f"'{path}' is {kind}", hint=hint)
    return read_text(path, str(path))


def _experiments_in(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return [file.name for file in folder.iterdir() if file.suffix in {".yaml", ".yml"}]


def _running(
    experiment: Experiment, settings: Settings, models: Mapping[Role, ChosenModel], env: Mapping[str, str]
) -> RunSettings:
    prices = {model: Price(**price.model_dump()) for model, price in experiment.prices.items()}
    report = experiment.report or Report()
    return RunSettings(
        models=Models.model_validate({role: chosen.use for role, chosen in models.items()}),
        prices=prices,
        limits=_limits(experiment.limits or LimitsSpec(), settings),
        formats=tuple(report.formats),
        max_words=settings.max_words,
        prompts=prompts_hash(),
        context=context_window(models["people"].use.use),
        people_see=_shows_pictures(experiment) and PriceTable().sees(models["people"].use),
        safety=tuple(name for name in ("harmful_content", "copyright") if getattr(settings, name)),
        systems=system_models(experiment, settings, env),
    )


def _shows_pictures(experiment: Experiment) -> bool:
    effects = (effect for one in experiment.interventions or () for effect in one.then)
    shown = (one.show for one in (*experiment.stimuli, *effects) if isinstance(one, Show))
    return any(isinstance(one, Picture) and one.image is not None for one in shown)


def _limits(written: LimitsSpec, settings: Settings) -> Limits:
    """Take the experiment's limits; `--max-cost` wins over its money, which wins over config.ini's."""
    is_flag = settings.origins.get("run.max_cost") == "--max-cost"
    usd = settings.max_cost if is_flag or written.usd is None else written.usd
    return Limits(usd=usd, tokens=written.tokens, calls=written.calls, minutes=written.minutes)
