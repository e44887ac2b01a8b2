"""Which model plays which part: a flag, the experiment, config.ini, or the model on this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tinytroupe_cli.models.local_catalog import LOCAL_PREFIX
from tinytroupe_cli.models.local_default import SMALL, DefaultModel
from tinytroupe_cli.models.port import ModelConfig, Role
from tinytroupe_cli.models.servers import split_name, with_server
from tinytroupe_cli.models.turn_forms import settled
from tinytroupe_cli.spec.config import Settings
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.running import ModelChoice, PlainChoice, Roles, SampledModel

DEFAULT_MODEL = f"{LOCAL_PREFIX}{SMALL}"
NO_PROVIDER = "default: no provider is configured"
ROLES: tuple[Role, ...] = ("people", "judge", "author")
"""Those that every run has."""
OPTIONAL: tuple[Role, ...] = ("embeddings",)
"""Those that are there where they are named, and nowhere else."""


@dataclass(frozen=True, slots=True)
class ChosenModel:
    """A model for a role, and where the choice comes from."""

    use: ModelConfig
    origin: str


Default = Callable[[], DefaultModel]
"""The model where nobody chose one; found out only then."""


def small_everywhere() -> DefaultModel:
    """Return the small model, whatever the machine."""
    return DefaultModel(DEFAULT_MODEL, "")


def choose_models(
    experiment: Experiment | None,
    settings: Settings,
    env: Mapping[str, str] | None = None,
    default: Default = small_everywhere,
) -> dict[Role, ChosenModel]:
    """Return the model of every role that has one, with the server it is asked at."""
    found = _chosen(experiment, settings, default)
    return {role: replace(one, use=settled(with_server(one.use, env or {}))) for role, one in found.items()}


def _chosen(experiment: Experiment | None, settings: Settings, default: Default) -> dict[Role, ChosenModel]:
    chosen: dict[Role, ChosenModel] = {role: _choose(role, experiment, settings, default) for role in ROLES}
    for role in OPTIONAL:
        named = _choose_if_named(role, experiment, settings)
        if named is not None:
            chosen[role] = named
    return chosen


def _choose_if_named(role: Role, experiment: Experiment | None, settings: Settings) -> ChosenModel | None:
    roles = experiment.model if experiment else None
    written: PlainChoice | None = getattr(roles, role) if isinstance(roles, Roles) else None
    if written is not None:
        return ChosenModel(_use(written, role, settings), "the experiment")
    own: str | None = getattr(settings, role)
    return ChosenModel(_use(own, role, settings), settings.origins[f"model.{role}"]) if own else None


def system_models(experiment: Experiment, settings: Settings, env: Mapping[str, str]) -> dict[str, ModelConfig]:
    """Return the models that play systems, by the systems' names; what isn't written is set as for people."""
    written = {system.name: system.model for system in experiment.systems if system.model is not None}
    return {
        name: with_server(
            _use(SampledModel.model_validate(model.model_dump(exclude={"prompt"})), "system", settings), env
        )
        for name, model in written.items()
    }


def _choose(role: Role, experiment: Experiment | None, settings: Settings, default: Default) -> ChosenModel:
    flag = settings.origins.get("model.people") == "--model"
    written = _written(role, experiment)
    if written is not None and not flag:
        return ChosenModel(_use(written, role, settings), "the experiment")
    own = None if flag else getattr(settings, role)
    if own:
        return ChosenModel(_use(own, role, settings), settings.origins[f"model.{role}"])
    if settings.people:
        return ChosenModel(_use(settings.people, role, settings), settings.origins["model.people"])
    found = default()
    return ChosenModel(_use(found.use, role, settings), f"{NO_PROVIDER}; it {found.why}" if found.why else NO_PROVIDER)


def _written(role: Role, experiment: Experiment | None) -> ModelChoice | PlainChoice | None:
    """Return what the experiment says of a role; judge and author are like people if nothing is said."""
    match experiment.model if experiment else None:
        case Roles() as roles:
            return getattr(roles, role) or roles.people
        case choice:
            return choice


def _use(choice: ModelChoice | PlainChoice, role: Role, settings: Settings) -> ModelConfig:
    written = SampledModel(use=choice) if isinstance(choice, str) else choice
    local = written.use.startswith("local/")
    # A judge on this machine reads soberly; what other providers take is theirs to say.
    sober = 0.0 if local and role == "judge" else None
    beneath: dict[str, Any] = {
        "temperature": sober if settings.temperature is None else settings.temperature,
        "max_tokens": settings.max_tokens,
        "api_base": None if local else settings.api_base,
        "structured": settings.structured,
        "turns": settings.turns,
        "reasoning_effort": None if local else settings.reasoning_effort,
        "timeout": settings.timeout,
    }
    if role == "embeddings":
        beneath = {name: beneath[name] for name in ("api_base", "timeout")}
    given = {name: value for name, value in written.model_dump().items() if value is not None}
    name, address = split_name(written.use)
    given |= {"use": name, "api_base": address} if address else {}
    return ModelConfig(**{**{name: value for name, value in beneath.items() if value is not None}, **given})
