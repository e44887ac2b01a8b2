"""What is known of conditions that people met one after another, as results.json has it."""

from __future__ import annotations

from pydantic import Field, JsonValue

from tinytroupe_cli.fields.field_type import MeasureScale
from tinytroupe_cli.models.port import Frozen


class FirstPeriod(Frozen):
    """A difference in the first period alone, free of carry-over from other conditions; it is between people."""

    n: tuple[int, int]
    """People who were in each level in their first period."""
    values: tuple[float, float] | None = None
    """Mean at each level, over people."""
    estimate: float | None = None
    """The second value minus the first."""
    low: float | None = None
    """Lower end of the estimate's interval."""
    high: float | None = None
    """Upper end."""
    p: float | None = None
    """Two-sided p-value; not corrected."""
    why_not: str = ""
    """Why there is no test."""


class CrossoverCheck(Frozen):
    """Whether a measure depends on the period, and on the condition of the period before."""

    measure: str
    """The measure, as `query.field`."""
    option: JsonValue = None
    """The option whose share or place it is; null if the measure is taken as a whole."""
    scale: MeasureScale
    """What the values are: shares from 0 to 1, points, numbers, dates as days since 1970-01-01, or places."""
    people: int = 0
    """People with an answer in every period."""
    periods: tuple[float, ...] = ()
    """Mean of each period, adjusted for conditions."""
    period_p: float | None = None
    """p-value of differences between periods: periods permuted within people."""
    carry_over: dict[str, float] = Field(default_factory=dict)
    """Condition -> what remains of it in the period after it; the effects add up to 0. With two conditions, half the
    difference between the totals of the two orders."""
    carry_over_p: float | None = None
    """p-value of differences in carry-over: orders assigned to people again."""
    alpha: float = 0.05
    """Significance level."""
    why_not: str = ""
    """Why periods or carry-over could not be tested."""

    @property
    def is_carried_over(self) -> bool:
        """Return whether answers depend on the condition before."""
        return self.carry_over_p is not None and self.carry_over_p <= self.alpha
