"""A population: how attributes are spread, and what a model adds to each person drawn from it.

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
    """Real people's rows, to be drawn from."""

    people: tuple[PopulationRow, ...]
    """Without the weight column; an empty cell is left out."""
    weights: tuple[float, ...]
    draw: Literal["with_replacement", "in_order"] = "with_replacement"
    source: str = ""


@dataclass(frozen=True, slots=True)
class Population:
    """What a population file says."""

    name: str
    context: str
    attributes: Mapping[str, Distribution]
    """Dotted field of a person -> how it is spread; those that depend on others come after them."""
    document: Document
    also: tuple[str, ...] = ()
    """Fields that a model writes."""
    rows: Rows | None = None
    warnings: tuple[Diagnostic, ...] = field(default=())

    @property
    def source(self) -> str:
        """Return what the user calls the file."""
        return self.document.source
