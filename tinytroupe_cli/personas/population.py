"""A population: how attributes are distributed, and which fields a model adds to each person.

Data only; `population_reading.py` reads it from a file, `sampling.py` draws people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tinytroupe_cli.core.diagnostics import Diagnostic
from tinytroupe_cli.language.positions import Document
from tinytroupe_cli.personas.distributions import Distribution, Scalar

PopulationRow = Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of real people, to sample from."""

    people: tuple[PopulationRow, ...]
    """Without the weight column; empty cells are left out."""
    weights: tuple[float, ...]
    draw: Literal["with_replacement", "in_order"] = "with_replacement"
    source: str = ""


@dataclass(frozen=True, slots=True)
class Population:
    """The content of a population file."""

    name: str
    context: str
    attributes: Mapping[str, Distribution]
    """Dotted field of a person -> its distribution; dependent ones come after the fields they depend on."""
    document: Document
    generated_fields: tuple[str, ...] = ()
    """Fields that a model writes."""
    rows: Rows | None = None
    warnings: tuple[Diagnostic, ...] = field(default=())

    @property
    def source(self) -> str:
        """Return the file's display name."""
        return self.document.source
