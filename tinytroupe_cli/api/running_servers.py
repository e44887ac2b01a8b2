"""Finds the model servers running on this machine, each model with the line that uses it. Imports no LiteLLM."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Literal

from tinytroupe_cli.api.settings import Settings
from tinytroupe_cli.models.port import Frozen, ModelConfig
from tinytroupe_cli.models.running_servers import FoundServer, ServedModel, ServerAddress, find_servers, usual_places
from tinytroupe_cli.models.servers import address_of, is_same_server

__all__ = ["AvailableModel", "RunningServer", "ServerAddress", "running_servers", "server_addresses"]


class AvailableModel(Frozen):
    """A model listed by a server on this machine."""

    name: str
    """The server's name for it."""
    use: str
    """The name for `--model` and config.ini."""
    does: Literal["chat", "vectors"]
    elsewhere: str = ""
    """The host that really runs it, if the server forwards its calls."""

    @property
    def line(self) -> str:
        """Return what to write to use it."""
        if self.does == "vectors":
            return f"embeddings only: troupe model use --for embeddings {shlex.quote(self.use)}"
        away = f"  (runs at {self.elsewhere}, not on this machine)" if self.elsewhere else ""
        return f"--model {shlex.quote(self.use)}{away}"


class RunningServer(Frozen):
    """A server on this machine."""

    program: str
    provider: str
    """LiteLLM's name for it."""
    address: str
    models: tuple[AvailableModel, ...] = ()
    trouble: str = ""
    """Why it can't be used as it is; empty: it can."""


def server_addresses(settings: Settings, env: Mapping[str, str]) -> list[ServerAddress]:
    """Return the addresses to search: the programs' defaults, and those set by variables and config.ini."""
    return usual_places(env, [settings.api_base] if settings.api_base else [])


def running_servers(
    settings: Settings, env: Mapping[str, str], places: Sequence[ServerAddress] | None = None
) -> tuple[RunningServer, ...]:
    """Find servers, in 150 ms at most; raises `RunError` for a `TROUPE_SERVERS` that can't be parsed."""
    found = find_servers(server_addresses(settings, env) if places is None else places)
    return tuple(
        RunningServer(
            program=server.place.program,
            provider=server.place.provider,
            address=server.place.address,
            models=tuple(_model(server, model, settings, env) for model in server.models),
            trouble=server.trouble,
        )
        for server in found
    )


def _model(server: FoundServer, model: ServedModel, settings: Settings, env: Mapping[str, str]) -> AvailableModel:
    """Return a model's name, with its server's address if the name alone would be called elsewhere."""
    use, address = f"{server.place.provider}/{model.name}", server.place.address
    asked_at = address_of(ModelConfig(name=use, api_base=settings.api_base), env)
    full = use if is_same_server(asked_at, address) else f"{use}@{address}"
    return AvailableModel(name=model.name, use=full, does=model.does, elsewhere=model.elsewhere)
