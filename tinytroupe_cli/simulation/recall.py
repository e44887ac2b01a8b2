"""RECALL: a person stops to think of something, and goes on with what they remember of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from tinytroupe_cli.events.action_names import Action
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.minds.memory.recall import NOTHING
from tinytroupe_cli.minds.situation import AvailableAction
from tinytroupe_cli.simulation.abilities import ActionCall, ActionResult, TurnContext
from tinytroupe_cli.simulation.actions import perceived

RECALL = AvailableAction(
    Action.RECALL,
    "try to remember something from longer ago; argument: what it is about",
    has_feedback=True,
)


class SearchableMind(Protocol):
    """A mind that can be searched by whose it is."""

    def has_forgotten(self, past: Sequence[Event]) -> bool:
        """Return whether there is anything that they could think back to."""
        ...

    async def search(self, past: Sequence[Event], about: str) -> tuple[str, ...]:
        """Return what they remember of something they ask themselves about."""
        ...


@dataclass(frozen=True, slots=True)
class Recalling:
    """Lets people search their own memory; offered where there is more to it than they have before them."""

    minds: Mapping[str, SearchableMind]

    def offered(self, moment: TurnContext) -> Sequence[AvailableAction]:
        """Return RECALL once something has left the person's mind."""
        return [RECALL] if self.minds[moment.person].has_forgotten(moment.past) else []

    async def perform(self, call: ActionCall, moment: TurnContext) -> ActionResult:
        """Return what the person remembers, or that they remember nothing."""
        found = await self.minds[moment.person].search(moment.past, call.argument)
        text = "\n".join(f"- {memory}" for memory in found)
        word = perceived(
            moment.stamp,
            people=(moment.person,),
            sense="recall",
            to=moment.person,
            text=f"\n{text}" if found else NOTHING,
        )
        return ActionResult((word,), continues_turn=True)
