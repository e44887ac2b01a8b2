"""Coding of answers in words, as planned."""

from __future__ import annotations

import hashlib

from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.models.port import Frozen, ModelConfig


class Category(Frozen):
    """One code of a codebook."""

    name: str
    meaning: str
    """When it applies."""


class HumanCodedTexts(Frozen):
    """Codes that people gave, read from a file."""

    data: str
    """The file, as written."""
    hash: str
    """SHA-256 of its text."""
    codes: dict[str, tuple[str, ...]]
    """What identifies a text (`row_of`, or the text itself) -> its codes; none: no code applies."""


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
    second: ModelConfig | None = None
    """The model that codes the second time; None: the judge."""
    humans: HumanCodedTexts | None = None
    """Codes by people."""

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


def row_of(text: str) -> str:
    """Return what identifies a text in a sheet for human coders; the letter keeps programs from reading a number."""
    return "t" + hashlib.blake2b(text.encode(), digest_size=5).hexdigest()
