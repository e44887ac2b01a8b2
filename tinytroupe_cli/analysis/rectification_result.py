"""An estimate about people, from a few human answers and many simulated ones, as results.json has it."""

from __future__ import annotations

from typing import Literal

from pydantic import JsonValue

from tinytroupe_cli.fields.field_type import MeasureScale
from tinytroupe_cli.models.port import Frozen


class EstimateWithInterval(Frozen):
    """A mean, a share or a difference of two."""

    value: float
    """The estimate."""
    low: float | None = None
    """Lower end of its interval; null: no interval."""
    high: float | None = None
    """Upper end."""


class RectifiedResult(Frozen):
    """A mean, or a share of an option, rectified with human answers (PPI++, Angelopoulos, Duchi and Zrnic, 2023)."""

    measure: str
    """The measure, as `query.field`."""
    option: JsonValue = None
    """The option whose share is estimated; null: a mean, or the share of yes."""
    by: str = ""
    """The factor whose levels are compared; empty: one estimate over all conditions."""
    levels: tuple[JsonValue, JsonValue] | None = None
    """The levels; the estimate is the second minus the first."""
    data: str
    """The file of human answers."""
    column: str
    """Its column."""
    hash: str
    """SHA-256 of the file's text."""
    drawn: Literal["random", "weighted"]
    """How the people were drawn from the population that the estimate is about, as stated in the experiment."""
    scale: MeasureScale
    """What the values are: shares from 0 to 1, points of a scale, or numbers."""
    n: int = 0
    """People with an answer and a simulated twin."""
    further: int = 0
    """Simulated people without a human answer."""
    rectified: EstimateWithInterval | None = None
    """The estimate from both; with `human_only` that of the people alone."""
    human_only: EstimateWithInterval | None = None
    """The estimate from the people alone."""
    simulated_only: EstimateWithInterval | None = None
    """The mean of all simulated people, whose interval says nothing about people."""
    lam: float | None = None
    """Lambda: how much of the simulation the estimate uses, from 0 to 1. For a difference: the mean over its levels."""
    correlation: float | None = None
    """Correlation of people's answers with their twins'. For a difference: the mean over its levels."""
    worth: float | None = None
    """Number of human answers that would be as precise on their own: n times the variance without the simulation,
    divided by that with it."""
    alpha: float = 0.05
    """Intervals are at 1 - alpha."""
    why_not: str = ""
    """Why there is no estimate, or what is missing from it."""
