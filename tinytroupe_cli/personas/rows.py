"""CSV text -> people's rows and their weights. Knows nothing of files."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.scalars import plain_scalar
from tinytroupe_cli.personas.distributions import Scalar

MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a table, and where in it."""

    message: str
    place: str = ""
    """`:7` for its seventh line."""
    hint: str = ""


def rows_from(
    text: str, *, weight: str | None = None, columns: Mapping[str, str] | None = None
) -> tuple[tuple[dict[str, Scalar], ...], tuple[float, ...], list[Complaint]]:
    """Read rows and weights; `columns` are those to keep and what to call them. An empty cell is left out."""
    lines = list(csv.reader(io.StringIO(text), dialect=_dialect(text)))
    lines = [line for line in lines if any(cell.strip() for cell in line)]
    if len(lines) < 2:  # noqa: PLR2004 - a header and somebody
        return (), (), [Complaint("a header and at least one row are wanted")]
    header = [cell.strip() for cell in lines[0]]
    trouble = _in_header(header, weight, columns)
    if trouble:
        return (), (), trouble
    kept = {name: name for name in header if name != weight} if columns is None else dict(columns)
    people: list[dict[str, Scalar]] = []
    weights: list[float] = []
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(header):
            trouble.append(Complaint(f"{len(line)} cells under {len(header)} headings", f":{number}"))
            continue
        cells = dict(zip(header, (cell.strip() for cell in line), strict=True))
        counted = _weight(cells[weight]) if weight is not None else 1.0
        if counted is None:
            trouble.append(Complaint(f"the weight '{cells[weight or '']}' is no number of 0 or more", f":{number}"))
            continue
        weights.append(counted)
        people.append({field: value for name, field in kept.items() if (value := _scalar(cells[name])) is not None})
    if not trouble and not sum(weights):
        trouble.append(Complaint("all weights are 0"))
    return tuple(people), tuple(weights), trouble[:MOST_TOLD]


def _in_header(header: list[str], weight: str | None, columns: Mapping[str, str] | None) -> list[Complaint]:
    trouble: list[Complaint] = []
    twice = {name for name in header if header.count(name) > 1 or not name}
    if twice:
        trouble.append(Complaint("every column needs a heading of its own", ":1"))
    wanted = [*([weight] if weight else []), *(columns or ())]
    trouble += [
        Complaint(f"there is no column '{name}'", ":1", did_you_mean(name, header, label="columns"))
        for name in wanted
        if name not in header
    ]
    fields = list((columns or {name: name for name in header if name != weight}).values())
    if "name" in fields:
        hint = "leave the column out with `columns: […]`, or give it another name: `columns: {name: other}`"
        trouble.append(Complaint("people get new names, so a column can't be called 'name'", ":1", hint))
    return trouble


def _dialect(text: str) -> type[csv.Dialect]:
    first = text.split("\n", maxsplit=1)[0]
    delimiter = max(",;\t", key=first.count)

    class Found(csv.excel):
        pass

    Found.delimiter = delimiter
    return Found


def _weight(cell: str) -> float | None:
    value = plain_scalar(cell)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 else None


def _scalar(cell: str) -> Scalar | None:
    return plain_scalar(cell)
