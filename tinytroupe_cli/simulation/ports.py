"""What the engine needs from outside: a mind for each person, and whatever else there is in their world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from tinytroupe_cli.events.event import LogTime
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.minds.background_task import BackgroundTask
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.minds.situation import AvailableAction, Situation, Turn
from tinytroupe_cli.simulation.abilities import ActionProvider, Reminders, Systems
from tinytroupe_cli.simulation.state import WorldState


class Actor(Protocol):
    """A mind that can take a turn."""

    async def act(self, past: Sequence[Event], situation: Situation) -> Turn | NoAnswer:
        """Take a turn after everything that has happened to this person."""
        ...

    async def fill_in(
        self, past: Sequence[Event], situation: Situation, ability: AvailableAction, about: str
    ) -> Answer | NoAnswer:
        """Give an act its arguments, in the shape of the ability's form."""
        ...

    def start_background_work(self, past: Sequence[Event], step: int) -> BackgroundTask | None:
        """Return what is to be done in the background after the turn of a step; None: nothing."""
        ...


class Director(Protocol):
    """Looks at all that has happened and makes something happen, or not."""

    async def direct(self, stamp: LogTime, log: Sequence[Event], world: WorldState) -> Sequence[Event]:
        """Return what happens now, stamped; `Ended` lets this step be the last.

        `log` is all of the trial up to this step's stimuli, in its order; its events' `seq` are 0.
        """
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Given by the caller."""

    minds: Mapping[str, Actor]
    """Person id -> their mind."""
    abilities: tuple[ActionProvider, ...] = ()
    systems: Systems | None = None
    reminders: tuple[Reminders, ...] = ()
    director: Director | None = None
