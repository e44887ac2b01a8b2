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
from tinytroupe_cli.inputs.module_source import FoundFunction, find_function
from tinytroupe_cli.inputs.signatures import UnknownTypeError, signature_in_source, signature_of
from tinytroupe_cli.personas.search_path import project_folders
from tinytroupe_cli.spec.tools import OWN_TOOLS

__all__ = ["Signature", "dotted_path", "resolve_tool", "tool_function"]

GROUP = "troupe.tools"
"""The entry point group under which packages offer tools."""


def resolve_tool(written: str, *, base_dir: Path, may_import: bool) -> Signature:
    """Return the description of a tool, read from its source; raises RunError if it does not exist.

    What its source does not tell is read from the function, if modules may be imported; otherwise it stays unknown.
    """
    name = "" if ":" in written else written.replace("-", "_")
    found = _in_source(written, base_dir)
    if found.definition is not None and found.tree is not None:
        try:
            return signature_in_source(found.definition, found.tree, written, name=name)
        except UnknownTypeError:
            pass
    if may_import:
        return signature_of(tool_function(written, base_dir), written, name=name)
    name = name or dotted_path(written).rpartition(":")[2].rpartition(".")[2]
    return Signature(name, name.replace("_", " "), {}, is_known=False)


def dotted_path(written: str) -> str:
    """Return the dotted path of a tool; raises RunError if no package offers it."""
    if ":" in written:
        return written
    offered = {point.name: point for point in metadata.entry_points(group=GROUP)}
    if written not in offered:
        hint = did_you_mean(written, [*OWN_TOOLS, *offered, "my_package.tools:look_up"], label="tools")
        raise RunError(f"there is no tool '{written}'", hint=hint)
    return offered[written].value


def _in_source(written: str, base_dir: Path) -> FoundFunction:
    dotted = dotted_path(written)
    if ":" in written:
        return find_function(dotted, project_folders(base_dir))
    try:
        return find_function(dotted.partition("[")[0].strip(), [])
    except RunError as error:
        if error.message.endswith("is not a function"):
            raise RunError(f"the tool '{written}' is not a function", hint=f"its entry point is {dotted}") from error
        raise RunError(f"the tool '{written}' can't be imported: {error.message}", hint=error.hint) from error


def tool_function(written: str, base_dir: Path) -> Callable[..., Any]:
    """Import a user's tool, which runs its module; raises RunError that names the part that can't be found."""
    if ":" in written:
        return import_function(written, project_folders(base_dir))
    dotted = dotted_path(written)
    offered = {point.name: point for point in metadata.entry_points(group=GROUP)}
    try:
        found: Any = offered[written].load()
    except Exception as error:
        raise RunError(f"the tool '{written}' can't be imported: {type(error).__name__}: {error}") from error
    if not callable(found):
        raise RunError(f"the tool '{written}' is not a function", hint=f"its entry point is {dotted}")
    return found
