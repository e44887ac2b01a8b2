"""Rules and events -> tables: which facts become rows, and what stands in their columns.

A row is never dropped in silence: where a rule can't be worked out on a fact, the table says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue

from tinytroupe_cli.analysis.facts import Fact, facts
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.language.evaluation import evaluate, is_true
from tinytroupe_cli.language.expressions import ExpressionError, Node, parse
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.outputs import PlannedTable
from tinytroupe_cli.plan.periods import parts_of
from tinytroupe_cli.plan.types import Plan

COUNT = "count"


class Table(Frozen):
    """A table made by `reduce`."""

    name: str
    """Name of the table."""
    file: str
    """Path of its file, from the run's folder."""
    columns: tuple[str, ...]
    """Names of the columns."""
    rows: tuple[tuple[JsonValue, ...], ...]
    """The rows, each a list in the order of the columns."""
    faults: int = 0
    """Facts for which a rule could not be evaluated; they have no row."""
    fault: str = ""
    """What was wrong with the first of them."""


def tables(plan: Plan, events: Mapping[str, Sequence[Event]]) -> list[Table]:
    """Make every table of the plan; rows are in the order of trials, and within a trial in that of the log."""
    return [_TableBuilder(planned).table(plan, events) for planned in plan.outputs.tables]


class _TableBuilder:
    def __init__(self, planned: PlannedTable) -> None:
        self._planned = planned
        self._where = parse(planned.where) if planned.where else None
        self._once_per = [parse(text) for text in planned.once_per]
        written = {text: text for text in planned.count_by} if planned.count_by else planned.columns
        self._columns = {name: parse(text) for name, text in written.items()}
        self._faults: list[str] = []

    def table(self, plan: Plan, events: Mapping[str, Sequence[Event]]) -> Table:
        rows = tuple(self._rows(plan, events))
        names = tuple(self._columns)
        if self._planned.count_by:
            rows, names = tuple(_counted(rows)), (*names, COUNT)
        return Table(
            name=self._planned.name,
            file=f"data/{self._planned.name}.csv",
            columns=names,
            rows=rows,
            faults=len(self._faults),
            fault=next(iter(self._faults), ""),
        )

    def _rows(self, plan: Plan, events: Mapping[str, Sequence[Event]]) -> Iterator[tuple[JsonValue, ...]]:
        conditions = {condition.name: condition for condition in plan.conditions}
        for trial in plan.trials:
            seen: set[str] = set()
            for part in parts_of(trial):
                own = part.events(events.get(trial.id, ()))
                for fact in facts(part.trial, conditions[part.trial.condition], own, self._planned.of):
                    row = self._row(fact, seen)
                    if row is not None:
                        yield row

    def _row(self, fact: Fact, seen: set[str]) -> tuple[JsonValue, ...] | None:
        """Return a fact's row; None if it has none."""
        try:
            if self._where is not None and not is_true(evaluate(self._where, fact.resolve)):
                return None
            once = repr(_values(self._once_per, fact)) if self._once_per else ""
            if once in seen:
                return None
            row = _values(list(self._columns.values()), fact)
        except ExpressionError as error:
            self._faults.append(error.message)
            return None
        if once:
            seen.add(once)
        return row


def _values(nodes: Sequence[Node], fact: Fact) -> tuple[JsonValue, ...]:
    return tuple(evaluate(node, fact.resolve) for node in nodes)


def _counted(rows: Sequence[tuple[JsonValue, ...]]) -> Iterator[tuple[JsonValue, ...]]:
    """Count equal rows: numbers in their order, everything else in that of its first appearance."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[repr(row)] = counts.get(repr(row), 0) + 1
    distinct = list({repr(row): row for row in rows}.values())
    firsts = [_first_places(column) for column in zip(*distinct, strict=True)]

    def place(row: tuple[JsonValue, ...]) -> list[tuple[int, float]]:
        return [
            (0, value) if isinstance(value, int | float) else (1, first[repr(value)])
            for value, first in zip(row, firsts, strict=True)
        ]

    for row in sorted(distinct, key=place):
        yield (*row, counts[repr(row)])


def _first_places(values: Sequence[JsonValue]) -> dict[str, int]:
    places: dict[str, int] = {}
    for number, value in enumerate(values):
        places.setdefault(repr(value), number)
    return places
