"""Scores of several items, as planned."""

from __future__ import annotations

from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.models.port import Frozen


class ScoreItem(Frozen):
    """One item of a score."""

    query: str
    field: str
    is_reversed: bool = False
    """Whether it is counted from the other end."""


class PlannedScore(Frozen):
    """The mean of several items."""

    name: str
    items: tuple[ScoreItem, ...]
    min_items: int
    """Fewest stated items that make a score."""
    low: float
    """Lowest point of the items."""
    high: float
    """Highest point."""

    @property
    def field(self) -> PlannedField:
        """Return the score as the one field of a query of its name."""
        return PlannedField(name="score", kind="number", low=self.low, high=self.high)
