"""CSV: a header always, a row per line, quoted so that any text survives."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from tinytroupe_cli.analysis.tables import Table
from tinytroupe_cli.reports.data_tables import Cell, DataTable, plain_value

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # noqa: RUF001 - some programs read these alike
"""How a text begins that a spreadsheet would run."""


def table_csv(table: Table) -> bytes:
    """Write a table made from what happened."""
    return as_csv(table.columns, table.rows)


def data_csv(table: DataTable) -> bytes:
    """Write a table of answers; a missing answer is an empty cell."""
    return as_csv(table.names, table.rows)


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write rows below their header; null is an empty cell, a list or a mapping is JSON, true is `true`.

    A text that a spreadsheet would take for a formula gets an apostrophe in front, as OWASP advises for CSV. Numbers
    are never changed.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_cell(column) for column in columns])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def free_name(name: str, kind: str, taken: set[str]) -> str:
    """Return a column's name that no other column has."""
    return f"{kind}.{name}" if name in taken else name


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet could run a text."""
    return text.startswith(_FORMULA)


def _cell(value: Cell) -> str | int | float:
    match plain_value(value):
        case None:
            return ""
        case bool() as truth:
            return "true" if truth else "false"
        case str() as text:
            return f"'{text}" if is_formula(text) else text
        case number:
            return number
