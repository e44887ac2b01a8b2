"""Chooses the default model: the larger one on a machine that can run and download it.

A run that started with a default keeps it: earlier runs are searched before the machine decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.models.local_catalog import CATALOG, LOCAL_PREFIX
from tinytroupe_cli.models.local_files import LocalFiles, user_models_folder
from tinytroupe_cli.models.local_hub import hub_in_force
from tinytroupe_cli.models.local_machine import this_machine
from tinytroupe_cli.spec.roles import DEFAULT, DEFAULT_MODEL, DefaultModel, is_default

if TYPE_CHECKING:
    from tinytroupe_cli.runs.manifest import Manifest

__all__ = ["LARGE", "NEW_OR_UNFINISHED", "Decide", "RunToContinue", "default_model_chooser", "defaults_of_runs"]

LARGE: Final = "qwen3-4b"
MIN_CORES: Final = 4
MIN_GIGABYTES: Final = 8
"""Requirements of the larger model."""

Decide = Callable[[], DefaultModel]


@dataclass(frozen=True)
class RunToContinue:
    """Which earlier runs a command would resume."""

    resume: Path | None = None
    """Only this run."""
    is_finished_too: bool = False
    """Finished runs count too, because their answers are needed."""


NEW_OR_UNFINISHED: Final = RunToContinue()


def default_model_chooser(env: Mapping[str, str], *, is_offline: bool, folder: Path | None = None) -> Decide:
    """Return a function that chooses by the machine, once, on first use; it waits for the hub 2 s at most.

    The hub is contacted only if the machine is large enough and lacks the larger model, and never if `is_offline`.
    """
    files = LocalFiles(folder or user_models_folder())
    return cache(partial(_decided, env, files, is_offline=is_offline))


def defaults_of_runs(runs: Path, going_on: RunToContinue) -> Iterator[DefaultModel]:
    """Yield the default models of the runs in a folder, newest first, each once."""
    seen: set[str] = set()
    for manifest in _manifests(runs, going_on.resume):
        model = manifest.models.get("people", {})
        use, origin = str(model.get("use", "")), str(model.get("origin", ""))
        is_wanted = going_on.is_finished_too or going_on.resume is not None or manifest.status != "finished"
        if is_wanted and is_default(origin) and use.startswith(LOCAL_PREFIX) and use not in seen:
            seen.add(use)
            yield DefaultModel(use, origin)


def _manifests(runs: Path, resume: Path | None) -> list[Manifest]:
    if resume is None and not runs.is_dir():
        return []
    from tinytroupe_cli.runs.run_lookup import newest_first, open_folder  # noqa: PLC0415 - where there are runs

    if resume is None:
        return [manifest for _, manifest in newest_first(runs)]
    try:
        return [open_folder(resume).manifest()]
    except RunError:  # the command that continues it says so
        return []


def _decided(env: Mapping[str, str], files: LocalFiles, *, is_offline: bool) -> DefaultModel:
    machine, large = this_machine(env), CATALOG[LARGE]
    origin = f"{DEFAULT} model for a machine with {machine}"
    if not machine.has(MIN_CORES, MIN_GIGABYTES):
        return DefaultModel(DEFAULT_MODEL, origin)
    if large.hub is None or files.is_present(large):
        return DefaultModel(f"{LOCAL_PREFIX}{LARGE}", origin)
    hub = hub_in_force(env)
    if is_offline:
        return DefaultModel(DEFAULT_MODEL, f"{origin}; {LARGE} is not downloaded")
    why_not = hub.why_not(large.hub)
    if why_not:
        return DefaultModel(DEFAULT_MODEL, f"{origin}; {LARGE} can't be downloaded from {hub.host}: {why_not}")
    return DefaultModel(f"{LOCAL_PREFIX}{LARGE}", origin)
