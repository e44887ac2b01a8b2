"""The wide table: a row for each unit in each condition, with a column for each measure, as statistics programs test.

People whom `exclude` leaves out have no row.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from pydantic import JsonValue

from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.units import Units, cell_values
from tinytroupe_cli.fields.field_type import BY_OPTION
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.reports.data_columns import attributes_of_people, before_people, factors_of, person_columns
from tinytroupe_cli.reports.data_tables import Cell, Column, DataTable, data_table
from tinytroupe_cli.reports.participants import Participant
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.value_labels import coded_cell, value_labels

_BEFORE: Final = (
    Column("run", "Run: name of the experiment and of the run's folder", "text"),
    Column(
        "unit",
        "Id of the person, or of the first of those who could reach each other; with a fixed cast, the replicate",
        "text",
    ),
    Column("people", "Number of people in the unit", "integer"),
    Column("condition", "Name of the condition", "text"),
)
_WHO: Final = (
    Column("name", "Full name of the person; empty: the unit has several people", "text"),
    Column("block", "Block that the person was assigned within", "text"),
    Column("group", "Number of the person's room, or of their part of the network", "integer"),
    Column(
        "weight",
        "Weight of the person, or sum over the unit; the mean over people is 1; empty with a fixed cast",
        "number",
    ),
)
WideCells = Mapping[tuple[str, str], Cell]
"""Unit and condition -> value."""


class _WideColumn(NamedTuple):
    column: Column
    values: WideCells


def wide_table(results: Results, measure: str = "") -> DataTable:
    """Return the mean of each unit in each condition it met: 0 or 1 for one yes-or-no answer, points for a Likert item.

    Choices have a column for each option, rankings one for each option's place; texts and lists have none. A choice
    that every unit was asked once in a condition has a column with its code as well. `measure` as in `measures_table`.
    """
    found = list(_columns(results, measure))
    columns = [
        *_BEFORE,
        *before_people(results, {column.name for column in (*_BEFORE, *_WHO)}),
        *_WHO,
        *person_columns(results),
        *(one.column for one in found),
    ]
    title = f"{results.title or results.name}: one row for each unit and condition"
    return data_table("wide", title, columns, _rows(results, [one.values for one in found]))


def _columns(results: Results, measure: str) -> Iterator[_WideColumn]:
    units = _units(results)
    weights = {person.id: person.weight for person in results.participants if person.weight is not None}
    by_field: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for row in results.rows:
        if not row.excluded:
            by_field[row.query, row.field].append(row)
    for query in results.queries:
        for field in query.fields:
            name = f"{query.query}.{field.name}"
            if type_of(field).scale is None or measure not in ("", query.query, name):
                continue
            asked = query.questions[0].text if len(query.questions) == 1 else ""
            rows = by_field[query.query, field.name]
            yield from _field_columns(_Measure(name, field, asked), rows, units, weights or None)


class _Measure(NamedTuple):
    name: str
    field: PlannedField
    question: str
    """Empty: it has several wordings."""

    def about(self, what: str) -> str:
        return f"{what}. {self.question}" if self.question else what


def _field_columns(
    measure: _Measure, rows: Sequence[Observation], units: Units, weights: Mapping[str, float] | None
) -> Iterator[_WideColumn]:
    name, field = measure.name, measure.field
    once = _asked_once(rows, units)
    is_nominal = type_of(field).shape == "nominal"
    if is_nominal and once:
        coded = {cell: coded_cell(row, field) for cell, row in once.items()}
        about = measure.about("Number of the option")
        yield _WideColumn(Column(name, about, "number", value_labels(field)), coded)
    options = field.options if type_of(field).shape in BY_OPTION else (None,)
    for option in options:

        def number(row: Observation, option: JsonValue = option) -> float | None:
            return _number(field, row, option)

        means = cell_values(rows, units, number, weights)
        values: dict[tuple[str, str], Cell] = {**means}
        if option is None:
            values |= {cell: coded_cell(row, field) for cell, row in once.items() if row.outcome != "stated"}
        title = name if option is None else f"{name}: {label(option)}"
        labels: Mapping[float, str] = value_labels(field) if option is None else {}
        yield _WideColumn(Column(title, measure.about(_about(field, option)), "number", labels), values)


def _about(field: PlannedField, option: JsonValue) -> str:
    match type_of(field).shape:
        case "nominal":
            return f"Share of answers that are {label(option)}"
        case "ranking":
            return f"Place of {label(option)}, from 1"
        case "amounts":
            return f"{'Amount' if type_of(field).scale == 'amount' else 'Best-worst score'} of {label(option)}"
        case "binary":
            return "Share of yes"
        case _:
            return f"Mean in {field.unit}" if field.unit else "Mean"


def _asked_once(rows: Sequence[Observation], units: Units) -> Mapping[tuple[str, str], Observation]:
    """Return unit and condition -> its only answer; none where any has several."""
    cells = [(units.unit(row), row.condition) for row in rows]
    return dict(zip(cells, rows, strict=True)) if max(Counter(cells).values(), default=0) == 1 else {}


def _number(field: PlannedField, row: Observation, option: JsonValue) -> float | None:
    match type_of(field).shape:
        case "binary":
            return float(row.value is True)
        case "nominal":
            return float(type_of(field).is_answer(field, row.value, option))
        case _:
            return type_of(field).as_number(field, row.value, option)


def _units(results: Results) -> Units:
    """Return the units of comparisons: people, also of each trial whose people are one unit, or replicates."""
    if results.inference.about == "cast":
        return Units("replicate", {})
    units = {person.id: person.unit for person in results.participants}
    in_trial = {trial.id: list(dict.fromkeys(units[person] for person in trial.people)) for trial in results.trials}
    return Units("person", units, {trial: own[0] for trial, own in in_trial.items() if len(own) == 1})


def _members(results: Results, units: Units) -> dict[str, list[Participant]]:
    """Return unit -> its people; a replicate has all of them who are not left out."""
    if units.kind == "replicate":
        left_out = {row.person for row in results.rows if row.excluded}
        kept = [person for person in results.participants if person.id not in left_out]
        return {str(number): kept for number in range(1, results.replicates + 1)}
    members: dict[str, list[Participant]] = {}
    for person in results.participants:
        members.setdefault(person.unit, []).append(person)
    return members


def _rows(results: Results, columns: Sequence[WideCells]) -> Iterator[list[Cell]]:
    units, factors, attributes = _units(results), factors_of(results), attributes_of_people(results)
    asked = {(units.unit(row), row.condition) for row in results.rows if not row.excluded}
    is_cast = units.kind == "replicate"
    for unit, people in _members(results, units).items():
        only = people[0] if len(people) == 1 else None
        weights = [] if is_cast else [person.weight for person in people if person.weight is not None]
        for condition in results.conditions:
            if (unit, condition.name) not in asked:
                continue
            yield [
                *(results.provenance.run, unit, len(people), condition.name),
                *(condition.levels.get(factor) for factor in factors),
                *((only.name, only.block, only.group or None) if only else ("", "", None)),
                sum(weights) if weights else None,
                *(only.attributes.get(key) if only else None for key in attributes),
                *(values.get((unit, condition.name)) for values in columns),
            ]
