"""CSV: a header always, a row per line, quoted so that any text survives."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence

from pydantic import JsonValue

from tinytroupe_cli.analysis.tables import Table
from tinytroupe_cli.reports.results import Results


def table_csv(table: Table) -> bytes:
    """Write a table made from what happened."""
    return as_csv(table.columns, table.rows)


def measures_csv(results: Results) -> bytes:
    """Write every planned value, whatever came of it: one line per answer, a column for each factor."""
    factors = list(dict.fromkeys(factor for condition in results.conditions for factor in condition.levels))
    names = {person.id: person.name for person in results.participants}
    head = ["trial", "condition", *factors, "replicate", "person", "name", "query", "field", "sample"]
    lines: Iterable[Sequence[JsonValue]] = (
        [
            *(row.trial, row.condition, *(row.levels.get(factor) for factor in factors), row.replicate),
            *(row.person, names.get(row.person, ""), row.query, row.field, row.sample),
            *(row.outcome, row.value, row.why),
        ]
        for row in results.rows
    )
    return as_csv([*head, "outcome", "value", "why"], lines)


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[JsonValue]]) -> bytes:
    """Write rows below their header; null is an empty cell, a list or a mapping is JSON, true is `true`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: JsonValue) -> str | int | float:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list() | dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return value
