"""The balance table of a between design, in short: how many differences are marked, and how many chance alone marks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tinytroupe_cli.analysis.balance_table import BalanceRow
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.reports.results import Results


@dataclass(frozen=True, slots=True)
class BalanceFigures:
    """Differences between cells before anything happened to their people."""

    rows: int
    """Attributes and categories with a difference."""
    notable: list[BalanceRow]
    """Rows with a difference above 0.1, largest first."""
    not_compared: list[BalanceRow]
    """Rows without a difference."""
    sizes: list[int]
    """People in each cell."""
    by_chance: float
    """Share of rows that random assignment alone puts above 0.1."""
    has_blocks: bool


def balance_figures(results: Results) -> BalanceFigures | None:
    """Return the figures; None without a balance table."""
    if not results.balance:
        return None
    cells = Counter(
        tuple((factor, label(level)) for factor, level in person.assigned.items()) for person in results.participants
    )
    places = [{(factor, label(level)) for factor, level in one.levels.items()} for one in results.conditions]
    ordered = sorted(cells, key=lambda cell: next((n for n, levels in enumerate(places) if levels >= {*cell}), 0))
    sizes = [cells[cell] for cell in ordered]
    rows = [row for row in results.balance if row.difference is not None]
    notable = sorted((row for row in rows if row.is_notable), key=lambda row: -abs(row.difference or 0.0))
    return BalanceFigures(
        rows=len(rows),
        notable=notable,
        not_compared=[row for row in results.balance if row.difference is None],
        sizes=sizes,
        by_chance=results.balance_by_chance or 0.0,
        has_blocks=any(person.block for person in results.participants),
    )
