"""Libraries that only some commands need: imported on first use, and named with their command if they are missing."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from typing import Any, Final

from tinytroupe_cli.core.errors import EnvironmentProblem

INSTALL: Final[Mapping[str, str]] = {
    "pandas": "pip install 'tinytroupe-cli[data]'",
    "pyarrow": "pip install 'tinytroupe-cli[data]'",
    "pyreadstat": "pip install 'tinytroupe-cli[data]'",
    "polars": "pip install 'tinytroupe-cli[polars]'",
}
"""Library -> the command that installs it."""


def optional_library(name: str, what: str) -> Any:
    """Import a library; raises `EnvironmentProblem` with the command that installs it, for `what`, if it is missing."""
    require_libraries([name], what)
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise EnvironmentProblem(f"{name} can't be imported: {error}", hint=INSTALL[name.partition(".")[0]]) from error


def require_libraries(names: Iterable[str], what: str) -> None:
    """Raise `EnvironmentProblem` for the first library that is not installed; nothing is imported."""
    for name in names:
        package = name.partition(".")[0]
        if find_spec(package) is None:
            raise EnvironmentProblem(f"{what} needs {package}, which is not installed", hint=INSTALL[package])
