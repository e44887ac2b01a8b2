"""Coding of answers in words, as planned."""

from __future__ import annotations

from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.models.port import Frozen


class Category(Frozen):
    """One code of a codebook."""

    name: str
    meaning: str
    """When it applies."""


class PlannedCoding(Frozen):
    """Answers in words that are coded."""

    query: str
    field: str
    name: str
    """The field the codes make, of the same query."""
    categories: tuple[Category, ...]
    several: bool = False
    double: float = 0
    """Share of the texts that is coded twice."""

    @property
    def measure(self) -> str:
        """Return what the codes are called."""
        return f"{self.query}.{self.name}"

    def field_of(self, category: str) -> str:
        """Return the field that has a code, where a text can have several."""
        return f"{self.name}_{category}"

    @property
    def fields(self) -> tuple[PlannedField, ...]:
        """Return the fields that the codes make."""
        if self.several:
            return tuple(PlannedField(name=self.field_of(category.name), kind="yes_no") for category in self.categories)
        options = tuple(category.name for category in self.categories)
        return (PlannedField(name=self.name, kind="choice", options=options),)
