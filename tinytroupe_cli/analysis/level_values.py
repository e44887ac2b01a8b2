"""One value for each unit at each level of a comparison, from the rows of a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import fmean

from pydantic import JsonValue

from tinytroupe_cli.analysis.comparison_questions import Question
from tinytroupe_cli.analysis.estimands import number_under
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.units import CellValues, Units, cell_values, pooled

UnitValues = Mapping[str, float]
"""Unit -> its value at a level."""


class LevelValues:
    """The values of one run's units; cells that several comparisons need are averaged once."""

    def __init__(self, rows: Sequence[Observation], weights: Mapping[str, float] | None = None) -> None:
        """Take the rows; `weights` are those of people within their group."""
        self._weights = weights
        self._rows: dict[tuple[str, str], list[Observation]] = defaultdict(list)
        for row in rows:
            self._rows[row.query, row.field].append(row)
        self._cells: dict[tuple[object, ...], CellValues] = {}

    def by_wording(self) -> list[LevelValues]:
        """Return the values of each wording."""
        rows = [row for own in self._rows.values() for row in own]
        wordings = dict.fromkeys(row.wording for row in rows)
        return [LevelValues([row for row in rows if row.wording == wording], self._weights) for wording in wordings]

    def answers(self, query: str, field: str) -> Sequence[Observation]:
        """Return all planned answers to a measure."""
        return self._rows.get((query, field), [])

    def rows(self, question: Question, level: int) -> list[Observation]:
        """Return the planned answers at a level, or of a group of people."""
        own = self._rows.get((question.planned.query, question.field.name), [])
        conditions = frozenset(question.conditions[level])
        people = question.people[level] if question.people else None
        return [row for row in own if row.condition in conditions and (people is None or row.person in people)]

    def of(
        self, question: Question, units: Units, *, is_within: bool, missing: float | None = None
    ) -> tuple[UnitValues, ...]:
        """Return unit -> value at each level; `is_within`: only units with a value at every level, in one order.

        `missing`: the value of answers that are missing; None: they are left out.
        """
        places = range(len(question.levels))
        if question.kind == "options":
            levels = enumerate(question.levels)
            return tuple(self._pooled(question, units, level, option, missing) for level, option in levels)
        if is_within:
            cells = self._cells_of(question, units, question.option, None, missing)
            sets = list(zip(*question.conditions, strict=True))
            both = complete(cells, sets)
            return tuple({unit: values[level] for unit, values in both.items()} for level in places)
        return tuple(self._pooled(question, units, level, question.option, missing) for level in places)

    def cells(self, question: Question, units: Units) -> CellValues:
        """Return unit and condition -> value, in all conditions."""
        return self._cells_of(question, units, question.option, None, None)

    def together(self, question: Question, units: Units, places: Sequence[int]) -> dict[str, tuple[float, ...]]:
        """Return unit -> its values at some levels, of units that have all of them."""
        people = question.people[places[0]] if question.people else None
        cells = self._cells_of(question, units, question.option, people, None)
        if len(places) == 1:
            own = frozenset(question.conditions[places[0]])
            one = pooled({cell: value for cell, value in cells.items() if cell[1] in own})
            return {unit: (value,) for unit, value in one.items()}
        return complete(cells, list(zip(*(question.conditions[place] for place in places), strict=True)))

    def _pooled(
        self, question: Question, units: Units, level: int, option: JsonValue, missing: float | None
    ) -> UnitValues:
        people = question.people[level] if question.people else None
        cells = self._cells_of(question, units, option, people, missing)
        conditions = frozenset(question.conditions[level])
        return pooled({cell: value for cell, value in cells.items() if cell[1] in conditions})

    def _cells_of(
        self,
        question: Question,
        units: Units,
        option: JsonValue,
        people: frozenset[str] | None,
        missing: float | None,
    ) -> CellValues:
        is_whether, estimand = question.kind == "missing", question.planned.estimand
        measure = (question.planned.query, question.field.name, repr(option), estimand)
        key = (*measure, units.kind, people, is_whether, missing)
        if key not in self._cells:
            rows = self._rows.get((question.planned.query, question.field.name), [])
            own = [row for row in rows if people is None or row.person in people]
            if is_whether:
                self._cells[key] = cell_values(own, units, lambda _: 0.0, self._weights, missing=1.0)
            else:
                number = number_under(question.field, option, estimand)
                self._cells[key] = cell_values(own, units, number, self._weights, missing=missing)
        return self._cells[key]


def complete(cells: CellValues, sets: Sequence[tuple[str, ...]]) -> dict[str, tuple[float, ...]]:
    """Return unit -> its value at each level, averaged over the sets of conditions in which it has all of them.

    A set has one condition for each level; its conditions differ in nothing but the factor.
    """
    found: dict[str, tuple[float, ...]] = {}
    for unit in dict.fromkeys(unit for unit, _ in cells):
        own = [
            [cells[unit, condition] for condition in conditions]
            for conditions in sets
            if all((unit, condition) in cells for condition in conditions)
        ]
        if own:
            found[unit] = tuple(fmean(values) for values in zip(*own, strict=True))
    return found
