"""CSV: a header always, a row per line, quoted so that any text survives."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence

from pydantic import JsonValue

from tinytroupe_cli.analysis.tables import Table

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # noqa: RUF001 - some programs read these alike
"""How a text begins that a spreadsheet would run."""


def table_csv(table: Table) -> bytes:
    """Write a table made from what happened."""
    return as_csv(table.columns, table.rows)


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[JsonValue]]) -> bytes:
    """Write rows below their header; null is an empty cell, a list or a mapping is JSON, true is `true`.

    A text that a spreadsheet would take for a formula gets an apostrophe in front, as OWASP advises for CSV.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_cell(column) for column in columns])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def free_name(name: str, kind: str, taken: set[str]) -> str:
    """Return a column's name that no other column has."""
    return f"{kind}.{name}" if name in taken else name


def _cell(value: JsonValue) -> str | int | float:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list() | dict():
            return json.dumps(value, ensure_ascii=False)
        case str():
            return f"'{value}" if value.startswith(_FORMULA) else value
        case _:
            return value
