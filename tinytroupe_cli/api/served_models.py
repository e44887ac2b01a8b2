"""Resolves a name among the models served on this machine, or explains why it fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tinytroupe_cli.api.running_servers import AvailableModel, RunningServer
from tinytroupe_cli.core.diagnostics import did_you_mean, nearest
from tinytroupe_cli.core.errors import Fatal, RunError, TroupeError
from tinytroupe_cli.models.local_catalog import CATALOG
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.models.preflight import check_models
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.running_servers import PROGRAMS
from tinytroupe_cli.models.servers import address_of, is_same_server, split_name

__all__ = ["find_served", "missing_served_models", "program_of"]

_ALIASES = {"ollama_chat": "ollama"}
_LATEST = ":latest"
"""The tag Ollama uses by default."""


def program_of(name: str) -> str:
    """Return the provider of a name if it is a local program; empty for any other."""
    provider = name.partition("/")[0]
    provider = _ALIASES.get(provider, provider)
    return provider if provider in PROGRAMS else ""


def find_served(name: str, servers: Sequence[RunningServer]) -> AvailableModel | None:
    """Return the model meant by its full name, its name with the server's address, or the server's name for it.

    Raises `RunError` where several servers have one of that name.
    """
    bare, address = split_name(name)
    model = bare.partition("/")[2]
    served = [(server, candidate) for server in servers for candidate in server.models]
    for server, candidate in served:
        if candidate.use == name:
            return candidate
        if address and is_same_server(server.address, address) and _is_same(candidate.name, model):
            return candidate.model_copy(update={"use": name})
    by_provider = [
        candidate
        for server, candidate in served
        if not address and server.provider == program_of(name) and _is_same(candidate.name, model)
    ]
    by_name = [candidate for _, candidate in served if _is_same(candidate.name, name)]
    found = by_provider or by_name
    if len(found) > 1:
        raise RunError(
            f"'{name}' is served by several servers", hint=f"one of: {', '.join(candidate.use for candidate in found)}"
        )
    return found[0] if found else None


def missing_served_models(use: ModelConfig, env: Mapping[str, str], servers: Sequence[RunningServer]) -> TroupeError:
    """Return the message for a model that should be served on this machine and isn't."""
    model = use.name.partition("/")[2]
    address = address_of(use, env)
    names = [candidate.name for server in servers for candidate in server.models]
    if not model:
        known = [*names, *CATALOG]
        hint = did_you_mean(use.name, known, label="models here")
        if not nearest(use.name, known):
            hint = check_models([use], env, PriceTable())[0].hint
        return RunError(f"no model '{use.name}' is served on this machine", hint=hint)
    server = next((running for running in servers if is_same_server(running.address, address)), None)
    if server is None:
        hint = f"start the server; {did_you_mean(model, names, label='models served here')}".rstrip("; ")
        return Fatal(f"no server answers at {address}, which {use.name} would use", hint=hint)
    if server.trouble:
        return Fatal(f"{address}, which {use.name} would use: {server.trouble}")
    own = [candidate.name for candidate in server.models]
    return RunError(
        f"{server.program} at {address} does not serve '{model}'", hint=did_you_mean(model, own, label="it has")
    )


def _is_same(first: str, second: str) -> bool:
    return first.removesuffix(_LATEST) == second.removesuffix(_LATEST)
