"""Who meets what: the people of each cell, block and group. Drawn once, the same in all replicates."""

from __future__ import annotations

from operator import not_
from typing import Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.models.port import Frozen

OrderOfConditions = Literal["", "shuffled", "latin", "williams"]


class PlannedCell(Frozen):
    """One combination of levels of the factors that vary between people."""

    levels: dict[str, JsonValue]
    """Factor -> level; listed conditions are one factor, `condition`."""
    conditions: tuple[str, ...]
    """Names of the conditions that its people meet."""
    share: int = 1
    """Relative number of people."""
    people: tuple[str, ...] = ()
    """Person ids, in cast order."""

    @property
    def name(self) -> str:
        """Return its levels in words."""
        if list(self.levels) == ["condition"]:
            return str(self.levels["condition"])
        return ", ".join(f"{factor} {level}" for factor, level in self.levels.items())


class PlannedSequence(Frozen):
    """An order in which some people meet all conditions, one after another."""

    conditions: tuple[str, ...]
    """Names of the conditions, in the order they are met: one in each period."""
    people: tuple[str, ...] = ()
    """Person ids, in cast order."""


class PlannedPeriod(Frozen):
    """The steps of a trial in which its people are in one condition."""

    condition: str
    """Name of the condition."""
    first: int
    """Its first step; in the first period, this includes the steps before any condition differs."""
    last: int
    """Its last step. The questions about the condition are asked after it."""


class PlannedAssignment(Frozen):
    """How people were assigned: complete randomization within blocks, of people or of groups."""

    people: tuple[str, ...] = ()
    """Everyone's id, in cast order; empty: every trial has everyone."""
    between: tuple[str, ...] = ()
    """Factors of which each person meets one level."""
    cells: tuple[PlannedCell, ...] = ()
    """Combinations of their levels; empty: everyone meets every condition."""
    block_by: tuple[str, ...] = ()
    """Attributes that blocks are made of."""
    blocks: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Block -> person ids; empty: no blocks."""
    groups: tuple[tuple[str, ...], ...] = ()
    """Person ids of each room, where the cast is divided into rooms, or of each connected component of a network, where
    these are assigned whole."""
    order: OrderOfConditions = Field(default="", exclude_if=not_)
    """How the sequences were made; empty: each condition is a trial of its own."""
    sequences: tuple[PlannedSequence, ...] = Field(default=(), exclude_if=not_)
    """Who meets the conditions in which order, where one person meets them one after another."""

    @property
    def block_of(self) -> dict[str, str]:
        """Return person -> their block; empty: no blocks."""
        return {person: block for block, people in self.blocks.items() for person in people}
