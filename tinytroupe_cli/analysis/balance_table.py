"""The balance table of a between design: every single attribute of people, by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.analysis.balance import (
    NOTABLE,
    largest,
    pairs,
    standardized_difference,
    standardized_share_difference,
)
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.personas.edits import attributes_of
from tinytroupe_cli.plan.types import Plan

MAX_LEVELS: Final = 12
"""Different values up to which an attribute in words is a set of categories."""


class BalanceRow(Frozen):
    """One attribute, or one category of it, in the cells of a between design."""

    attribute: str
    """Dotted name of the attribute."""
    category: str = ""
    """The category whose share is compared; empty: a number, whose mean is compared."""
    cells: tuple[str, ...]
    """The cells, by their levels."""
    n: tuple[int, ...]
    """People with a value, in each cell."""
    values: tuple[float | None, ...] = ()
    """Mean or share in each cell; null: nobody has a value."""
    difference: float | None = None
    """Standardized difference (Austin, 2009); with several cells, the largest between two of them."""
    is_notable: bool = False
    """Whether its size is above 0.1."""
    why_not: str = ""
    """Why there is no difference."""


def balance_table(plan: Plan) -> list[BalanceRow]:
    """Return a row per number and per category of every single attribute; empty without a between factor.

    Attributes in which everyone is alike are left out, as they can't differ.
    """
    cells = plan.assignment.cells
    if len(cells) < 2:  # noqa: PLR2004 - a difference needs two
        return []
    attributes = {
        member.id: {key: value for key, value in attributes_of(member.persona) if key != "name"} for member in plan.cast
    }
    names = dict.fromkeys(name for values in attributes.values() for name in values)
    rows: list[BalanceRow] = []
    for name in names:
        values = [[attributes.get(person, {}).get(name) for person in cell.people] for cell in cells]
        if len({label(value) for group in values for value in group}) > 1:
            rows += _rows(name, values, tuple(cell.name for cell in cells))
    return rows


def _rows(name: str, values: Sequence[Sequence[JsonValue]], cells: tuple[str, ...]) -> Iterator[BalanceRow]:
    held = [value for group in values for value in group if value is not None]
    n = tuple(sum(value is not None for value in group) for group in values)
    blank = BalanceRow(attribute=name, cells=cells, n=n)
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in held):
        numbers = [[float(value) for value in group if isinstance(value, int | float)] for group in values]
        yield _compared(
            blank,
            [fmean(group) if group else None for group in numbers],
            [standardized_difference(numbers[first], numbers[second]) for first, second in pairs(len(numbers))],
        )
        if len(held) < sum(len(group) for group in values):
            yield _share(blank, values, None)
        return
    levels = list(dict.fromkeys(label(value) for value in held))
    if len(levels) > MAX_LEVELS:
        yield blank.model_copy(update={"why_not": f"{len(levels)} different values in {len(held)} people"})
        return
    labeled = {label(value): value for value in sorted(held, key=lambda value: value is True)}
    categories: list[JsonValue] = list(labeled.values())
    if len(held) < sum(len(group) for group in values):
        categories.append(None)
    for category in categories[1:] if len(categories) == 2 else categories:  # noqa: PLR2004 - the other one mirrors it
        yield _share(blank, values, category)


def _share(blank: BalanceRow, values: Sequence[Sequence[JsonValue]], category: JsonValue) -> BalanceRow:
    wanted = label(category)
    shares = [fmean(label(value) == wanted for value in group) if group else 0.0 for group in values]
    return _compared(
        blank.model_copy(update={"category": "no value" if category is None else wanted}),
        shares,
        [standardized_share_difference(shares[first], shares[second]) for first, second in pairs(len(shares))],
    )


def _compared(blank: BalanceRow, values: Sequence[float | None], differences: Sequence[float | None]) -> BalanceRow:
    found = largest(differences)
    update: Mapping[str, object] = {
        "values": tuple(values),
        "difference": found,
        "is_notable": found is not None and abs(found) > NOTABLE,
        "why_not": "" if found is not None else "people differ between cells but not within them",
    }
    return blank.model_copy(update=update)
