"""REACH_OUT: people of a network tie themselves to others, where that is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tinytroupe_cli.events.action_names import Action
from tinytroupe_cli.events.types import Perceived, TieFormed
from tinytroupe_cli.minds.situation import AvailableAction
from tinytroupe_cli.plan.types import Trial
from tinytroupe_cli.simulation.abilities import ActionCall, ActionResult, TurnContext
from tinytroupe_cli.simulation.action_arguments import match_name
from tinytroupe_cli.simulation.actions import perceived

REACH_OUT = Action.REACH_OUT
Rule = Literal["nobody", "friends_of_friends", "anyone"]
MAX_NAMED = 25
"""Strangers listed in a prompt; more are only counted."""


class TieFormation:
    """Lets people tie themselves to friends of friends, or to anyone."""

    def __init__(self, trial: Trial) -> None:
        self._rule: Rule = trial.world.reach_out
        self._names = {member.id: member.name for member in trial.people}

    def offered(self, moment: TurnContext) -> Sequence[AvailableAction]:
        """Offer everyone this person may tie themselves to."""
        strangers = self._strangers(moment)
        if not strangers:
            return ()
        names = tuple(self._names[other] for other in strangers)
        if len(names) > MAX_NAMED:
            does = f"make contact with one of the {len(names)} people you have no tie to; argument: their full name"
            return (AvailableAction(REACH_OUT, does),)
        does = "make contact with somebody you can't speak to yet; argument: their name"
        return (AvailableAction(REACH_OUT, does, choices=names),)

    async def perform(self, call: ActionCall, moment: TurnContext) -> ActionResult:
        """Tie the two; they can speak to each other from the next step on."""
        known = {person: (person, name) for person, name in self._names.items()}
        first_names = {person: (*names, self._names[person].split()[0]) for person, names in known.items()}
        other = match_name(call.argument, known) or match_name(call.argument, first_names)
        problem = self._why_not(call.argument, other, moment)
        if other is None or problem:
            return ActionResult(deliveries=(self._perceived(problem, moment),))
        stamp, person = moment.stamp, moment.person
        tied = TieFormed(trial=stamp.trial, step=stamp.step, time=stamp.time, people=(person, other))
        people = tuple(member for member in self._names if member in (person, other))
        return ActionResult(
            (tied,), (perceived(stamp, people=people, sense="reach_out", source=person, to=other, text=""),)
        )

    def _strangers(self, moment: TurnContext) -> list[str]:
        own = moment.world.ties.get(moment.person, {})
        match self._rule:
            case "nobody":
                allowed: set[str] = set()
            case "friends_of_friends":
                allowed = {other for friend in own for other in moment.world.ties.get(friend, {})}
            case "anyone":
                allowed = set(self._names)
        return [other for other in self._names if other in allowed and other not in own and other != moment.person]

    def _why_not(self, written: str, other: str | None, moment: TurnContext) -> str:
        if other is None:
            return f"You know of nobody called '{written}'."
        if other == moment.person:
            return "You can't reach out to yourself."
        name = self._names[other]
        if other in moment.world.ties.get(moment.person, {}):
            return f"You can speak to {name} already."
        if other not in self._strangers(moment):
            return f"You can't reach {name}: nobody you know knows them."
        return ""

    def _perceived(self, text: str, moment: TurnContext) -> Perceived:
        return perceived(moment.stamp, people=(moment.person,), sense="feedback", to=moment.person, text=text)
