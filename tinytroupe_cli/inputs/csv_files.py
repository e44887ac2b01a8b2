"""Reads CSV files that an experiment names; they are found as its other files are."""

from __future__ import annotations

from pathlib import Path

from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.personas.file_access import FileAccess
from tinytroupe_cli.personas.search_path import project_folders


def read_csv(name: str, *, base_dir: Path, access: FileAccess | None = None) -> str:
    """Return a file's text; raises RunError if it does not exist, is not text, or may not be read.

    `access` None: the user named it on the command line.
    """
    path = find_file(name, base_dir=base_dir, access=access)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RunError(f"'{name}' is not UTF-8 text", hint="save the file as UTF-8") from error
    except OSError as error:
        raise RunError(f"'{name}' can't be read: {(error.strerror or 'unknown reason').lower()}") from error


def find_file(name: str, *, base_dir: Path, access: FileAccess | None) -> Path:
    """Return where a file is; raises RunError if it does not exist or may not be read."""
    folders = project_folders(base_dir)
    path = next((folder / name for folder in folders if (folder / name).is_file()), None)
    if path is None:
        raise RunError(f"no file '{name}'", hint=f"searched {folders[0]} and the folders above it")
    if access is not None:
        access.check(path, name)
    return path
