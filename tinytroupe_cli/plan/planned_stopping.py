"""How people are added until an interval is narrow enough, as planned."""

from __future__ import annotations

from itertools import accumulate
from typing import Literal

from tinytroupe_cli.models.port import Frozen

StoppingMethod = Literal["confidence_sequence", "alpha_spending"]


class PlannedStopping(Frozen):
    """The rule: after each block of people, the intervals of one measure are looked at."""

    query: str
    field: str
    factor: str
    half_width: float
    """Largest half-width of an interval at which the run stops, in the measure's unit; of a share, from 0 to 1."""
    method: StoppingMethod
    blocks: tuple[tuple[str, ...], ...]
    """Person ids of each block; the first block is played before the first look."""

    @property
    def sizes(self) -> list[int]:
        """Return the number of people at each look."""
        return list(accumulate(len(block) for block in self.blocks))
