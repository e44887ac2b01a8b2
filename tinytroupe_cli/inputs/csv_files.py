"""Reads CSV files that an experiment names; they are found as its other files are."""

from __future__ import annotations

from pathlib import Path

from tinytroupe_cli.core.bounded_files import MAX_TABLE_BYTES, UnreadableFileError, decoded, is_named, read_bounded
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.personas.file_access import FileAccess
from tinytroupe_cli.personas.search_path import folders_searched, project_folders


def read_csv(name: str, *, base_dir: Path, access: FileAccess | None = None) -> str:
    """Return a file's text; raises RunError if it does not exist, is not text, or may not be read.

    `access` None: the user named it on the command line.
    """
    path = find_file(name, base_dir=base_dir, access=access)
    try:
        return decoded(read_bounded(path, MAX_TABLE_BYTES))
    except UnicodeDecodeError as error:
        raise RunError(f"'{name}' is not UTF-8 text", hint="save the file as UTF-8") from error
    except UnreadableFileError as error:
        raise RunError(f"'{name}' {error.message}", hint=error.hint) from error


def find_file(name: str, *, base_dir: Path, access: FileAccess | None) -> Path:
    """Return where a file is; raises RunError if it does not exist or may not be read."""
    folders = project_folders(base_dir)
    path = next((folder / name for folder in folders if is_named(folder / name)), None)
    if path is None:
        raise RunError(f"no file '{name}'", hint=folders_searched(base_dir))
    if access is not None:
        access.check(path, name)
    return path
