"""SHOW: a person holds up a picture they have seen, and those within reach see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinytroupe_cli.events.action_names import Action
from tinytroupe_cli.events.types import Perceived
from tinytroupe_cli.minds.situation import EVERYONE, AvailableAction
from tinytroupe_cli.plan.types import Trial
from tinytroupe_cli.simulation.abilities import ActionCall, ActionResult, TurnContext
from tinytroupe_cli.simulation.actions import perceived

DOES = "hold up a picture you have seen, for all within reach; argument: its name"


@dataclass(frozen=True, slots=True)
class Showing:
    """Lets people pass on what they have seen."""

    trial: Trial

    def offered(self, moment: TurnContext) -> Sequence[AvailableAction]:
        """Return SHOW to those who have seen a picture and are not alone."""
        held = tuple(_seen(moment))
        is_alone = self.trial.world.type == "interviews" or len(self.trial.people) == 1
        return [AvailableAction(Action.SHOW, DOES, held)] if held and not is_alone else []

    async def perform(self, call: ActionCall, moment: TurnContext) -> ActionResult:
        """Let the others see it; a name that is none of theirs is told to the person."""
        held = _seen(moment)
        name = call.argument if call.argument in held else next(iter(held), "") if len(held) == 1 else ""
        others = tuple(other for other, _ in moment.situation.people) if moment.situation else ()
        if not name or not others:
            text = "You have no such picture." if others else "There is nobody here to show it to."
            word = perceived(moment.stamp, people=(moment.person,), sense="feedback", to=moment.person, text=text)
            return ActionResult((word,))
        who = next(member.name for member in self.trial.people if member.id == moment.person)
        shown = perceived(
            moment.stamp,
            people=others,
            sense="show",
            source=moment.person,
            to=EVERYONE,
            text=f"{who} holds up a picture: {held[name]}",
            images=(name,),
        )
        return ActionResult(deliveries=(shown,))


def _seen(moment: TurnContext) -> dict[str, str]:
    """Return the pictures a person has seen, each with the words it came with."""
    found: dict[str, str] = {}
    for event in moment.past:
        if isinstance(event, Perceived) and moment.person in event.people:
            for name in event.images:
                found.setdefault(name, event.text)
    return found
