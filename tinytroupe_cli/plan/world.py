"""The world a trial was planned in: its kind, its time, its places and ties."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tinytroupe_cli.models.port import Frozen

PaceUnit = Literal["second", "minute", "hour", "day", "week", "month", "year"]


class Pace(Frozen):
    """Simulated time that passes per step."""

    amount: int = 1
    """Number of units."""
    unit: PaceUnit = "minute"
    """Unit of time."""


class Tie(Frozen):
    """Two people who can reach each other."""

    a: str
    """A person's id; this person comes first in the cast."""
    b: str
    """The other person's id."""
    name: str = ""
    """Name of the tie, such as colleagues."""


class WorldPlan(Frozen):
    """The world a trial takes place in."""

    type: Literal["room", "network", "interviews"]
    """Kind of world."""
    name: str = ""
    """Name of the occasion."""
    place: str = ""
    """Where it happens."""
    start: str
    """Simulated local time at the first step, ISO 8601."""
    step_length: Pace = Field(default=Pace(), validation_alias="pace", serialization_alias="pace")
    """Simulated time per step."""
    steps: int = Field(ge=1)
    """Number of steps."""
    order: Literal["simultaneous", "sequential", "shuffled"] = "simultaneous"
    """Who acts when."""
    activation: Literal["always", "when_stimulated"] = Field(
        default="always", validation_alias="acts", serialization_alias="acts"
    )
    """Whether people act when nothing has reached them."""
    ties: tuple[Tie, ...] = ()
    """network: who can reach whom at the start, in cast order."""
    reach_out: Literal["nobody", "friends_of_friends", "anyone"] = "nobody"
    """network: whom people can form ties with."""
    places: dict[str, str] = Field(default_factory=dict)
    """Places people can move between, and what can be seen there; empty: people cannot move."""
