"""Generates a person from a sentence, using a model."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from tinytroupe_cli.api.model_access import NullCallStore, ResolvedModels, open_models, resolve_models
from tinytroupe_cli.core.errors import BadOutput
from tinytroupe_cli.minds.author import write_persona
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.personas.library import standard_library

__all__ = ["Author", "resolve_author"]

_WHY = {
    "refused": "declined to write this person",
    "bad_output": "gave no usable answer",
    "rejected": "rejected the request",
    "too_long": "the request is longer than the model's window",
    "unreachable": "gave no answer",
    "cut_off": "did not finish writing",
}


@dataclass(frozen=True, slots=True)
class Author:
    """The model that writes people."""

    ready: ResolvedModels
    project_dir: Path

    def __str__(self) -> str:
        return f"{self.ready.use('author').name} ({self.ready.models['author'].origin})"

    def write(self, sentence: str, *, name: str = "") -> dict[str, JsonValue]:
        """Generate a person from a sentence; raises BadOutput if the model declines, EnvironmentProblem if it fails."""
        seed = len(
            standard_library(self.project_dir).names("persona", base_dir=self.project_dir)
        )  # so that a second one differs
        outcome = asyncio.run(self._ask(sentence, name=name, seed=seed))
        if isinstance(outcome, NoAnswer):
            message = f"{self.ready.use('author').name} {_WHY[outcome.reason]}: {outcome.text[:200]}"
            raise BadOutput(message, hint="rephrase it, or choose another model with --model", text=outcome.text)
        return outcome

    async def _ask(self, sentence: str, *, name: str, seed: int) -> dict[str, JsonValue] | NoAnswer:
        async with open_models(self.ready, NullCallStore()) as chat:
            return await write_persona(chat, self.ready.use("author"), sentence, seed=seed, name=name)


def resolve_author(model: str, project_dir: Path, env: Mapping[str, str], *, max_usd: float | None = None) -> Author:
    """Return the author chosen by a flag, config.ini or the defaults; raises EnvironmentProblem if it is not ready."""
    return Author(resolve_models(model, project_dir, env, ("author",), max_usd=max_usd), project_dir)
