"""Reads human answers from a table: each cell as an answer of the measure, or what is wrong with it and where."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final, Literal

from pydantic import JsonValue

from tinytroupe_cli.analysis.comparison_questions import band_of
from tinytroupe_cli.core.errors import TroupeError
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.language.said_values import is_same, label
from tinytroupe_cli.personas.people_tables import PeopleTable, read_table
from tinytroupe_cli.plan.human_data import HumanAnswers

MAX_TOLD: Final = 5
"""Unknown answers that are named, each once."""
HELD: Final = ("binary", "nominal", "ordinal", "numeric")
"""Shapes of answers that can be held against human ones."""
TRUTHS: Final[Mapping[str, JsonValue]] = {"1": True, "0": False, "true": True, "false": False}

HumanDataKey = Literal["with", "column", "weight", "key", "map", "retest", "by"]
Complain = Callable[..., None]
"""Takes a message, the key it is about and perhaps a hint: `complain("no column 'x'", "column", hint="…")`."""
TableRows = Sequence[tuple[int, Mapping[str, JsonValue]]]


@dataclass(frozen=True, slots=True)
class DataColumns:
    """Which columns of a table hold what."""

    data: str
    """The file, as written."""
    column: str
    weight: str = ""
    key: str = ""
    retest: str = ""
    map: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    group: str = ""
    """The column whose values are groups; empty: none."""
    bands: tuple[float, ...] = ()
    attributes: frozenset[str] = frozenset()
    """Fields that simulated people have; columns of these names are kept."""


def human_answers(
    read: Callable[[str], str], wanted: DataColumns, measure: PlannedField, complain: Complain
) -> HumanAnswers | None:
    """Return a table's answers, one per row; None where there is an error.

    `read` reads a table as text; Excel as CSV.
    """
    try:
        text = read(wanted.data)
    except TroupeError as error:
        complain(error.message, "with", hint=error.hint)
        return None
    ending = PurePath(wanted.data).suffix
    table = read_table(text, ".csv" if ending.lower() == ".xlsx" else ending)
    if table.trouble or not table.records:
        for problem in table.trouble:
            complain(f"{wanted.data}{problem.place}: {problem.message}", "with", hint=problem.hint)
        if not table.trouble:
            complain(f"{wanted.data} has no rows", "with")
        return None
    if not _has_columns(table, wanted, complain):
        return None
    reader = _Reader(table, wanted, measure, complain)
    found = reader.found()
    made = HumanAnswers(
        data=wanted.data,
        hash=hashlib.sha256(text.encode()).hexdigest(),
        column=wanted.column,
        answers=found,
        weights=reader.weights(),
        key=wanted.key,
        keys=reader.texts(wanted.key),
        retest=reader.retest(),
        groups=reader.groups(),
        attributes=_attributes(table, wanted),
    )
    return None if reader.is_wrong else made


class _Reader:
    def __init__(self, table: PeopleTable, wanted: DataColumns, measure: PlannedField, complain: Complain) -> None:
        self._table = table
        self._wanted = wanted
        self._measure = measure
        self._complain = complain
        self.is_wrong = False
        self._map = self._mapping()

    def found(self) -> tuple[JsonValue, ...]:
        """Return the answers."""
        return self._answers(self._wanted.column, "column")

    def retest(self) -> tuple[JsonValue, ...]:
        """Return the second answers."""
        return self._answers(self._wanted.retest, "retest") if self._wanted.retest else ()

    def texts(self, column: str) -> tuple[str, ...]:
        """Return a column's cells as text; empty text: no cell."""
        return tuple(label(row[column]) if column in row else "" for _, row in self._table.records) if column else ()

    def groups(self) -> tuple[str, ...]:
        """Return the group of each row."""
        column, bands = self._wanted.group, self._wanted.bands
        if not bands:
            return self.texts(column)
        cells = [row.get(column) for _, row in self._table.records]
        return tuple(
            band_of(cell, bands)[0] if isinstance(cell, int | float) and not isinstance(cell, bool) else ""
            for cell in cells
        )

    def weights(self) -> tuple[float, ...]:
        """Return the weights."""
        column = self._wanted.weight
        found: list[float] = []
        for line, row in self._table.records if column else ():
            value = row.get(column, 0)
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                self._wrong(f"{self._wanted.data}:{line}: the weight '{value}' is not a number of 0 or more", "weight")
                return ()
            found.append(float(value))
        if found and not sum(found):
            self._wrong("all weights are 0", "weight")
        return tuple(found)

    def _answers(self, column: str, part: HumanDataKey) -> tuple[JsonValue, ...]:
        unknown: dict[str, int] = {}
        found: list[JsonValue] = []
        for line, row in self._table.records:
            value, is_known = self._answer(row.get(column))
            found.append(value)
            if not is_known:
                unknown.setdefault(label(row[column]), line)
        for text, line in list(unknown.items())[:MAX_TOLD]:
            more = f", and {len(unknown) - MAX_TOLD} more like it" if len(unknown) > MAX_TOLD else ""
            message = f"{self._wanted.data}:{line}: '{text}' is not an answer to '{self._measure.name}'{more}"
            self._wrong(message, part, hint=self._hint(text))
        if not unknown and not any(value is not None for value in found):
            self._wrong(f"{self._wanted.data}: the column '{column}' is empty", part)
        return tuple(found)

    def _answer(self, cell: JsonValue) -> tuple[JsonValue, bool]:
        """Return the answer that a cell stands for, and whether it stands for one; an empty cell is no answer."""
        if cell is None:
            return None, True
        if (text := label(cell).strip().casefold()) in self._map:
            return self._map[text], True
        found = answer_of(self._measure, cell)
        return found, found is not None

    def _mapping(self) -> dict[str, JsonValue]:
        found: dict[str, JsonValue] = {}
        for said, value in self._wanted.map.items():
            known = None if value is None else answer_of(self._measure, value)
            if value is not None and known is None:
                text = label(value)
                self._wrong(f"'{text}' is not an answer to '{self._measure.name}'", "map", hint=self._hint(text))
            found[said.strip().casefold()] = known
        return found

    def _hint(self, text: str) -> str:
        options = [label(option) for option in type_of(self._measure).answers(self._measure)]
        expected = NearNames(text, options, label="answers").hint() if options else type_of(self._measure).noun
        return f"{expected}; to say what the word means, add `map: {{{text}: …}}` (null: no answer)"

    def _wrong(self, message: str, part: HumanDataKey, *, hint: str = "") -> None:
        self.is_wrong = True
        self._complain(message, part, hint=hint)


def answer_of(measure: PlannedField, cell: JsonValue) -> JsonValue:
    """Return the measure's answer that a value stands for; None: none.

    An option by its words, a point of a Likert scale by its words or its number from 1, yes or no also as 1 or 0.
    """
    kind = type_of(measure)
    options = kind.answers(measure)
    text = label(cell).strip()
    if kind.shape == "binary" and text.casefold() in TRUTHS:
        return TRUTHS[text.casefold()]
    found = next((option for option in options if is_same(label(option), text)), None)
    if found is not None:
        return found
    if kind.shape == "ordinal":
        return next((option for place, option in enumerate(options, start=1) if label(place) == text), None)
    number = None if options else kind.as_number(measure, cell)
    low, high = kind.range(measure)
    return number if number is not None and low <= number <= high else None


def _has_columns(table: PeopleTable, wanted: DataColumns, complain: Complain) -> bool:
    columns: list[tuple[str, HumanDataKey]] = [
        (wanted.column, "column"),
        (wanted.weight, "weight"),
        (wanted.key, "key"),
        (wanted.retest, "retest"),
        (wanted.group, "by"),
    ]
    missing = [(name, part) for name, part in columns if name and name not in table.header]
    for name, part in missing:
        hint = NearNames(name, table.header, label="columns")
        complain(f"{wanted.data} has no column '{name}'", part, hint=hint)
    return not missing


def _attributes(table: PeopleTable, wanted: DataColumns) -> dict[str, tuple[JsonValue, ...]]:
    used = {wanted.column, wanted.weight, wanted.key, wanted.retest}
    kept = [name for name in table.header if name in wanted.attributes and name not in used]
    return {name: tuple(row.get(name) for _, row in table.records) for name in kept}
