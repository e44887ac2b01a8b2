"""MOVE: people go from place to place, and see where they have come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tinytroupe_cli.events.action_names import Action
from tinytroupe_cli.events.event import LogTime
from tinytroupe_cli.events.types import Moved, Perceived
from tinytroupe_cli.minds.situation import AvailableAction
from tinytroupe_cli.plan.types import PlannedStimulus, Trial
from tinytroupe_cli.simulation.abilities import ActionCall, ActionResult, TurnContext
from tinytroupe_cli.simulation.action_arguments import match_name
from tinytroupe_cli.simulation.actions import perceived

MOVE = Action.MOVE


class Moving:
    """Lets people go where they are not, among the places of their world."""

    def __init__(self, trial: Trial) -> None:
        self._places = trial.world.places
        self._names = {member.id: member.name for member in trial.people}

    def offered(self, moment: TurnContext) -> Sequence[AvailableAction]:
        """Offer every other place."""
        others = tuple(place for place in self._places if place != moment.state.place)
        return (AvailableAction(MOVE, "go to another place; argument: its name", choices=others),) if others else ()

    async def perform(self, call: ActionCall, moment: TurnContext) -> ActionResult:
        """Move at once; those at the new place are heard from the next step on."""
        place = match_name(call.argument, {place: (place,) for place in self._places})
        if place is None or place == moment.state.place:
            return ActionResult(deliveries=(self._perceived(moment, place),))
        person, stamp = moment.person, moment.stamp
        moved = Moved(trial=stamp.trial, step=stamp.step, time=stamp.time, person=person, place=place)
        arrived = perceived(stamp, people=(person,), sense="move", to=person, text=place)
        return ActionResult((moved,), (arrived, self._around(place, moment)))

    def _around(self, place: str, moment: TurnContext) -> Perceived:
        there = [
            self._names[other]
            for other, state in moment.world.people.items()
            if other != moment.person and state.place == place
        ]
        company = f"With you: {', '.join(there)}." if there else "Nobody else is here."
        text = f"{self._places[place]} {company}".strip()
        return perceived(moment.stamp, people=(moment.person,), sense="location", to=moment.person, text=text)

    def _perceived(self, moment: TurnContext, place: str | None) -> Perceived:
        others = ", ".join(other for other in self._places if other != moment.state.place)
        why = "There is no such place" if place is None else "You are there already"
        text = f"{why}. You can go to: {others}."
        return perceived(moment.stamp, people=(moment.person,), sense="feedback", to=moment.person, text=text)


def initial_place_views(trial: Trial, stamp: LogTime) -> Iterator[Perceived]:
    """Yield what people see of the places they begin in."""
    for place, text in trial.world.places.items():
        people = tuple(member.id for member in trial.people if (member.place or trial.world.place) == place)
        if text and people:
            yield perceived(stamp, people=people, sense="location", text=text)


def looks_after_moves(stimuli: Iterable[PlannedStimulus], trial: Trial, stamp: LogTime) -> Iterator[Perceived]:
    """Yield what people see of the places that stimuli bring them to."""
    for stimulus in stimuli:
        text = trial.world.places.get(stimulus.text, "") if stimulus.verb == "move" else ""
        if text:
            yield perceived(stamp, people=stimulus.to, sense="location", text=text)
