"""The world a trial was planned in: its kind, its time, its places and ties."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tinytroupe_cli.models.port import Frozen

Unit = Literal["second", "minute", "hour", "day", "week", "month", "year"]


class Pace(Frozen):
    """Simulated time that passes per step."""

    amount: int = 1
    unit: Unit = "minute"


class Tie(Frozen):
    """Two people who reach each other."""

    a: str
    """A person's id; comes before the other in the cast."""
    b: str
    name: str = ""
    """What they are to each other, such as colleagues."""


class WorldPlan(Frozen):
    """The world a trial plays in."""

    type: Literal["room", "network", "interviews"]
    name: str = ""
    place: str = ""
    start: str
    """Simulated local time at the first step, ISO 8601."""
    pace: Pace = Pace()
    steps: int = Field(ge=1)
    order: Literal["simultaneous", "sequential", "shuffled"] = "simultaneous"
    acts: Literal["always", "when_stimulated"] = "always"
    ties: tuple[Tie, ...] = ()
    """network: who reaches whom from the beginning, in cast order."""
    reach_out: Literal["nobody", "friends_of_friends", "anyone"] = "nobody"
    """network: to whom people can tie themselves."""
    places: dict[str, str] = Field(default_factory=dict)
    """Places people can move between, and what is to be seen there; empty: nobody can move by themselves."""
