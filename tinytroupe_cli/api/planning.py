"""Compiles an experiment's file to its plan, for `check`, `plan` and `run`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from pydantic import JsonValue

from tinytroupe_cli.api.compiled import Compiled
from tinytroupe_cli.api.default_model import (
    NEW_OR_UNFINISHED,
    Decide,
    RunToContinue,
    default_model_chooser,
    defaults_of_runs,
)
from tinytroupe_cli.api.estimating import context_window
from tinytroupe_cli.api.multiverse_runs import is_replaced, with_branches
from tinytroupe_cli.api.settings import resolve_settings
from tinytroupe_cli.compiler.compile import compile_plan
from tinytroupe_cli.compiler.parts import Resolvers, RunSettings
from tinytroupe_cli.core.bounded_files import is_named
from tinytroupe_cli.core.diagnostics import Diagnostic, Span, did_you_mean
from tinytroupe_cli.core.errors import NothingToDo, RunError, SpecError
from tinytroupe_cli.core.network_access import NetworkAccess, host_of
from tinytroupe_cli.core.secrets import Secrets
from tinytroupe_cli.inputs.csv_files import read_csv
from tinytroupe_cli.inputs.data_tables import read_data
from tinytroupe_cli.inputs.documents import find_documents, read_document
from tinytroupe_cli.inputs.functions import resolve_tool
from tinytroupe_cli.inputs.images import find_image
from tinytroupe_cli.inputs.program_lookup import program_lookup
from tinytroupe_cli.language.reading import read_text
from tinytroupe_cli.models.local_lookup import with_content
from tinytroupe_cli.models.port import Role
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.personas.file_access import file_access
from tinytroupe_cli.personas.library import standard_library
from tinytroupe_cli.plan.hashing import plan_hash
from tinytroupe_cli.plan.types import Limits, Models, Plan, Price, Trial
from tinytroupe_cli.prompts.catalog import prompts_hash
from tinytroupe_cli.runs.drift import finished_run, unfinished_run
from tinytroupe_cli.spec.addresses import address_findings, allow_hint
from tinytroupe_cli.spec.config import Settings
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.loader import Loaded, load_experiment
from tinytroupe_cli.spec.roles import ChosenModel, choose_models, is_default, second_coders, system_models
from tinytroupe_cli.spec.running import LimitsSpec, ReportSpec
from tinytroupe_cli.spec.stimuli import Picture, Show

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
    project_dir = folder or Path.cwd()
    return _compile(
        path,
        project_dir,
        env=env,
        overrides=overrides,
        flags=flags,
        decide=decide,
        going_on=going_on,
        may_import=may_import,
    )


def _compile(
    path: Path,
    project_dir: Path,
    *,
    env: Mapping[str, str],
    overrides: Mapping[str, str] | None,
    flags: Mapping[str, JsonValue] | None,
    decide: Decide,
    going_on: RunToContinue,
    may_import: bool,
) -> Compiled:
    """Compile an experiment and all runs of its multiverse."""
    make = partial(_compile_one, path, project_dir, env=env, decide=decide, going_on=going_on, may_import=may_import)

    def branch(choices: Mapping[str, str], varied: Iterable[str]) -> Compiled:
        kept = {name: value for name, value in (flags or {}).items() if not is_replaced(name, varied)}
        return make(overrides={**(overrides or {}), **choices}, flags=kept)

    return with_branches(make(overrides=overrides, flags=flags), branch)


def _compile_one(
    path: Path,
    project_dir: Path,
    *,
    env: Mapping[str, str],
    overrides: Mapping[str, str] | None,
    flags: Mapping[str, JsonValue] | None,
    decide: Decide,
    going_on: RunToContinue,
    may_import: bool,
) -> Compiled:
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    of_settings = {k: v for k, v in given.items() if k not in _OF_THE_EXPERIMENT}
    laid_over = {**(overrides or {}), **{k: str(v) for k, v in given.items() if k in _OF_THE_EXPERIMENT}}
    text = _read(path)
    loaded, settings = _both(
        lambda: load_experiment(text, str(path), env=env, overrides=laid_over),
        lambda: resolve_settings(project_dir, of_settings),
    )
    _refuse_addresses(loaded, settings, env)
    draft = _Draft(path, text, loaded, settings, project_dir, env, may_import)
    return draft.gone_on_with(going_on) or draft.compiled(decide)


@dataclass(frozen=True)
class _Draft:
    """An experiment without its models."""

    path: Path
    text: str
    loaded: Loaded
    settings: Settings
    project_dir: Path
    env: Mapping[str, str]
    may_import: bool = False
    """Whether the modules of tools may be imported, where their source does not tell their arguments."""

    def compiled(self, default: Decide) -> Compiled:
        """Return the compiled experiment; `default` chooses the model where none is configured."""
        experiment, settings = self.loaded.experiment, self.settings
        chosen = choose_models(experiment, settings, self.env, default)
        models: dict[Role, ChosenModel] = {
            role: replace(model, config=with_content(model.config)) for role, model in chosen.items()
        }
        around = self._around(models["people"].config.name)
        plan, warnings = compile_plan(self.loaded, around, _running(experiment, settings, models, self.env))
        _refuse_secrets(plan, self.path, self.env)
        origins = {**settings.origins, **{role: model.origin for role, model in models.items()}}
        return Compiled(self.path, self.text, plan, settings, origins, (*settings.warnings, *warnings), experiment)

    def _around(self, people: str) -> Resolvers:
        base_dir = self.path.absolute().parent
        access, window = file_access(base_dir, self.settings.allow_paths), partial(context_window, people)
        return Resolvers(
            standard_library(self.project_dir, access),
            base_dir,
            partial(read_document, base_dir=base_dir, access=access, model=people, window=window),
            partial(find_documents, base_dir=base_dir, access=access),
            partial(resolve_tool, base_dir=base_dir, may_import=self.may_import),
            partial(read_csv, base_dir=base_dir, access=access),
            partial(read_data, base_dir=base_dir, access=access),
            program_lookup(base_dir),
            partial(find_image, base_dir=base_dir, access=access),
        )

    def gone_on_with(self, going_on: RunToContinue) -> Compiled | None:
        """Return it with the default model of the run that would be resumed; None if there is none."""
        experiment, results = self.loaded.experiment, self.project_dir / self.settings.results
        if not is_default(choose_models(experiment, self.settings, self.env)["people"].origin):
            return None
        at = replace(going_on, resume=self.project_dir / going_on.resume if going_on.resume else None)
        for default in defaults_of_runs(results / experiment.name, at):
            compiled = self.compiled(lambda default=default: default)
            if going_on.resume or unfinished_run(results, compiled.plan):
                return compiled
            if going_on.is_finished_too and finished_run(results, compiled.plan):
                return compiled
        return None


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
    decide, project_dir = default_model_chooser(env, is_offline=is_offline), Path.cwd()
    compiled: list[Compiled] = []
    found: list[Diagnostic] = []
    for path in paths:
        try:
            result = _compile(
                path,
                project_dir,
                env=env,
                overrides=overrides,
                flags=flags,
                decide=decide,
                going_on=going_on,
                may_import=may_import,
            )
            compiled.append(result)
        except SpecError as error:
            found += error.diagnostics
    if found:
        raise SpecError(list(dict.fromkeys(found)))
    return compiled


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


def find_trial(plan: Plan, name: str) -> Trial:
    """Return a trial by its id; raises RunError if it does not exist."""
    found = next((trial for trial in plan.trials if trial.id == name), None)
    if found is None:
        hint = did_you_mean(name, [trial.id for trial in plan.trials], label="trials")
        raise RunError(f"no trial '{name}'", hint=hint)
    return found


def _read(path: Path) -> str:
    if not is_named(path):
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
    report = experiment.report or ReportSpec()
    return RunSettings(
        models=Models.model_validate({role: chosen.config for role, chosen in models.items()}),
        prices=prices,
        limits=_limits(experiment.limits or LimitsSpec(), settings),
        formats=tuple(report.formats) if "formats" in report.model_fields_set else settings.formats,
        max_words=settings.max_words,
        prompts=prompts_hash(),
        context=context_window(models["people"].config.name),
        people_see=_shows_images(experiment) and PriceTable().accepts_images(models["people"].config),
        safety=tuple(name for name in ("harmful_content", "copyright") if getattr(settings, name)),
        systems=system_models(experiment, settings, env, models["people"].config),
        coders={name: with_content(use) for name, use in second_coders(experiment, settings, env).items()},
    )


def _refuse_addresses(loaded: Loaded, settings: Settings, env: Mapping[str, str]) -> None:
    """Raise `SpecError` for addresses that the experiment, or its folder's config.ini, may not reach."""
    access = NetworkAccess(settings.allow_addresses)
    found = address_findings(loaded.document, access, env)
    origin, host = settings.origins["model.api_base"], host_of(settings.api_base or "")
    if host and origin.startswith("./") and not access.has(host):
        span = Span("./config.ini", line=int(origin.rpartition(":")[2]))
        message = f"{access.refusal(host)}: calls may not go there"
        found.append(Diagnostic("E464", message, span, hint=allow_hint(host)))
    if found:
        raise SpecError(found)


def _refuse_secrets(plan: Plan, path: Path, env: Mapping[str, str]) -> None:
    """Raise `SpecError` if a person, a document or a table holds the value of a secret: it would be sent and stored."""
    secrets = Secrets(env)
    if not secrets.names_in(plan.model_dump_json()):
        return
    places = [(f"the document '{document.name}'", document.text) for document in plan.library]
    places += [(member.name, str(member.persona)) for member in plan.cast]
    found = [(place, name) for place, text in places for name in secrets.names_in(text)]
    span, hint = Span(str(path), line=0), "remove it: everything people read is sent to a model and kept with the run"
    found = found or [("a text of this experiment", name) for name in secrets.names_in(plan.model_dump_json())]
    raise SpecError(
        [Diagnostic("E115", f"{place} holds the value of {name}", span, hint=hint) for place, name in found]
    )


def _shows_images(experiment: Experiment) -> bool:
    effects = (effect for intervention in experiment.interventions or () for effect in intervention.then)
    shown = (stimulus.show for stimulus in (*experiment.stimuli, *effects) if isinstance(stimulus, Show))
    return any(isinstance(item, Picture) and item.image is not None for item in shown)


def _limits(written: LimitsSpec, settings: Settings) -> Limits:
    """Return the experiment's limits; `--max-cost` overrides its cost limit, which overrides config.ini's."""
    is_flag = settings.origins.get("run.max_cost") == "--max-cost"
    usd = settings.max_cost if is_flag or written.usd is None else written.usd
    return Limits(usd=usd, tokens=written.tokens, calls=written.calls, minutes=written.minutes)
