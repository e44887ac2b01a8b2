"""How people are weighted in the figures, as planned."""

from __future__ import annotations

from pydantic import Field

from tinytroupe_cli.models.port import Frozen


class PlannedWeights(Frozen):
    """Margins that the weighted people have to match."""

    to: dict[str, dict[str, float]] = Field(default_factory=dict)
    """Field of the persona -> level or band -> share; the shares of a field add up to 1."""
    base: str = ""
    """Field of the persona that holds the weight to begin with; empty: everyone has 1."""
    trim: tuple[float, float] | None = None
    """Smallest and largest weight, as multiples of the mean."""
