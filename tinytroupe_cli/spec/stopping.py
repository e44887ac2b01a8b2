"""When a run stops by itself: people are added until an interval is narrow enough."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tinytroupe_cli.spec.spec_model import Number, SpecModel

HALF_WIDTH = r"^\d*\.?\d+ ?(points?)?$"
HalfWidth = Annotated[str, Field(pattern=HALF_WIDTH)] | Annotated[Number, Field(gt=0)]


class Until(SpecModel):
    """A rule for adding people in blocks until every difference is known well enough."""

    measure: str
    """Query and field, such as choice.ad."""
    by: str | None = None
    """The factor; default: the only factor."""
    half_width: HalfWidth
    """The run stops when the interval is this wide on either side of the estimate: for a share, percentage points
    (10points); otherwise a number in the measure's unit."""
    start: int = Field(default=40, ge=6)
    """People before the first look."""
    block: int = Field(default=20, ge=2)
    """People added between two looks."""
    max_people: int = Field(default=400, ge=6)
    """Maximum number of people; the run stops there even if the rule is not met."""
    method: Literal["confidence_sequence", "alpha_spending"] = "confidence_sequence"
    """confidence_sequence: any number of looks; alpha_spending: a fixed number, `looks`."""
    looks: int | None = Field(default=None, ge=1, le=100)
    """Number of looks, with `alpha_spending`."""
