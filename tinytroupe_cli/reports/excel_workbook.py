"""An Excel workbook of tables, one sheet each, with a header that stays in view.

Numbers are numbers and texts are texts: no cell is a formula, and a text that looks like one is marked as text the way
Excel does it (quote prefix), without a character added. Texts longer than a cell can hold are cut.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any, Final, cast

from tinytroupe_cli.reports.csv_files import is_formula
from tinytroupe_cli.reports.data_tables import Cell, DataTable, plain_value

MAX_CHARACTERS: Final = 32_767
"""What a cell can hold."""
MAX_ROWS: Final = 1_048_575
"""Rows of a sheet below its header."""
_ILLEGAL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_TIMES: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_TIME: Final = rb"\g<1>2000-01-01T00:00:00Z"


def workbook_bytes(tables: Sequence[DataTable]) -> bytes:
    """Return a workbook; the same tables give the same bytes."""
    import openpyxl  # noqa: PLC0415  # pyright: ignore[reportMissingModuleSource] - only for Excel files

    book = cast("Any", openpyxl).Workbook(write_only=True)
    for table in tables:
        for part, start in enumerate(range(0, max(1, len(table.rows)), MAX_ROWS), start=1):
            sheet = book.create_sheet(table.name if part == 1 else f"{table.name} {part}")
            sheet.freeze_panes = "A2"
            sheet.append([_cell(sheet, name) for name in table.names])
            for row in table.rows[start : start + MAX_ROWS]:
                sheet.append([_cell(sheet, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return _without_times(file.getvalue())


def _cell(sheet: Any, value: Cell) -> Any:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415  # pyright: ignore[reportMissingModuleSource]

    plain = plain_value(value)
    if not isinstance(plain, str):
        return plain
    text = _ILLEGAL.sub("", plain)[:MAX_CHARACTERS]
    if not text:
        return None
    cell = cast("Any", WriteOnlyCell)(sheet, value=text)
    cell.data_type = "s"  # else a text that begins with = would be a formula, and #N/A an error
    if is_formula(text):
        cell.quotePrefix = True
    return cell


def _without_times(content: bytes) -> bytes:
    """Return the workbook without the time of writing, in its properties and in the archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as again:
        for part in packed.infolist():
            data = packed.read(part)
            if part.filename == "docProps/core.xml":
                data = _TIMES.sub(_TIME, data)
            again.writestr(zipfile.ZipInfo(part.filename), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()
