"""How people are added until an interval is narrow enough, as planned."""

from __future__ import annotations

from itertools import accumulate
from typing import Literal

from pydantic import JsonValue

from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison

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

    def is_about(self, planned: PlannedComparison) -> bool:
        """Return whether a comparison is of the measure and factor that the rule is about."""
        return (planned.query, planned.field, planned.factor) == (self.query, self.field, self.factor)

    @property
    def rule(self) -> dict[str, JsonValue]:
        """Return the rule without the people, and with the number of people at each look."""
        return {**self.model_dump(mode="json", exclude={"blocks"}), "looks": list(self.sizes)}

    @property
    def sizes(self) -> list[int]:
        """Return the number of people at each look."""
        return list(accumulate(len(block) for block in self.blocks))
