"""Prepares models for commands that write or interview people outside a run."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tinytroupe_cli.api.default_model import default_model_chooser
from tinytroupe_cli.api.local_models import local_embeddings, local_provider, missing_local_models
from tinytroupe_cli.api.pulling import download_offer
from tinytroupe_cli.api.settings import Settings, resolve_settings
from tinytroupe_cli.core.clock import WallClock
from tinytroupe_cli.core.errors import EnvironmentProblem
from tinytroupe_cli.core.secrets import Secrets
from tinytroupe_cli.models.ledger import Ledger, SpendLimits
from tinytroupe_cli.models.limiter import Limiter
from tinytroupe_cli.models.litellm_provider import LiteLLMProvider
from tinytroupe_cli.models.port import CallStore, ChatModel, Completion, ModelConfig, Request, Role
from tinytroupe_cli.models.preflight import check_models
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.providers import ProviderRouter
from tinytroupe_cli.models.stack import build_stack
from tinytroupe_cli.spec.roles import ChosenModel, choose_models

__all__ = ["NullCallStore", "ResolvedModels", "open_models", "resolve_models"]


@dataclass(frozen=True, slots=True)
class ResolvedModels:
    """Models that were chosen and checked, and their settings."""

    models: Mapping[Role, ChosenModel]
    settings: Settings
    max_usd: float | None = None
    """What all calls together may cost; None: no limit."""

    def use(self, role: Role) -> ModelConfig:
        """Return the model of a role."""
        return self.models[role].config


def resolve_models(
    model: str, project_dir: Path, env: Mapping[str, str], roles: tuple[Role, ...], *, max_usd: float | None = None
) -> ResolvedModels:
    """Return the models chosen by a flag, config.ini or the defaults; `max_usd` None: config.ini's limit, if any.

    Raises EnvironmentProblem if one of them can't be called.
    """
    settings = resolve_settings(project_dir, {"model.people": model} if model else {})
    models = choose_models(None, settings, env, default_model_chooser(env, is_offline=False))
    ready = ResolvedModels(models, settings, settings.max_cost if max_usd is None else max_usd)
    uses = list(dict.fromkeys(ready.use(role) for role in roles))
    for finding in check_models(uses, env, PriceTable(), max_usd=ready.max_usd):
        if finding.is_error:
            raise EnvironmentProblem(finding.message, hint=finding.hint)
    missing = missing_local_models(uses)
    if missing:
        hint = f"run: troupe model pull {missing[0].name}, or choose another with --model"
        raise EnvironmentProblem(download_offer(missing, env), hint=hint)
    return ready


@asynccontextmanager
async def open_models(
    ready: ResolvedModels, store: CallStore, secrets: Secrets | None = None
) -> AsyncGenerator[ChatModel]:
    """Open the providers behind the usual layers; `secrets` None: those of the environment."""
    clock = WallClock()
    providers = ProviderRouter(
        local=local_provider(), embeddings=local_embeddings(), remote=LiteLLMProvider(secrets=secrets)
    )
    try:
        yield build_stack(
            Limiter(providers, clock, ready.settings.concurrency),
            store=store,
            cache=None,
            ledger=Ledger(clock, SpendLimits(usd=ready.max_usd)),
            prices=PriceTable(),
            clock=clock,
            attempts=ready.settings.attempts,
        )
    finally:
        await providers.aclose()


class NullCallStore:
    """A call store that keeps nothing, for calls whose answers are saved as files anyway."""

    def get(self, key: str) -> Completion | None:  # noqa: ARG002 - the protocol's
        """Return None."""
        return None

    def put(self, key: str, request: Request, completion: Completion, *, cost: float | None, seconds: float) -> None:
        """Do nothing."""
