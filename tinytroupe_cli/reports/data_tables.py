"""A table of answers before it is written: typed columns with labels, and rows whose gaps say why they are gaps.

CSV, Parquet, Excel, SPSS, Stata and data frames are all written from it, so that they agree.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final, Literal

from pydantic import JsonValue

ColumnKind = Literal["text", "number", "integer", "truth", "mixed"]
"""text: also lists and mappings, as JSON; truth: true or false; mixed: values of several kinds."""


class MissingAnswer(Enum):
    """Why a planned answer has no code."""

    NOT_STATED = "not_stated"
    REFUSED = "refused"
    FAILED = "failed"
    UNASKED = "unasked"


MISSING_WORDS: Final[Mapping[MissingAnswer, str]] = {
    MissingAnswer.NOT_STATED: "not stated",
    MissingAnswer.REFUSED: "declined by the model",
    MissingAnswer.FAILED: "no usable answer",
    MissingAnswer.UNASKED: "not asked",
}
"""What each reason means; the order gives the missing codes of SPSS and Stata."""

Cell = JsonValue | MissingAnswer
_INT64: Final = 2**63


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what it holds, and the labels of its numbers."""

    name: str
    about: str = ""
    kind: ColumnKind | None = None
    """None: found from the values."""
    labels: Mapping[float, str] = field(default_factory=dict[float, str])
    """Number -> its label."""


@dataclass(frozen=True, slots=True)
class DataTable:
    """Columns, each with a kind, and rows in their order."""

    name: str
    """Name of its file, without an ending."""
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def names(self) -> list[str]:
        """Return the names of the columns."""
        return [column.name for column in self.columns]

    def values(self, number: int) -> list[Cell]:
        """Return the values of a column, from the top."""
        return [row[number] for row in self.rows]


def data_table(name: str, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> DataTable:
    """Return a table in which every column has a kind: the given one, or that of its values.

    An empty text is no value in a column that is text in every run; an answer can be empty.
    """
    is_text = [column.kind == "text" for column in columns]
    every = tuple(
        tuple(
            None if text and not value and isinstance(value, str) else value
            for text, value in zip(is_text, row, strict=True)
        )
        for row in rows
    )
    typed = [
        column if column.kind else replace(column, kind=kind_of_values([row[number] for row in every]))
        for number, column in enumerate(columns)
    ]
    return DataTable(name, title, tuple(typed), every)


def kind_of_values(values: Iterable[Cell]) -> ColumnKind:
    """Return the kind that all values have; text where there are none, mixed where they differ."""
    found: set[ColumnKind] = {
        _kind(value) for value in values if value is not None and not isinstance(value, MissingAnswer)
    }
    if found == {"integer", "number"}:
        return "number"
    if len(found) > 1:
        return "mixed"
    return found.pop() if found else "text"


def plain_value(value: Cell) -> str | int | float | bool | None:
    """Return a cell as one value: a list or a mapping as JSON text, a missing answer as None."""
    match value:
        case MissingAnswer():
            return None
        case list() | dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return value


def text_value(value: Cell) -> str | None:
    """Return a cell as text, as in CSV: true is `true`; None where there is none."""
    plain = plain_value(value)
    if plain is None or isinstance(plain, str):
        return plain
    return str(plain).lower() if isinstance(plain, bool) else str(plain)


def number_value(value: Cell) -> float | None:
    """Return a number, true as 1; None for anything else."""
    return float(value) if isinstance(value, int | float) else None


def _kind(value: JsonValue) -> ColumnKind:
    match value:
        case bool():
            return "truth"
        case int():
            return "integer" if abs(value) < _INT64 else "number"
        case float():
            return "number"
        case _:
            return "text"
