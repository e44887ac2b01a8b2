"""An experiment that was read but has no models yet: chooses them and compiles the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from tinytroupe_cli.api.compiled import Compiled
from tinytroupe_cli.api.default_model import Decide, RunToContinue, defaults_of_runs
from tinytroupe_cli.api.system_hosts import refuse_unlisted_systems
from tinytroupe_cli.compiler.compile import compile_plan
from tinytroupe_cli.compiler.parts import Resolvers, RunSettings
from tinytroupe_cli.core.diagnostics import Diagnostic, Span
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.core.network_access import NetworkAccess
from tinytroupe_cli.core.secrets import Secrets
from tinytroupe_cli.inputs.csv_files import read_csv
from tinytroupe_cli.inputs.data_tables import read_data
from tinytroupe_cli.inputs.documents import find_documents, read_document
from tinytroupe_cli.inputs.functions import resolve_tool
from tinytroupe_cli.inputs.images import find_image
from tinytroupe_cli.inputs.program_lookup import program_lookup
from tinytroupe_cli.models.local_lookup import with_content
from tinytroupe_cli.models.port import Role
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.windows import context_window
from tinytroupe_cli.personas.file_access import file_access
from tinytroupe_cli.personas.library import standard_library
from tinytroupe_cli.plan.types import Limits, Models, Plan, Price
from tinytroupe_cli.prompts.catalog import prompts_hash
from tinytroupe_cli.spec.config import Settings
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.loader import Loaded
from tinytroupe_cli.spec.roles import ChosenModel, choose_models, is_default, second_coders, system_models
from tinytroupe_cli.spec.running import LimitsSpec, ReportSpec
from tinytroupe_cli.spec.stimuli import Picture, Show


@dataclass(frozen=True)
class ExperimentDraft:
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
        refuse_unlisted_systems(plan, self.loaded.document, NetworkAccess(settings.allow_addresses), self.env)
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
            from tinytroupe_cli.runs.drift import finished_run, unfinished_run  # noqa: PLC0415 - where there are runs

            if going_on.resume or unfinished_run(results, compiled.plan):
                return compiled
            if going_on.is_finished_too and finished_run(results, compiled.plan):
                return compiled
        return None


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
        [Diagnostic("E115", f"{place} contains the value of {name}", span, hint=hint) for place, name in found]
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
