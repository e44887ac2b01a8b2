"""Resolves the settings in a folder: flags, its config.ini, the user's, the packaged defaults."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import platformdirs
from pydantic import JsonValue

from tinytroupe_cli.core.bounded_files import is_named
from tinytroupe_cli.core.diagnostics import Diagnostic
from tinytroupe_cli.core.errors import SpecError, TroupeError
from tinytroupe_cli.language.reading import read_text
from tinytroupe_cli.spec.config import OUTCOMES, IniFile, Settings, read_settings

__all__ = [
    "Settings",
    "config_files",
    "configured_exit_code",
    "own_config_path",
    "resolve_settings",
    "setting_values",
]

NAME = "config.ini"


def resolve_settings(folder: Path, flags: Mapping[str, JsonValue]) -> Settings:
    """Merge the settings for a command run in a folder; raises SpecError for errors in a file."""
    return read_settings(config_files(folder), flags)


def configured_exit_code(code: int, folder: Path) -> int:
    """Return the exit code that `[ci]` sets for an outcome in a folder; the code itself by default."""
    outcome = next((name for name, own in OUTCOMES.items() if own == code), None)
    if outcome is None:
        return code
    try:
        return resolve_settings(folder, {}).exit_codes.get(outcome, code)
    except (TroupeError, OSError):  # the command has said what is wrong with the file
        return code


def setting_values(settings: Settings) -> dict[str, JsonValue]:
    """Return every setting's value by its config.ini name."""
    attributes = {
        name: name.replace(".", "_") if name.startswith("cache.") else name.split(".")[1] for name in settings.origins
    }
    values: dict[str, Any] = {name: getattr(settings, attribute) for name, attribute in attributes.items()}
    lists = {
        name: ", ".join(cast("tuple[str, ...]", one)) or None for name, one in values.items() if isinstance(one, tuple)
    }
    return {**values, **lists}


def check_config(path: Path, project_dir: Path) -> list[Diagnostic]:
    """Return all findings in one config file; `project_dir` is the folder the command runs in."""
    source = f"./{NAME}" if path.absolute() == project_dir.absolute() / NAME else str(path)
    try:
        is_own = path.absolute() == own_config_path()
        return list(read_settings([IniFile(source, read_text(path, source), is_users=is_own)]).warnings)
    except SpecError as error:
        return list(error.diagnostics)


def config_files(folder: Path) -> list[IniFile]:
    """Return the existing config files, highest priority first."""
    own = own_config_path()
    places = [(f"./{NAME}", folder / NAME, False), (own.as_posix(), own, True)]
    return [
        IniFile(source, read_text(path, source), is_users=is_own) for source, path, is_own in places if is_named(path)
    ]


def own_config_path() -> Path:
    """Return the path of the user's own config.ini."""
    return Path(platformdirs.user_config_dir("troupe", appauthor=False)) / NAME
