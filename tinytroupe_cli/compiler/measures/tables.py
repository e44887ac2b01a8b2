"""Resolves tables: checks that every name in their rules exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.language.expressions import ExpressionError, Name, names, parse
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.plan.fact_kinds import OF_ANYBODY, PEOPLE, names_of
from tinytroupe_cli.plan.outputs import PlannedTable
from tinytroupe_cli.plan.types import Condition
from tinytroupe_cli.spec.derived_data import Reduction

TAKEN: tuple[str, ...] = ("measures",)
"""Reserved table names."""


def plan_tables(
    reductions: Sequence[Reduction], roster: Roster, conditions: Sequence[Condition], findings: Findings
) -> tuple[PlannedTable, ...]:
    """Check every rule and return the tables."""
    factors = tuple(dict.fromkeys(factor for condition in conditions for factor in condition.levels))
    names_taken = set(TAKEN)
    planned: list[PlannedTable] = []
    for index, written in enumerate(reductions):
        path: Path = ("reduce", index)
        if written.name.casefold() in names_taken:
            findings.add("E381", f"there is already a table '{written.name}'", (*path, "name"))
        names_taken.add(written.name.casefold())
        planned.append(_planned(written, path, _Known(roster, factors, findings)))
    return tuple(planned)


@dataclass(frozen=True)
class _Known:
    """The names a rule can use."""

    roster: Roster
    factors: tuple[str, ...]
    findings: Findings

    def check(self, expression: str, kinds: tuple[str, ...], path: Path) -> None:
        """Report every unknown name in an expression."""
        try:
            tree = parse(expression)
        except ExpressionError as error:
            self.findings.add_inside("E380", error, path, expression)
            return
        for name in names(tree):
            if (error := self._wrong(name, kinds)) is not None:
                self.findings.add_inside("E380", error, path, expression)

    def _wrong(self, name: Name, kinds: tuple[str, ...]) -> ExpressionError | None:
        head, *rest = name.path
        known = names_of(kinds)
        if head not in known:
            return _unknown(name, head, known, what=f"{_listed(kinds)} have no '{head}'", label="names")
        if head in PEOPLE:
            return self._wrong_field(name)
        if head == "condition" and rest:
            what = f"there is no factor '{'.'.join(rest)}'"
            parts = [(factor,) for factor in self.factors]
            return None if tuple(rest) in parts else _unknown(name, rest[0], self.factors, what=what, label="factors")
        message = f"'{head}' has no fields"
        return ExpressionError(message, column=name.column, length=name.length) if rest else None

    def _wrong_field(self, name: Name) -> ExpressionError | None:
        head, *rest = name.path
        dotted = ".".join(rest)
        known = {*OF_ANYBODY, *(path for member in self.roster.members for path in _paths(member.persona))}
        if not rest or dotted in known or not self.roster.is_complete:
            return None
        what = f"nobody has a field '{dotted}'"
        hint = NearNames(dotted, known, label="fields")
        return ExpressionError(what, column=name.column + len(head) + 1, length=len(dotted), hint=hint)


def _planned(written: Reduction, path: Path, known: _Known) -> PlannedTable:
    kinds = (written.of,) if isinstance(written.of, str) else tuple(dict.fromkeys(written.of))
    if not kinds:
        known.findings.add("E380", "'of' must not be empty", (*path, "of"), hint="for example, of: talks")
        kinds = ("acts",)
    if written.where is not None:
        known.check(written.where, kinds, (*path, "where"))
    for key, value in (("once_per", written.once_per), ("count_by", written.count_by)):
        for place, expression in _each(value, (*path, key)):
            known.check(expression, kinds, place)
    columns = {name: name for name in names_of(kinds)} if written.columns is None else written.columns
    for column, expression in (written.columns or {}).items():
        known.check(expression, kinds, (*path, "columns", column))
    if written.columns == {}:
        known.findings.add("E380", "a table needs at least one column", (*path, "columns"))
    if written.columns is not None and written.count_by is not None:
        hint = "count_by makes a column for each of its names, and a column 'count'"
        known.findings.add(
            "E380", "a table can't have both 'columns' and 'count_by'", (*path, "columns"), key=True, hint=hint
        )
    return PlannedTable(
        name=written.name,
        of=kinds,
        where=written.where or "",
        columns={} if written.count_by is not None else dict(columns),
        once_per=_tuple(written.once_per),
        count_by=_tuple(written.count_by),
    )


def _each(value: str | list[str] | None, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    else:
        yield from (((*path, index), text) for index, text in enumerate(value or ()))


def _tuple(value: str | list[str] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def _unknown(name: Name, word: str, candidates: Sequence[str], *, what: str, label: str) -> ExpressionError:
    hint = NearNames(word, candidates, label=label, most=20)
    return ExpressionError(what, column=name.column, length=name.length, hint=hint)


def _listed(kinds: tuple[str, ...]) -> str:
    return kinds[0] if len(kinds) == 1 else f"all of {', '.join(kinds)}"


def _paths(fields: Mapping[str, JsonValue], before: str = "") -> Iterator[str]:
    for key, value in fields.items():
        yield f"{before}{key}"
        if isinstance(value, dict):
            yield from _paths(value, f"{before}{key}.")
