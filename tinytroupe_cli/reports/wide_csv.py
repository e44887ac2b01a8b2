"""data/wide.csv: a row for each unit in each condition, with a column for each measure, as statistics programs test.

People whom `exclude` leaves out have no row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pydantic import JsonValue

from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.units import CellValues, Units, cell_values
from tinytroupe_cli.fields.field_type import BY_OPTION
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.reports.csv_files import as_csv, free_name
from tinytroupe_cli.reports.participants import Participant
from tinytroupe_cli.reports.results import Results

_BEFORE = ("run", "unit", "people", "condition")
_WHO = ("name", "block", "group", "weight")


class _Column(NamedTuple):
    name: str
    values: CellValues


def wide_csv(results: Results) -> bytes:
    """Write the mean of each unit in each condition it met: 0 or 1 for one yes-or-no answer, points for a Likert item.

    Choices have a column for each option, rankings one for each option's place, budgets and best-worst tasks one
    for each option's amount or score; texts and lists have none.
    """
    factors = list(dict.fromkeys(factor for condition in results.conditions for factor in condition.levels))
    attributes = list(dict.fromkeys(key for person in results.participants for key in person.attributes))
    columns = list(_columns(results))
    head = [
        *_BEFORE,
        *(free_name(factor, "factor", {*_BEFORE, *_WHO}) for factor in factors),
        *_WHO,
        *(f"person.{key}" for key in attributes),
        *(column.name for column in columns),
    ]
    return as_csv(head, _rows(results, factors, attributes, columns))


def _columns(results: Results) -> Iterator[_Column]:
    units = _units(results)
    weights = {person.id: person.weight for person in results.participants if person.weight is not None}
    kept = [row for row in results.rows if not row.excluded]
    for query in results.queries:
        for field in query.fields:
            rows = [row for row in kept if (row.query, row.field) == (query.query, field.name)]
            shape, name = type_of(field).shape, f"{query.query}.{field.name}"
            options = field.options if shape in BY_OPTION else (None,)
            for option in options if type_of(field).scale else ():

                def number(row: Observation, field: PlannedField = field, option: JsonValue = option) -> float | None:
                    return _number(field, row, option)

                title = name if option is None else f"{name}: {label(option)}"
                yield _Column(title, cell_values(rows, units, number, weights or None))


def _number(field: PlannedField, row: Observation, option: JsonValue) -> float | None:
    match type_of(field).shape:
        case "binary":
            return float(row.value is True)
        case "nominal":
            return float(type_of(field).is_answer(field, row.value, option))
        case _:
            return type_of(field).as_number(field, row.value, option)


def _units(results: Results) -> Units:
    """Return the units of all people, and of each trial whose people are one unit."""
    units = {person.id: person.unit for person in results.participants}
    in_trial = {trial.id: list(dict.fromkeys(units[person] for person in trial.people)) for trial in results.trials}
    return Units("person", units, {trial: own[0] for trial, own in in_trial.items() if len(own) == 1})


def _rows(
    results: Results, factors: Sequence[str], attributes: Sequence[str], columns: Sequence[_Column]
) -> Iterator[list[JsonValue]]:
    members: dict[str, list[Participant]] = {}
    for person in results.participants:
        members.setdefault(person.unit, []).append(person)
    units = _units(results)
    asked = {(units.unit(row), row.condition) for row in results.rows if not row.excluded}
    for unit, people in members.items():
        only = people[0] if len(people) == 1 else None
        weights = [person.weight for person in people if person.weight is not None]
        for condition in results.conditions:
            if (unit, condition.name) not in asked:
                continue
            yield [
                *(results.provenance.run, unit, len(people), condition.name),
                *(condition.levels.get(factor) for factor in factors),
                *((only.name, only.block, only.group or None) if only else ("", "", None)),
                sum(weights) if weights else None,
                *(only.attributes.get(key) if only else None for key in attributes),
                *(column.values.get((unit, condition.name)) for column in columns),
            ]
