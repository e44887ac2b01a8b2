"""Users' own tools, found and opened: by dotted path, or by a package's entry point."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from tinytroupe_cli.api.signatures import signature_of
from tinytroupe_cli.core.clock import Clock
from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.core.imports import import_function
from tinytroupe_cli.personas.search_path import project_folders
from tinytroupe_cli.plan.equipment.tools import Signature
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.runs.external_calls import SqliteExternalCallStore
from tinytroupe_cli.runs.folder import RunFolder
from tinytroupe_cli.simulation.external_calls import ExternalCallStore
from tinytroupe_cli.spec.tools import OWN_TOOLS

GROUP = "troupe.tools"
"""The entry points under which packages offer tools."""


@dataclass(frozen=True)
class Toolbox:
    """What all trials of a run share of users' tools."""

    functions: Mapping[str, Callable[..., Any]]
    """By where they live, as written."""
    store: ExternalCallStore
    clock: Clock


@contextmanager
def open_toolbox(plan: Plan, *, base_dir: Path, folder: RunFolder, clock: Clock) -> Generator[Toolbox, None, None]:
    """Import every function the plan's people can use; raises RunError for one that isn't there any more."""
    members = (member for trial in plan.trials for member in trial.people)
    written = dict.fromkeys(tool.function for member in members for tool in member.tools if tool.kind == "function")
    functions = {name: tool_function(name, base_dir) for name in written}
    store = SqliteExternalCallStore(folder.outside)
    try:
        yield Toolbox(functions, store, clock)
    finally:
        store.close()


def resolve_tool(written: str, *, base_dir: Path) -> Signature:
    """Return what people are told of a tool; raises RunError where there is none."""
    name = "" if ":" in written else written.replace("-", "_")
    return signature_of(tool_function(written, base_dir), written, name=name)


def tool_function(written: str, base_dir: Path) -> Callable[..., Any]:
    """Import a user's tool; raises RunError that says which part of its name leads nowhere."""
    if ":" in written:
        return import_function(written, project_folders(base_dir))
    offered = {point.name: point for point in metadata.entry_points(group=GROUP)}
    if written not in offered:
        hint = did_you_mean(written, [*OWN_TOOLS, *offered, "my_package.tools:look_up"], label="tools")
        raise RunError(f"there is no tool '{written}'", hint=hint)
    try:
        found: Any = offered[written].load()
    except Exception as error:
        raise RunError(f"the tool '{written}' can't be imported: {type(error).__name__}: {error}") from error
    if not callable(found):
        raise RunError(f"the tool '{written}' is no function", hint=f"its entry point is {offered[written].value}")
    return found
