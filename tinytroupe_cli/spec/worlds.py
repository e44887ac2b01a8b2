"""The world an experiment plays in."""

from __future__ import annotations

import re
from datetime import MAXYEAR, datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from tinytroupe_cli.spec.spec_model import Length, Number, SpecModel

_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?$")


def _moment(value: Any) -> Any:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        if isinstance(value, str) and _DATE.match(value.strip()):
            raise ValueError("expects a date and time that exist") from None
        raise ValueError("expects a date and time such as 2026-11-23T09:00") from None
    if found.tzinfo is not None:
        raise ValueError("expects a date and time without a zone, such as 2026-11-23T09:00")
    return found


Start = Annotated[datetime, BeforeValidator(_moment, json_schema_input_type=str)]


Proportion = Annotated[Number, Field(ge=0, le=1)]
Relation = Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=2, max_length=3)]
"""Two names of the cast and, if it has one, the name of their tie."""
PlaceName = Annotated[str, Field(min_length=1)]


class Topology(SpecModel):
    """Generated ties, or ties from a file."""

    type: Literal["small_world", "scale_free", "random", "ring", "grid", "groups", "csv"]
    """Kind of network; docs/worlds.md lists the keys of each."""
    degree: int | None = Field(default=None, ge=1)
    """Ties per person, on average; small_world, scale_free, random, ring."""
    rewire: Proportion | None = None
    """Share of ties moved at random; small_world (default 0.1), groups (default 0)."""
    probability: Proportion | None = None
    """Chance of a tie between two people: any two (random), two in one group (groups, default 1)."""
    groups: int | None = Field(default=None, ge=1)
    """Number of groups, of equal size as far as possible, in cast order."""
    file: str | None = Field(default=None, min_length=1)
    """A CSV file of ties: two columns of names or ids, and optionally a third with the tie's name."""


class World(SpecModel):
    """Where people are, and how time passes."""

    type: Literal["room", "network", "interviews"] = "room"
    """room: everyone hears everyone; interviews: each person is alone; network: people reach those they are tied to."""
    name: str = ""
    """Name of the occasion; people know it."""
    place: str = ""
    """Where it happens; people know it."""
    start: Start | None = None
    """Simulated date and time of the first step; default 2026-01-05T09:00."""
    step: Length | None = None
    """Simulated time that passes per step; default 10min."""
    steps: int | None = Field(default=None, ge=1, le=10_000)
    """Number of steps; default 4, and 1 for interviews."""
    order: Literal["simultaneous", "sequential", "shuffled"] = "simultaneous"
    """Who acts when: all at once, or one after another."""
    acts: Literal["always", "when_stimulated"] | None = None
    """Whether people act when nothing has reached them; default: always. In interviews without stimuli,
    interventions, systems, tools or documents, the default is when_stimulated, so a survey costs only its questions."""
    relations: list[Relation] | None = None
    """network: ties between two people, with or without a name: [[lisa, oscar, colleagues], [lisa, amara]]."""
    topology: Topology | None = None
    """network: generated ties, or ties from a file; can be combined with relations."""
    reach_out: Literal["nobody", "friends_of_friends", "anyone"] = "nobody"
    """network: whom people can form ties with."""
    group_size: int | None = Field(default=None, ge=2)
    """room: the largest number of people in one room; the cast is divided at random into rooms of equal size, each of
    which is a separate trial."""
    places: list[PlaceName] | dict[PlaceName, str] | None = None
    """Places people can move between: [office, cafeteria], or with a description: {office: "Twelve desks."}."""

    @property
    def outlasts_the_calendar(self) -> bool:
        """Return whether simulated time would pass the year 9999, the last one that dates can name."""
        if self.step is None:
            return False
        first = self.start.year if self.start else 2026
        days = {"second": 1 / 86_400, "minute": 1 / 1_440, "hour": 1 / 24, "day": 1, "week": 7, "month": 31}
        years = self.step.amount * days.get(self.step.unit, 366) / 365 * (self.steps or 4)
        return first + years + 1 > MAXYEAR
