"""The order effects of a measure, as results.json has them."""

from __future__ import annotations

from typing import Literal

from pydantic import JsonValue

from tinytroupe_cli.fields.field_type import MeasureScale
from tinytroupe_cli.models.port import Frozen


class OrderRow(Frozen):
    """One option of a measure, or the measure as a whole, by where it was shown."""

    option: JsonValue = None
    """The option whose share is given; null: the measure's mean."""
    first: float | None = None
    """Share or mean when it was shown first; for a scale, when it was read from low to high. A person counts once, by
    the share of their answers in which they saw this order. Null: nobody saw this order."""
    middle: float | None = None
    """Share or mean when it was shown neither first nor last."""
    last: float | None = None
    """Share or mean when it was shown last; for a scale, when it was read from high to low."""
    estimate: float | None = None
    """`last` minus `first`; for items, the slope, which is the change for each place further back."""
    low: float | None = None
    """Lower end of the estimate's interval: Student's t times the bootstrap standard error over people."""
    high: float | None = None
    """Upper end."""
    p: float | None = None
    """Two-sided p-value: orders permuted over the people of each cell."""


class CorrectedShare(Frozen):
    """The share of an option without the answers that went to its place."""

    option: JsonValue
    """The option."""
    share: float
    """Its share as counted, over people who answered."""
    corrected: float
    """A model-based correction: (share - b / k) / (1 - b), at least 0, and scaled to add up to 1."""
    low: float
    """Lower end of the corrected share's interval (bootstrap percentiles over people)."""
    high: float
    """Upper end."""


class PlaceShare(Frozen):
    """How often the option in the first or the last place was chosen, whichever it was."""

    place: Literal["first", "last"]
    """The place."""
    share: float
    """Share of a person's answers that named the option in this place, averaged over people."""
    p: float
    """p-value of its difference from what the options' own shares predict."""
    b: float | None = None
    """Position share: with probability b, the answer is the option in this place, whichever it is. Null: the measure as
    a whole shows no order effect at the level of the test, or this place is not chosen more often."""
    low: float | None = None
    """Lower end of its interval (bootstrap percentiles over people)."""
    high: float | None = None
    """Upper end."""
    corrected: tuple[CorrectedShare, ...] = ()
    """The options' shares without these answers; empty if there is no `b`."""


class OrderEffect(Frozen):
    """Whether the answers to a measure depend on the order in which something was shown."""

    measure: str
    """The measure, as `query.field`."""
    of: Literal["options", "scale", "items"]
    """What was shown in different orders: its options, its scale, or the items of its query."""
    scale: MeasureScale
    """What the values are: shares from 0 to 1, points, numbers, dates as days since 1970-01-01, or places."""
    people: int = 0
    """People who answered."""
    orders: int = 0
    """Different orders that were shown."""
    rows: tuple[OrderRow, ...] = ()
    """The table: one row for each option, or one for the measure."""
    p: float | None = None
    """One test over all rows; for options, Pearson's statistic of how often each place was chosen. Not corrected."""
    p_corrected: float | None = None
    """The same, corrected (Holm) for all order effects that were tested."""
    alpha: float = 0.05
    """Level of the test; intervals are at 1 - alpha."""
    places: tuple[PlaceShare, ...] = ()
    """Options: the first and the last place."""
    why_not: str = ""
    """Why there is no test, or no position share."""

    @property
    def is_found(self) -> bool:
        """Return whether the test over all rows finds an order effect, without correction."""
        return self.p is not None and self.p <= self.alpha

    @property
    def is_shown(self) -> bool:
        """Return whether it finds one with the correction for all order effects that were tested."""
        p = self.p if self.p_corrected is None else self.p_corrected
        return p is not None and p <= self.alpha

    @property
    def largest(self) -> OrderRow | None:
        """Return the row with the largest estimate, whatever its sign; None: there is no estimate."""
        estimated = [row for row in self.rows if row.estimate is not None]
        return max(estimated, key=lambda row: abs(row.estimate or 0.0), default=None)
