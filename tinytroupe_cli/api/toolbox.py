"""Finds and imports users' tools: by dotted path, or by a package's entry point."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tinytroupe_cli.api.preparing import Prepared
from tinytroupe_cli.core.clock import Clock
from tinytroupe_cli.inputs.functions import tool_function
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.runs.external_calls import SqliteExternalCallStore
from tinytroupe_cli.runs.folder import RunFolder
from tinytroupe_cli.simulation.external_calls import ExternalCallStore


@dataclass(frozen=True)
class Toolbox:
    """The users' tools shared by all trials of a run."""

    functions: Mapping[str, Callable[..., Any]]
    """By dotted path, as written."""
    store: ExternalCallStore
    clock: Clock


@contextmanager
def open_toolbox(prepared: Prepared, plan: Plan, folder: RunFolder, clock: Clock) -> Generator[Toolbox, None, None]:
    """Import every function the plan's people can use; raises RunError if one no longer exists."""
    base_dir = prepared.compiled.path.absolute().parent
    members = (member for trial in plan.trials for member in trial.people)
    written = dict.fromkeys(tool.function for member in members for tool in member.tools if tool.kind == "function")
    functions = {name: tool_function(name, base_dir) for name in written}
    store = SqliteExternalCallStore(folder.outside, hide=prepared.secrets.hide_in)
    try:
        yield Toolbox(functions, store, clock)
    finally:
        store.close()
