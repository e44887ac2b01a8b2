"""Routes a request to its model: this machine, or a provider through LiteLLM."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tinytroupe_cli.core.errors import WITHOUT_OFFLINE, EnvironmentProblem
from tinytroupe_cli.models.local_catalog import LOCAL_PREFIX
from tinytroupe_cli.models.local_lookup import known_entry
from tinytroupe_cli.models.port import ChatModel, Completion, Purpose, Request


class Provider(ChatModel, Protocol):
    """The innermost layer: it can be prepared, and must be closed."""

    async def warm_up(self, use: str) -> None:
        """Do what the first call to a model would have to wait for."""
        ...

    async def aclose(self) -> None:
        """Release connections and memory."""
        ...


@dataclass
class ProviderRouter:
    """The innermost layer: one provider of local chat models, one of local embedding models, one for all others."""

    local: Provider
    embeddings: Provider
    remote: Provider

    async def complete(self, request: Request) -> Completion:
        """Call the provider of the model."""
        return await self._of(request.model.name).complete(request)

    async def warm_up(self, use: str) -> None:
        """Prepare the provider of a model."""
        await self._of(use).warm_up(use)

    async def aclose(self) -> None:
        """Close all."""
        await self.local.aclose()
        await self.embeddings.aclose()
        await self.remote.aclose()

    def _of(self, use: str) -> Provider:
        if not use.startswith(LOCAL_PREFIX):
            return self.remote
        entry = known_entry(use)
        return self.embeddings if entry is not None and entry.does == "vectors" else self.local


class OfflineProvider:
    """Replaces a provider when no calls are allowed."""

    async def complete(self, request: Request) -> Completion:
        """Raise `EnvironmentProblem`: a request that gets this far is not stored."""
        message = f"there is no stored answer for {_in_words(request.purpose)} ({request.model.name})"
        raise EnvironmentProblem(message, hint=WITHOUT_OFFLINE)

    async def warm_up(self, use: str) -> None:
        """Do nothing."""

    async def aclose(self) -> None:
        """Do nothing."""


def _in_words(purpose: Purpose) -> str:
    kind = purpose.kind if purpose.kind in _CALLS_BY_NAME else f"'{purpose.kind}' call"
    call = f"{purpose.person}'s {kind}" if purpose.person else f"the {kind}"
    step = f" in step {purpose.step}" if purpose.step else ""
    return f"{call}{step}" + (f" of trial {purpose.trial}" if purpose.trial else "")


_CALLS_BY_NAME = frozenset({"turn", "interview"})
"""Kinds of calls whose names are plain English."""
