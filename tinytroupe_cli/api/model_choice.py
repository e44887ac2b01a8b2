"""Checks that a model can be used and writes it to config.ini."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tinytroupe_cli.api.default_model import default_model_chooser
from tinytroupe_cli.api.local_models import find_entry, missing_local_models
from tinytroupe_cli.api.running_servers import ServerAddress, running_servers, server_addresses
from tinytroupe_cli.api.served_models import find_served, missing_served_models, program_of
from tinytroupe_cli.api.settings import NAME, Settings, config_files, resolve_settings
from tinytroupe_cli.core.bounded_files import is_named
from tinytroupe_cli.core.errors import Fatal, RunError
from tinytroupe_cli.core.files import write_whole
from tinytroupe_cli.core.secrets import without_password
from tinytroupe_cli.language.reading import read_text
from tinytroupe_cli.models.local_catalog import CATALOG, LOCAL_PREFIX
from tinytroupe_cli.models.port import ModelConfig, Role
from tinytroupe_cli.models.preflight import check_models, role_mismatches
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.reaching import Reaching
from tinytroupe_cli.models.servers import address_of, is_loopback, is_same_server, split_name
from tinytroupe_cli.spec.config import IniFile, read_settings
from tinytroupe_cli.spec.config_editing import with_values
from tinytroupe_cli.spec.foreign_config import read_foreign
from tinytroupe_cli.spec.roles import OPTIONAL, ROLES, choose_models

__all__ = ["ConfigChange", "use_model"]


@dataclass(frozen=True)
class ConfigChange:
    """What was written, and what it replaced."""

    role: Role
    before: str
    """The previous model with its origin; empty: none."""
    after: str
    is_new_file: bool
    notes: tuple[str, ...] = ()


def use_model(
    name: str,
    folder: Path,
    env: Mapping[str, str],
    *,
    role: Role = "people",
    places: Sequence[ServerAddress] | None = None,
) -> ConfigChange:
    """Write a model to the folder's config.ini.

    Raises `RunError` for an unknown name, `Fatal` for a model that can't be reached or has no key; nothing is
    written then.
    """
    path = folder / NAME
    text = read_text(path, f"./{NAME}") if is_named(path) else ""
    if read_foreign(text) is not None:
        raise RunError(f"./{NAME} is TinyTroupe's, and troupe uses its MODEL", hint="change MODEL in that file")
    settings = resolve_settings(folder, {})
    checked = _checked(name, role, settings, env, places)
    before = choose_models(None, settings, env, default_model_chooser(env, is_offline=True)).get(role)
    others = [file for file in config_files(folder) if file.source != f"./{NAME}"]
    changed, moved = with_values(text, "model", {role: checked.use}), ()
    if checked.is_at_provider:
        changed, moved = _away_from_api_base(changed, role, checked.use, others, env)
    write_whole(path, changed)
    return ConfigChange(
        role=role,
        before=f"{_in_full(before.config)} ({before.origin})" if before else "",
        after=without_password(checked.use),
        is_new_file=not text,
        notes=(*checked.notes, *moved),
    )


@dataclass(frozen=True)
class _Checked:
    """A model that can be used."""

    use: str
    """The name in the form config.ini takes."""
    notes: tuple[str, ...] = ()
    """Warnings about the model."""
    is_at_provider: bool = False
    """Whether it is called at its provider's own address rather than at a configured server."""


def _checked(
    name: str, role: Role, settings: Settings, env: Mapping[str, str], places: Sequence[ServerAddress] | None
) -> _Checked:
    """Resolve a name and check whether the model can be used."""
    if name.startswith(LOCAL_PREFIX):
        return _local(name, role)
    bare, address = split_name(name)
    look_at = list(server_addresses(settings, env) if places is None else places)
    provider = program_of(bare)
    if address and provider and is_loopback(address):
        look_at.insert(0, ServerAddress(provider=provider, address=address))
    servers = running_servers(settings, env, look_at)
    served = find_served(name, servers)
    if served is not None:
        _fits(served.name, role, does_vectors=served.does == "vectors")
        return _Checked(
            served.use, (f"it runs at {served.elsewhere}, not on this machine",) if served.elsewhere else ()
        )
    if bare in CATALOG:
        return _local(f"{LOCAL_PREFIX}{name}", role)
    use = ModelConfig(name=bare, api_base=address)
    if "/" not in bare or is_loopback(address_of(use, env)):
        raise missing_served_models(use, env, servers)
    return _Checked(name, _doubts(use, role, env), is_at_provider=address is None)


def _local(name: str, role: Role) -> _Checked:
    entry = find_entry(name)
    _fits(name, role, does_vectors=entry.does == "vectors")
    is_missing = bool(missing_local_models([ModelConfig(name=name)]))
    return _Checked(name, (f"it is not on this machine yet: troupe model pull {entry.name}",) if is_missing else ())


def _fits(name: str, role: Role, *, does_vectors: bool) -> None:
    if does_vectors and role != "embeddings":
        raise RunError(f"{name} is an embedding model; it can't play people", hint="use it with --for embeddings")
    if role == "embeddings" and not does_vectors:
        raise RunError(f"the role embeddings needs an embedding model, but {name} is not one")


def _doubts(use: ModelConfig, role: Role, env: Mapping[str, str]) -> tuple[str, ...]:
    """Return warnings about a provider's model; raises `Fatal` for errors."""
    prices = PriceTable()
    found = [*check_models([use], env, prices), *role_mismatches({role: use}, prices)]
    wrong = next((finding for finding in found if finding.is_error), None)
    if wrong is not None:
        raise Fatal(wrong.message, hint=wrong.hint)
    asked_at = address_of(use, env)
    if asked_at:
        asyncio.run(Reaching().make_sure(use.model_copy(update={"api_base": asked_at})))
    return tuple(". ".join(filter(None, (finding.message, finding.hint))) for finding in found)


def _away_from_api_base(
    text: str, role: Role, name: str, others: Sequence[IniFile], env: Mapping[str, str]
) -> tuple[str, tuple[str, ...]]:
    """Return the file's text changed so that a provider's model is called at its own address, and the changes made.

    `api_base` applies to all models without an address: if it would redirect the new one, it is emptied, and the
    models of the other roles keep it as part of their names.
    """
    settings = _read(text, others)
    api_base = settings.api_base
    if api_base is None or is_same_server(api_base, address_of(ModelConfig(name=name), env)):
        return text, ()
    kept = {
        other: f"{written}@{api_base}"
        for other in (*ROLES, *OPTIONAL)
        if other != role and (written := getattr(settings, other)) and _goes_by_api_base(written)
    }
    changed = with_values(text, "model", {"api_base": "", **kept})
    settings = _read(changed, others)
    if settings.api_base:
        place = settings.origins["model.api_base"]
        api_base = without_password(api_base)
        hint = f"remove it from {place}, or add it to the names of the models that use it: {name}@{api_base}"
        raise RunError(f"requests for {name} would go to {api_base}, because {place} sets it for all models", hint=hint)
    moved = [f"api_base was {without_password(api_base)} and is now empty, because {name} does not use it"]
    return changed, (
        *moved,
        *(f"requests for {other} still go to {without_password(written)}" for other, written in kept.items()),
    )


def _in_full(use: ModelConfig) -> str:
    return without_password(f"{use.name}@{use.api_base}" if use.api_base else use.name)


def _goes_by_api_base(written: str) -> bool:
    return not written.startswith(LOCAL_PREFIX) and split_name(written)[1] is None


def _read(text: str, others: Sequence[IniFile]) -> Settings:
    return read_settings([IniFile(f"./{NAME}", text), *others])
