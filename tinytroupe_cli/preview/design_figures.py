"""Finds the figures of a plan's design: who meets what, in which numbers. The words are in templates/."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tinytroupe_cli.analysis.balance_table import BalanceRow, balance_table, share_marked
from tinytroupe_cli.plan.types import Plan

MAX_CELLS: Final = 8
MAX_BLOCKS: Final = 16
MAX_VERSIONS: Final = 20
MAX_SEQUENCES: Final = 24


@dataclass(frozen=True, slots=True)
class CountRow:
    """People of one block, or of all, in each cell."""

    name: str
    counts: list[int]


@dataclass(frozen=True, slots=True)
class Balance:
    """The balance table in short."""

    rows: int
    notable: list[BalanceRow]
    """Largest difference first."""
    by_chance: float
    """Share of rows that chance alone marks."""
    is_restricted: bool
    """Whether people were assigned within blocks, or groups as a whole."""


def counts(plan: Plan) -> list[CountRow]:
    """Return people per block and cell, then people in all."""
    cells, blocks = plan.assignment.cells, plan.assignment.blocks
    members = [frozenset(cell.people) for cell in cells]
    rows = [CountRow(name, [len(cell & set(people)) for cell in members]) for name, people in blocks.items()]
    return [*rows, CountRow("people", [len(cell) for cell in members])]


def groups_of_cells(plan: Plan) -> list[int]:
    """Return rooms per cell."""
    groups = plan.assignment.groups
    return [sum(set(group) <= set(cell.people) for group in groups) for cell in plan.assignment.cells]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version: its people, and the first of its texts."""

    number: int
    people: int
    text: str


def versions(plan: Plan) -> list[VersionRow]:
    """Return the versions of the texts; empty where every text has one wording."""
    wordings = plan.wordings
    if wordings is None:
        return []
    first, has_all = wordings.texts[0].wordings, len(wordings.texts[0].wordings) == wordings.count
    sizes = [len(people) for people in wordings.people] or [len(plan.cast)] * wordings.count
    texts = first if has_all else [first[0], *["to be written"] * (wordings.count - 1)]
    return [VersionRow(at + 1, size, text) for at, (size, text) in enumerate(zip(sizes, texts, strict=True))]


def factors_within(plan: Plan) -> list[str]:
    """Return the factors of which everyone meets every level."""
    return [factor for factor in plan.factors if not plan.is_between(factor)]


def levels(plan: Plan, factor: str) -> list[object]:
    """Return a factor's levels; those of `condition` are the conditions' names."""
    return list(plan.factors.get(factor, ())) or [condition.name for condition in plan.conditions]


def balance(plan: Plan) -> Balance:
    """Return the balance table in short."""
    rows = [row for row in balance_table(plan) if not row.why_not]
    notable = sorted((row for row in rows if row.is_notable), key=lambda row: -abs(row.difference or 0.0))
    return Balance(len(rows), notable, share_marked(plan), bool(plan.assignment.blocks or plan.assignment.groups))
