"""Which measures a few human answers rectify, as planned."""

from __future__ import annotations

from typing import Literal

from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.human_data import HumanAnswers


class PlannedRectification(Frozen):
    """A measure whose simulated answers are rectified with human ones."""

    query: str
    field: str
    humans: HumanAnswers
    drawn: Literal["random", "weighted"]
    """How the people were drawn from those the estimate is about."""
    factor: str = ""
    """The factor whose levels are compared; empty: one estimate over all conditions."""
    human_only: bool = False
    """The estimate is that of the people alone; the simulation stands beside it."""
