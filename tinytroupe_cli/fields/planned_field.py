"""One value to find out, as planned."""

from __future__ import annotations

from pydantic import JsonValue

from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.spec.measures import FieldKind


class PlannedField(Frozen):
    """One value to find out."""

    name: str
    """Name of the field."""
    kind: FieldKind
    """Its type."""
    options: tuple[JsonValue, ...] = ()
    """choice, rank: the options; likert: the labels, lowest first."""
    low: float | None = None
    """scale, number: the lowest value; date: the earliest, in days since 1970-01-01."""
    high: float | None = None
    """scale, number: the highest value; date: the latest, in days since 1970-01-01."""
    low_label: str = ""
    """scale: what the lowest value stands for."""
    high_label: str = ""
    """scale: what the highest value stands for."""
    unit: str = ""
    """number: the unit."""
    aside: bool = False
    """Explains the query's own answer (a verdict's `justification`); not summarized."""
