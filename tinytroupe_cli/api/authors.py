"""Have a model write a person from a sentence."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from tinytroupe_cli.api.local_models import download_offer, local_provider, local_vectors, missing_local_models
from tinytroupe_cli.api.settings import Settings, settings_in_force
from tinytroupe_cli.core.clock import WallClock
from tinytroupe_cli.core.errors import BadOutput, EnvironmentProblem
from tinytroupe_cli.minds.author import write_persona
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.models.ledger import Ledger
from tinytroupe_cli.models.limiter import Limiter
from tinytroupe_cli.models.litellm_provider import LiteLLMProvider
from tinytroupe_cli.models.port import ChatModel, Completion, ModelUse, Request
from tinytroupe_cli.models.preflight import look_over
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.providers import Provider, Providers
from tinytroupe_cli.models.stack import build_stack
from tinytroupe_cli.personas.library import standard_library
from tinytroupe_cli.spec.roles import ChosenModel, choose_models

__all__ = ["Author", "author_in_force"]

_WHY = {
    "refused": "declined to write this person",
    "bad_output": "gave no usable answer",
    "rejected": "would not take the request",
    "cut_off": "did not finish writing",
}


@dataclass(frozen=True, slots=True)
class Author:
    """The model that writes people, ready to be asked."""

    chosen: ChosenModel
    settings: Settings
    here: Path

    def __str__(self) -> str:
        return f"{self.chosen.use.use} ({self.chosen.origin})"

    def write(self, sentence: str, *, name: str = "") -> dict[str, JsonValue]:
        """Invent somebody who fits a sentence; raises BadOutput if the model won't, EnvironmentProblem if it can't."""
        seed = len(standard_library(self.here).names("persona", near=self.here))  # so that a second one differs
        outcome = asyncio.run(self._ask(sentence, name=name, seed=seed))
        if isinstance(outcome, NoAnswer):
            message = f"{self.chosen.use.use} {_WHY[outcome.reason]}: {outcome.text[:200]}"
            raise BadOutput(message, hint="say it in other words, or choose another `--model`", text=outcome.text)
        return outcome

    async def _ask(self, sentence: str, *, name: str, seed: int) -> dict[str, JsonValue] | NoAnswer:
        providers = Providers(local=local_provider(1), vectors=local_vectors(), remote=LiteLLMProvider())
        try:
            return await write_persona(
                _stack(providers, self.settings), self.chosen.use, sentence, seed=seed, name=name
            )
        finally:
            await providers.aclose()


def author_in_force(model: str, here: Path, env: Mapping[str, str]) -> Author:
    """Return the author that a flag, config.ini or the defaults choose; raises EnvironmentProblem if it isn't ready."""
    settings = settings_in_force(here, {"model.people": model} if model else {})
    chosen = choose_models(None, settings)["author"]
    _refuse_unready(chosen.use, env)
    return Author(chosen, settings, here)


def _refuse_unready(use: ModelUse, env: Mapping[str, str]) -> None:
    for finding in look_over([use], env, PriceTable()):
        if finding.is_error:
            raise EnvironmentProblem(finding.message, hint=finding.hint)
    missing = missing_local_models([use])
    if missing:
        hint = f"troupe model pull {missing[0].name}, or choose another with --model, or begin with --blank"
        raise EnvironmentProblem(download_offer(missing), hint=hint)


def _stack(providers: Provider, settings: Settings) -> ChatModel:
    clock, prices = WallClock(), PriceTable()
    return build_stack(
        Limiter(providers, clock),
        store=_Forgetful(),
        cache=None,
        ledger=Ledger(clock),
        prices=prices,
        clock=clock,
        attempts=settings.attempts,
    )


class _Forgetful:
    """A call store for the one call whose answer is a file anyway."""

    def get(self, key: str) -> Completion | None:  # noqa: ARG002 - the protocol's
        return None

    def put(self, key: str, request: Request, completion: Completion, *, cost: float | None, seconds: float) -> None:
        """Keep nothing."""
