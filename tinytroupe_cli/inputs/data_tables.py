"""Reads tables that an experiment names, such as human answers; they are found as its other files are."""

from __future__ import annotations

from pathlib import Path

from tinytroupe_cli.core.errors import RunError, SpecError
from tinytroupe_cli.inputs.csv_files import find_file, read_csv
from tinytroupe_cli.personas.excel import excel_as_csv
from tinytroupe_cli.personas.file_access import FileAccess


def read_data(name: str, *, base_dir: Path, access: FileAccess | None = None) -> str:
    """Return a table's text; the first sheet of an Excel file as CSV. Raises RunError if it can't be read."""
    if Path(name).suffix.lower() != ".xlsx":
        return read_csv(name, base_dir=base_dir, access=access)
    try:
        return excel_as_csv(find_file(name, base_dir=base_dir, access=access), name)
    except SpecError as error:
        raise RunError(f"'{name}' {error.diagnostics[0].message.removeprefix('this ')}") from error
