"""Converts the first sheet of an Excel file to CSV."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, cast

from tinytroupe_cli.core.diagnostics import Diagnostic, Span
from tinytroupe_cli.core.errors import SpecError

MAX_BYTES: Final = 200_000_000
"""Limit of the unpacked file."""


def excel_as_csv(path: Path, source: str) -> str:
    """Return the sheet's values, formulas by their last result; raises `SpecError` if it can't be read."""
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_BYTES:
                message = f"is larger than {MAX_BYTES // 10**6} MB when unpacked"
                raise SpecError([Diagnostic("E101", message, Span(source))])
        import openpyxl  # noqa: PLC0415  # pyright: ignore[reportMissingModuleSource] - only for Excel files

        book = cast("Any", openpyxl).load_workbook(path, read_only=True, data_only=True)
        rows = [[_cell(value) for value in row] for row in book.worksheets[0].iter_rows(values_only=True)]
        book.close()
    except (OSError, ValueError, KeyError, IndexError, zipfile.BadZipFile) as error:
        raise SpecError([Diagnostic("E101", f"is not a readable Excel file: {error}", Span(source))]) from error
    width = max((number for row in rows for number, cell in enumerate(row, start=1) if cell), default=0)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(row[:width] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date():
            return value.isoformat()
        case _:
            return " ".join(str(value).split("\n"))
