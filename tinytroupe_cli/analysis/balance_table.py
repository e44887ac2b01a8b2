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
    share_marked_by_chance,
    standardized_difference,
    standardized_share_difference,
)
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.personas.edits import attributes_of
from tinytroupe_cli.plan.planned_assignment import PlannedAssignment, PlannedCell
from tinytroupe_cli.plan.types import Plan

MAX_LEVELS: Final = 12
"""Different values up to which an attribute in words is a set of categories."""
MAX_DRAWS: Final = 400
MIN_DRAWS: Final = 50
MAX_VALUES: Final = 400_000
"""Values of attributes that drawn assignments may look at in all, before there are fewer than 400 draws."""


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
    return _table(_attributes(plan), plan.assignment.cells)


def share_marked(plan: Plan) -> float:
    """Return the share of rows that the plan's assignment puts above 0.1 by chance alone.

    With blocks, or if groups of people are assigned whole, by drawing assignments of the same people; without, from the
    sizes of the cells.
    """
    assignment = plan.assignment
    if len(assignment.cells) < 2 or not (assignment.blocks or assignment.groups):  # noqa: PLR2004 - a difference
        return share_marked_by_chance([len(cell.people) for cell in assignment.cells])
    attributes, marked = _attributes(plan), list[bool]()
    size = max(1, sum(map(len, attributes.values())))
    for number in range(min(MAX_DRAWS, max(MIN_DRAWS, MAX_VALUES // size))):
        cells = _drawn_again(assignment, Stream(plan.seed, "balance", number))
        marked += [row.is_notable for row in _table(attributes, cells) if row.difference is not None]
    return fmean(marked) if marked else 0.0


def _drawn_again(assignment: PlannedAssignment, stream: Stream) -> list[PlannedCell]:
    """Return the cells after assigning the same people again; cells of unequal shares keep their people's numbers."""
    cells = assignment.cells
    group_of = {person: (person,) for cell in cells for person in cell.people}
    group_of |= {person: group for group in assignment.groups for person in group if person in group_of}
    blocks = assignment.blocks if assignment.blocks and not assignment.groups else {"": tuple(group_of)}
    units = [list(dict.fromkeys(group_of[one] for one in block if one in group_of)) for block in blocks.values()]
    if len({cell.share for cell in cells}) == 1:
        line = [unit for block in stream.shuffled([stream.shuffled(block) for block in units]) for unit in block]
        order = stream.shuffled(range(len(cells)))
        cell_of = {unit: order[place % len(order)] for place, unit in enumerate(line)}
    else:
        now = {person: place for place, cell in enumerate(cells) for person in cell.people}
        cell_of = {
            unit: place
            for block in units
            for unit, place in zip(block, stream.shuffled([now[unit[0]] for unit in block]), strict=True)
        }
    people = [
        [person for unit, cell in cell_of.items() if cell == place for person in unit] for place in range(len(cells))
    ]
    return [cell.model_copy(update={"people": tuple(own)}) for cell, own in zip(cells, people, strict=True)]


def _attributes(plan: Plan) -> dict[str, dict[str, JsonValue]]:
    return {
        member.id: {key: value for key, value in attributes_of(member.persona) if key != "name"} for member in plan.cast
    }


def _table(attributes: Mapping[str, Mapping[str, JsonValue]], cells: Sequence[PlannedCell]) -> list[BalanceRow]:
    if len(cells) < 2:  # noqa: PLR2004 - a difference needs two
        return []
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
