"""What people can do besides speaking: the one shape of everything that lets them.

Each kind of ability (places, ties, documents, memory, tools) is one implementation in a file
of its own; the engine asks all of them what they offer, and the one whose act was chosen to perform it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from tinytroupe_cli.events.event import LogTime
from tinytroupe_cli.events.types import Event, Perceived
from tinytroupe_cli.minds.situation import AvailableAction, Situation
from tinytroupe_cli.simulation.actions import Delivered
from tinytroupe_cli.simulation.state import PersonState, WorldState


@dataclass(frozen=True, slots=True)
class TurnContext:
    """A person's turn, as the code that performs an action sees it."""

    person: str
    stamp: LogTime
    past: Sequence[Event]
    """All that has happened to this person, what they did a moment ago included."""
    state: PersonState
    world: WorldState
    """As the step began; in an order one after another, with the turns before this one."""
    situation: Situation | None = None
    """None while it is being made up."""
    count: int = 0
    """Acts already performed in this turn; sets equal acts apart."""


@dataclass(frozen=True, slots=True)
class ActionCall:
    """What a person decided to do."""

    name: str
    argument: str = ""
    arguments: Mapping[str, JsonValue] | None = None
    """The filled-in form, where the ability has one."""


@dataclass(frozen=True, slots=True)
class ActionResult:
    """The result of an action."""

    events: tuple[Event, ...] = ()
    """What happened, in order. What answers the person is a `Perceived` of theirs among these."""
    deliveries: tuple[Delivered, ...] = ()
    """What reaches others, with the words of this turn."""
    continues_turn: bool = False
    """The person is asked again in the same turn; there is then an answer among the events."""


class ActionProvider(Protocol):
    """Offers people something to do, and does it."""

    def offered(self, moment: TurnContext) -> Sequence[AvailableAction]:
        """Return what this person can do now; no other's names."""
        ...

    async def perform(self, call: ActionCall, moment: TurnContext) -> ActionResult:
        """Do it; what fails is told to the person, never raised."""
        ...


class Reminders(Protocol):
    """Knows when the time has come for something."""

    def due(self, moment: TurnContext, before: str) -> Sequence[Perceived]:
        """Return what reaches this person at the beginning of their step, before they act.

        `before` is the time of the step before; empty at the first.
        """
        ...


class Systems(Protocol):
    """Software that people can talk to."""

    def reachable(self, moment: TurnContext) -> Sequence[str]:
        """Return the names of those this person can talk to now."""
        ...

    async def send(self, system: str, words: str, moment: TurnContext) -> ActionResult:
        """Pass words on; the reply is a `Perceived` among the events, or what went wrong is."""
        ...
