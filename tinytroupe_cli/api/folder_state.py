"""What a folder holds and lacks: experiments, runs, and a model to play the people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from tinytroupe_cli.api.default_model import default_model_chooser
from tinytroupe_cli.api.experiment_files import is_experiment
from tinytroupe_cli.api.history import status_of
from tinytroupe_cli.api.local_models import missing_local_models
from tinytroupe_cli.api.offers import offers
from tinytroupe_cli.api.settings import resolve_settings
from tinytroupe_cli.api.versions import version_of
from tinytroupe_cli.core.errors import TroupeError
from tinytroupe_cli.language.reading import read_text
from tinytroupe_cli.models.local_catalog import is_local, local_name
from tinytroupe_cli.models.port import Frozen, ModelConfig
from tinytroupe_cli.models.preflight import check_models
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.runs.folder import RunFolder
from tinytroupe_cli.runs.manifest import Manifest
from tinytroupe_cli.runs.run_lookup import newest_below
from tinytroupe_cli.spec.config import Settings
from tinytroupe_cli.spec.loader import load_experiment
from tinytroupe_cli.spec.roles import choose_models, is_default

__all__ = ["FolderState", "MissingModel", "NewestRun", "folder_state"]

_QUICKSTART = "quickstart.yaml"
_ENDINGS = (".yaml", ".yml")


class NewestRun(Frozen):
    """The newest run whose manifest can be read."""

    name: str
    folder: str
    experiment: str
    """The experiment's file as typed."""
    state: Literal["running", "finished", "unfinished"]


class MissingModel(Frozen):
    """Why the model that would play the people can't, and what would help."""

    problem: str
    hint: str
    download: str = ""
    """The name for `troupe model pull`, if a download is all that is missing."""
    size: str = ""
    """The size of that download."""
    is_default: bool = False
    """Whether nobody has chosen a model, so that any other would do."""
    offers: tuple[str, ...] = ()
    """If nobody has: a `--model` option for each API key that is set."""


class FolderState(Frozen):
    """A folder, seen by someone who wants to know what to do next."""

    experiments: tuple[str, ...] = ()
    """Files in this folder and in experiments/."""
    first: str = ""
    """The experiment to begin with: the quickstart if there is one."""
    has_errors: bool = False
    """Whether `first` can't be read."""
    newest: NewestRun | None = None
    missing: MissingModel | None = None
    """Of `first`; None if its model is there."""


def folder_state(folder: Path, env: Mapping[str, str], *, today: dt.date) -> FolderState:
    """Return the state of a folder; calls no model and contacts nobody. Raises `SpecError` for a wrong config.ini."""
    settings = resolve_settings(folder, {})
    experiments = _experiments(folder)
    newest = _newest_run(folder, settings)
    if not experiments:
        return FolderState(newest=newest)
    first = next((path for path in experiments if path.name == _QUICKSTART), experiments[0])
    found = FolderState(
        experiments=tuple(path.relative_to(folder).as_posix() for path in experiments),
        first=first.relative_to(folder).as_posix(),
        newest=newest,
    )
    try:
        missing = _missing_model(first, settings, env, today)
    except TroupeError:  # `troupe check` says what is wrong
        return found.model_copy(update={"has_errors": True})
    return found.model_copy(update={"missing": missing})


def _experiments(folder: Path) -> list[Path]:
    """Return the experiments here and in experiments/, not deeper: the folder may be someone's home."""
    here = sorted(path for path in folder.glob("*") if path.suffix in _ENDINGS and path.is_file())
    inside = sorted(path for path in (folder / "experiments").glob("*") if path.suffix in _ENDINGS and path.is_file())
    return [path for path in [*here, *inside] if is_experiment(path)]


def _newest_run(folder: Path, settings: Settings) -> NewestRun | None:
    newest = newest_below(folder / settings.results)
    if newest is None:
        return None
    run, manifest = newest
    path = run.path.relative_to(folder) if run.path.is_relative_to(folder) else run.path
    return NewestRun(
        name=manifest.name, folder=path.as_posix(), experiment=manifest.experiment, state=_state(run, manifest)
    )


def _state(run: RunFolder, manifest: Manifest) -> Literal["running", "finished", "unfinished"]:
    status = status_of(run, manifest)
    return status if status in ("running", "finished") else "unfinished"


def _missing_model(path: Path, settings: Settings, env: Mapping[str, str], today: dt.date) -> MissingModel | None:
    experiment = load_experiment(read_text(path, str(path)), str(path), env=env).experiment
    chosen = choose_models(experiment, settings, env, default_model_chooser(env, is_offline=True))["people"]
    problem = _problem(chosen.config, env)
    if problem is None or not is_default(chosen.origin):
        return problem
    offered = offers(env, (), today=today, project_dir=path.parent)
    return problem.model_copy(update={"is_default": True, "offers": tuple(offer.use for offer in offered)})


def _problem(model: ModelConfig, env: Mapping[str, str]) -> MissingModel | None:
    if not is_local(model):
        found = next((one for one in check_models([model], env, PriceTable()) if one.is_error), None)
        return MissingModel(problem=found.message, hint=found.hint) if found else None
    if not version_of("xllamacpp"):
        hint = "pip install 'tinytroupe-cli[local]'"
        return MissingModel(problem="models on this machine need a package", hint=hint)
    for entry in missing_local_models([model]):
        name = local_name(model.name)
        problem = f"{name} is not on this machine yet"
        return MissingModel(problem=problem, hint=f"troupe model pull {name}", download=name, size=entry.size)
    return None
