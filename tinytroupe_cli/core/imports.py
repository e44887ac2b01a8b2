"""Imports a user's Python function by its dotted path: `my_package.bot:reply`."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.errors import RunError

SHAPE = "my_package.my_module:my_function"


def import_function(dotted: str, folders: Sequence[Path]) -> Callable[..., Any]:
    """Import a function; the given folders are searched first.

    Raises `RunError` that names the missing part. Side effects of the import are up to the module.
    """
    module, colon, name = dotted.partition(":")
    if not colon or not module or not name:
        raise RunError(f"'{dotted}' does not name a function", hint=f"write {SHAPE}")
    for folder in reversed(folders):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        found: Any = importlib.import_module(module)
    except ModuleNotFoundError as error:
        where = ", ".join(str(folder) for folder in folders)
        inner = "" if error.name == module.split(".")[0] else f" ({error})"
        raise RunError(
            f"there is no module '{module}'{inner}", hint=f"searched {where} and this Python environment"
        ) from error
    except Exception as error:  # the user's own code runs here
        raise RunError(f"'{module}' can't be imported: {type(error).__name__}: {error}") from error
    for part in name.split("."):
        owner, found = found, getattr(found, part, None)
        if found is None:
            names = [other for other in dir(owner) if not other.startswith("_")]
            raise RunError(f"'{module}' has no '{part}'", hint=did_you_mean(part, names, label="it has", most=12))
    if not callable(found):
        raise RunError(f"'{dotted}' is not a function", hint=f"write {SHAPE}")
    return found
