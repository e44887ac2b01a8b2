"""Converts a table's records into people's rows and weights. `name` is a person's name; `id` is an ordinary field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.personas.distributions import Scalar
from tinytroupe_cli.personas.people_tables import MAX_SHOWN, TableProblem, read_table

__all__ = ["TableProblem", "rows_from"]


def rows_from(
    text: str, *, weight: str | None = None, columns: Mapping[str, str] | None = None, ending: str = ".csv"
) -> tuple[tuple[dict[str, Scalar], ...], tuple[float, ...], list[TableProblem]]:
    """Return rows and weights; `columns` are those to keep and their new names. Empty cells are left out."""
    table = read_table(text, ending)
    trouble = list(table.trouble) or _in_header(table.header, weight, columns)
    if trouble:
        return (), (), trouble
    kept = {name: name for name in table.header if name != weight} if columns is None else dict(columns)
    people: list[dict[str, Scalar]] = []
    weights: list[float] = []
    for number, record in table.records:
        counted = 1.0 if weight is None else _weight(record.get(weight))
        if counted is None:
            cell = record.get(weight or "", "")
            trouble.append(TableProblem(f"the weight '{cell}' is not a number of 0 or more", f":{number}"))
            continue
        weights.append(counted)
        people.append({field: record[name] for name, field in kept.items() if name in record})
    if not trouble and not sum(weights):
        trouble.append(TableProblem("all weights are 0"))
    return tuple(people), tuple(weights), trouble[:MAX_SHOWN]


def _in_header(header: Sequence[str], weight: str | None, columns: Mapping[str, str] | None) -> list[TableProblem]:
    wanted = [*([weight] if weight else []), *(columns or ())]
    return [
        TableProblem(f"there is no column '{name}'", ":1", did_you_mean(name, header, label="columns"))
        for name in wanted
        if name not in header
    ]


def _weight(value: Scalar | None) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and value >= 0 else None  # pyright: ignore[reportOperatorIssue, reportArgumentType] - a number
