"""What `troupe power` finds: the power and cost of each design, or the human answers an estimate needs."""

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


class HumansNeeded(Frozen):
    """How many human answers an estimate needs, with so many simulated people and such a correlation."""

    simulated: int
    """Simulated people, twins included."""
    correlation: float
    """Of people's answers with their twins'."""
    humans: int | None = None
    """Human answers that are needed; of a difference, at both levels together. Null: there is no answer."""
    half_width: float | None = None
    """Half-width of the interval with so many, on average over samples."""
    lam: float | None = None
    """Lambda on average over samples: how much of the simulation is used."""
    calls: tuple[int, int] = (0, 0)
    """Lowest and highest number of calls."""
    usd: tuple[float, float] | None = None
    """Cost; null: unknown."""
    minutes: tuple[float, float] = (0.0, 0.0)
    is_over_limit: bool = False
    """Whether it may cost more than the limit."""
    why_not: str = ""
    """Why there is no number of humans."""


class HumansNeededResult(Frozen):
    """The human answers that a rectified estimate needs."""

    measure: str
    """The measure, as `query.field`."""
    by: str = ""
    """The factor of which two levels are compared; empty: one estimate."""
    scale: MeasureScale
    half_width: float
    """The wanted half-width of the interval, in the measure's unit; of a share, between 0 and 1."""
    alpha: float
    draws: int
    """Samples that were drawn for each number of people."""
    sd: float
    """Standard deviation of people's answers."""
    is_unit: bool = False
    """Whether everything is in standard deviations, because the measure has no bounds and its spread is unknown."""
    share: float | None = None
    """Share of people who say yes."""
    cautious: tuple[Literal["sd", "share", "correlation"], ...] = ()
    """Figures that nobody stated."""
    pilot: str = ""
    """The run that the share (or standard deviation) and the correlation are from."""
    pilot_humans: int = 0
    """Its human answers."""
    pilot_correlation: float | None = None
    """The correlation found there; the lower end of its 80% interval is used."""
    humans_alone: int
    """Human answers that are needed without a simulation."""
    designs: tuple[HumansNeeded, ...]
