"""What `troupe power` finds: the power and cost of each design."""

from __future__ import annotations

from typing import Literal

from pydantic import JsonValue

from tinytroupe_cli.fields.field_type import MeasureScale
from tinytroupe_cli.models.port import Frozen

Assumed = Literal["sd", "icc", "share", "wording_sd"]


class AssumedVariance(Frozen):
    """The variance that draws were made with."""

    source: Literal["pilot", "assumed"]
    """pilot: people of a finished run, with their real values; assumed: the figures below."""
    pilot: str = ""
    """The pilot run."""
    people: int = 0
    """People of the pilot who answered in every cell."""
    sd: float
    """Standard deviation of one answer; 1 for a share, which is simulated on a normal scale."""
    is_unit: bool = False
    """Whether effects are in standard deviations, because the measure has no bounds and its spread is unknown."""
    icc: float | None = None
    """Correlation of two answers of a person in the same condition. Half of that variance is taken to be people x
    conditions, which cautiously lowers the power."""
    share: float | None = None
    """Share at the first level."""
    wording_sd: float
    """Standard deviation of wording x level, used with several wordings; on the scale of `sd`."""
    cautious: tuple[Assumed, ...] = ()
    """Figures that nobody stated: a cautious set was used."""


class DesignPower(Frozen):
    """One design: how often it finds the effect, and its cost."""

    people: int
    wordings: int
    replicates: int
    power: float | None = None
    """How often the effect is found."""
    error: float | None = None
    """Monte Carlo standard error of the power."""
    detectable: float | None = None
    """Smallest effect that would be found with a power of 80%, in the measure's unit."""
    beyond: int | None = None
    """People from which the standard error is within 10% of what infinitely many people would give: the rest of the
    error is between wordings. Null: one wording, or not known."""
    calls: tuple[int, int] = (0, 0)
    """Lowest and highest number of calls."""
    tokens: tuple[int, int] = (0, 0)
    """Tokens read and written."""
    usd: tuple[float, float] | None = None
    """Cost; null: unknown."""
    minutes: tuple[float, float] = (0.0, 0.0)
    is_over_limit: bool = False
    """Whether it may cost more than the limit."""
    why_not: str = ""
    """Why there is no power."""


class PowerResult(Frozen):
    """The power of designs for one comparison."""

    measure: str
    """The measure, as `query.field`."""
    option: JsonValue = None
    """The option whose share or place is compared."""
    by: str
    """The factor."""
    levels: tuple[JsonValue, JsonValue]
    design: Literal["within", "between"]
    scale: MeasureScale
    effect: float
    """The difference to be found, in the measure's unit; of a share, between 0 and 1."""
    alpha: float
    correction: Literal["holm", "benjamini_hochberg", "none"]
    comparisons: int
    """Comparisons in the family; the others are assumed to find nothing."""
    draws: int
    """Simulated runs of each design."""
    is_weighted: bool = False
    """Whether the experiment has weights, which are not simulated: the power is then too high."""
    variance: AssumedVariance
    designs: tuple[DesignPower, ...]
    recommended: int | None = None
    """Place in `designs` of the cheapest one with a power of at least 80%; null: none has it."""
