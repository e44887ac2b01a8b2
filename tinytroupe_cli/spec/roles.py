"""Which model plays which part: a flag, the experiment, config.ini, or the default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from tinytroupe_cli.models.port import ModelConfig, Role
from tinytroupe_cli.models.servers import split_name, with_server
from tinytroupe_cli.models.turn_forms import settled
from tinytroupe_cli.spec.config import Settings
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.running import ModelChoice, PlainChoice, Roles, SampledModel
from tinytroupe_cli.spec.systems import ModelSystem

DEFAULT_MODEL = "local/qwen2.5-coder-1.5b"
"""What plays where nobody has chosen a model and nothing is known of the machine."""
DEFAULT = "default"
"""How an origin begins where nobody has chosen a model."""
NO_PROVIDER = f"{DEFAULT}: no provider is configured"
ROLES: tuple[Role, ...] = ("people", "judge", "author")
"""Those that every run has."""
OPTIONAL: tuple[Role, ...] = ("embeddings",)
"""Those that are there where they are named, and nowhere else."""


@dataclass(frozen=True, slots=True)
class ChosenModel:
    """A model for a role, and where the choice comes from."""

    config: ModelConfig
    origin: str


@dataclass(frozen=True, slots=True)
class DefaultModel:
    """A model for those who have chosen none, and why this one."""

    name: str = DEFAULT_MODEL
    origin: str = NO_PROVIDER
    """Begins with `DEFAULT`."""


def is_default(origin: str) -> bool:
    """Return whether a model plays only because nobody has chosen one."""
    return origin.startswith(DEFAULT)


def choose_models(
    experiment: Experiment | None,
    settings: Settings,
    env: Mapping[str, str] | None = None,
    default: Callable[[], DefaultModel] = DefaultModel,
) -> dict[Role, ChosenModel]:
    """Return the model of every role that has one, with the server it is asked at.

    `default` is asked, once, where nobody has chosen a model.
    """
    found = _chosen(experiment, settings, cache(default))
    return {role: replace(model, config=settled(with_server(model.config, env or {}))) for role, model in found.items()}


def _chosen(
    experiment: Experiment | None, settings: Settings, default: Callable[[], DefaultModel]
) -> dict[Role, ChosenModel]:
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


def system_models(
    experiment: Experiment, settings: Settings, env: Mapping[str, str], people: ModelConfig
) -> dict[str, ModelConfig]:
    """Return the models that play systems, by the systems' names; what isn't written is set as for people.

    A system that names no model is played by `people`.
    """
    written = {system.name: system.model for system in experiment.systems if system.model is not None}
    return {name: with_server(_system_model(model, settings, people), env) for name, model in written.items()}


def _system_model(written: ModelSystem, settings: Settings, people: ModelConfig) -> ModelConfig:
    given = written.model_dump(exclude={"prompt"}, exclude_none=True, exclude_unset=True)
    if "use" in given:
        return _use(SampledModel.model_validate(given), "system", settings)
    if "sees" in given:
        given["accepts_images"] = given.pop("sees")
    return people.model_copy(update={"server": "", **given})


def second_coders(experiment: Experiment, settings: Settings, env: Mapping[str, str]) -> dict[str, ModelConfig]:
    """Return the models that code texts a second time, by their names as written; they are set like a judge."""
    names = dict.fromkeys(one.second for one in experiment.code if one.second is not None)
    return {name: settled(with_server(_use(name, "judge", settings), env)) for name in names}


def _choose(
    role: Role, experiment: Experiment | None, settings: Settings, default: Callable[[], DefaultModel]
) -> ChosenModel:
    flag = settings.origins.get("model.people") == "--model"
    written = _written(role, experiment)
    if written is not None and not flag:
        return ChosenModel(_use(written, role, settings), "the experiment")
    own = None if flag else getattr(settings, role)
    if own:
        return ChosenModel(_use(own, role, settings), settings.origins[f"model.{role}"])
    if settings.people:
        return ChosenModel(_use(settings.people, role, settings), settings.origins["model.people"])
    return ChosenModel(_use(default().name, role, settings), default().origin)


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
