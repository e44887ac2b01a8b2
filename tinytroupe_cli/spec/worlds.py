"""The world an experiment plays in."""

from __future__ import annotations

from datetime import MAXYEAR, datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from tinytroupe_cli.spec.written import Length, Number, Written


def _moment(value: Any) -> Any:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("wants a date and time such as 2026-11-23T09:00") from None
    if found.tzinfo is not None:
        raise ValueError("wants a date and time without a zone, such as 2026-11-23T09:00")
    return found


Start = Annotated[datetime, BeforeValidator(_moment, json_schema_input_type=str)]


class Topology(Written):
    """Generated ties between people."""

    type: Literal["small_world", "scale_free", "random", "ring", "grid", "groups", "csv"]
    """Kind of network."""
    degree: int | None = None
    """Ties per person."""
    rewire: Number | None = None
    """Share of ties that are rewired."""
    probability: Number | None = None
    """Chance of a tie."""
    groups: int | None = None
    """Number of groups."""
    file: str | None = None
    """Ties from a CSV file."""


class World(Written):
    """Where people are, and how time passes."""

    type: Literal["room", "network", "interviews"] = "room"
    """room: everyone hears everyone; interviews: everyone alone; network: people reach those they are tied to."""
    name: str = ""
    """What the occasion is called; people know it."""
    place: str = ""
    """Where it happens; people know it."""
    start: Start | None = None
    """Simulated date and time of the first step; default 2026-01-05T09:00."""
    step: Length | None = None
    """Simulated time that passes per step; default 10min."""
    steps: int | None = Field(default=None, ge=1, le=10_000)
    """How many steps are played; default 4, and 1 for interviews."""
    order: Literal["simultaneous", "sequential", "shuffled"] = "simultaneous"
    """Who acts when: all at once on what reached them before, or one after another."""
    acts: Literal["always", "when_stimulated"] = "always"
    """Whether people are asked to act when nothing has reached them."""
    relations: list[list[str]] | None = None
    """Named ties: [[lisa, oscar, colleagues]]."""
    topology: Topology | None = None
    """Generated ties."""

    @property
    def outlasts_the_calendar(self) -> bool:
        """Tell whether simulated time would pass the year 9999, the last one that dates can name."""
        if self.step is None:
            return False
        first = self.start.year if self.start else 2026
        days = {"second": 1 / 86_400, "minute": 1 / 1_440, "hour": 1 / 24, "day": 1, "week": 7, "month": 31}
        years = self.step.amount * days.get(self.step.unit, 366) / 365 * (self.steps or 4)
        return first + years + 1 > MAXYEAR
