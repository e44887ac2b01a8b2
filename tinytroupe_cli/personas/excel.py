"""Converts the first sheet of an Excel file to CSV, in a child process, as such files can be hostile."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, cast

from tinytroupe_cli.core.archives import check_archive
from tinytroupe_cli.core.bounded_files import (
    MAX_PACKED_BYTES,
    MAX_TABLE_BYTES,
    UnreadableFileError,
    check_file,
    read_bounded,
)
from tinytroupe_cli.core.diagnostics import Diagnostic, Span
from tinytroupe_cli.core.errors import RunError, SpecError, TroupeError
from tinytroupe_cli.core.limited_process import LimitedCall, call_limited

MAX_CELLS: Final = 1_000_000
"""Of the first sheet, empty ones between others included."""
_SECONDS: Final = 30
_CONVERT: Final = "tinytroupe_cli.personas.excel:convert"


def excel_as_csv(path: Path, source: str) -> str:
    """Return the sheet's values, formulas by their last result; raises `SpecError` if it can't be read."""
    try:
        check_file(path, MAX_PACKED_BYTES)
        (found,) = call_limited(_CONVERT, [LimitedCall((str(path.absolute()),), _SECONDS)])
    except UnreadableFileError as error:
        found = error
    if isinstance(found, TroupeError):
        raise SpecError([Diagnostic("E101", found.message, Span(source), hint=found.hint)])
    return str(found)


def convert(path: str) -> str:
    """Return the first sheet as CSV; raises `RunError` with a message that continues a sentence."""
    import openpyxl  # noqa: PLC0415  # pyright: ignore[reportMissingModuleSource] - only for Excel files

    file = io.BytesIO(read_bounded(Path(path), MAX_PACKED_BYTES))
    try:
        check_archive(file)
        book = cast("Any", openpyxl).load_workbook(file, read_only=True, data_only=True)
        sheet = book.worksheets[0]
    except (
        OSError,
        ValueError,
        KeyError,
        IndexError,
        AttributeError,
        TypeError,
        SyntaxError,
        zipfile.BadZipFile,
    ) as error:
        raise RunError(f"is not a readable Excel file: {error}") from error
    sheet.reset_dimensions()  # a file may claim a million columns
    return _csv(_rows(sheet))


def _rows(sheet: Any) -> list[list[str]]:
    rows: list[list[str]] = []
    cells = size = 0
    for row in sheet.iter_rows(values_only=True):
        texts = [_cell(value) for value in row]
        cells += 1 + len(texts)
        size += sum(map(len, texts))
        if cells > MAX_CELLS:
            raise RunError(f"has more than {MAX_CELLS:,} cells", hint="keep only the rows and columns that are needed")
        if size > MAX_TABLE_BYTES:
            raise RunError(
                f"has more than {MAX_TABLE_BYTES:,} characters", hint="keep only the columns that are needed"
            )
        rows.append(texts)
    return rows


def _csv(rows: list[list[str]]) -> str:
    width = max((number for row in rows for number, cell in enumerate(row, start=1) if cell), default=0)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows((row + [""] * (width - len(row)))[:width] for row in rows)
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
