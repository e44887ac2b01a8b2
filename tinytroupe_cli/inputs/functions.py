"""Users' tools: functions by their dotted path, or by the name under which a package offers them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

from tinytroupe_cli.compiler.resources.tools import Signature
from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.core.imports import import_function
from tinytroupe_cli.inputs.signatures import signature_of
from tinytroupe_cli.personas.search_path import project_folders
from tinytroupe_cli.spec.tools import OWN_TOOLS

__all__ = ["Signature", "resolve_tool", "tool_function"]

GROUP = "troupe.tools"
"""The entry point group under which packages offer tools."""


def resolve_tool(written: str, *, base_dir: Path) -> Signature:
    """Return the description of a tool; raises RunError if it does not exist."""
    name = "" if ":" in written else written.replace("-", "_")
    return signature_of(tool_function(written, base_dir), written, name=name)


def tool_function(written: str, base_dir: Path) -> Callable[..., Any]:
    """Import a user's tool; raises RunError that names the part that can't be found."""
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
        raise RunError(f"the tool '{written}' is not a function", hint=f"its entry point is {offered[written].value}")
    return found
