"""The systems of a trial as its people meet them: within hearing, talked to once a step, answering like a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tinytroupe_cli.events.action_names import Action
from tinytroupe_cli.events.types import Acted, Event, Perceived, SystemReplied
from tinytroupe_cli.minds.situation import EVERYONE
from tinytroupe_cli.plan.types import Trial
from tinytroupe_cli.simulation.abilities import ActionResult, TurnContext
from tinytroupe_cli.simulation.actions import perceived
from tinytroupe_cli.simulation.systems.exchanges import TrialSystems
from tinytroupe_cli.simulation.systems.port import Exchange, NoReply

NO_ANSWER = "(no answer)"
"""What people perceive where a system failed; what went wrong is in the log."""


@dataclass(frozen=True)
class ReachableSystems:
    """Says who can talk to what, and passes on what is said."""

    trial: Trial
    systems: TrialSystems

    def reachable(self, moment: TurnContext) -> Sequence[str]:
        """Return the systems a person hasn't talked to in this step."""
        return [
            system.name
            for system in self.trial.systems
            if moment.person in system.people
            and not any(replied.step == moment.stamp.step for replied in _said(moment.past, moment.person, system.name))
        ]

    async def send(self, system: str, words: str, moment: TurnContext) -> ActionResult:
        """Say something; the reply comes at once where the person can go on with it, else before their next turn."""
        reply = await self.systems.reply(
            system,
            words,
            person=next(member for member in self.trial.people if member.id == moment.person),
            step=moment.stamp.step,
            number=0,
            history=[
                Exchange(replied.message, replied.text if replied.is_ok else "")
                for replied in _said(moment.past, moment.person, system)
            ],
        )
        answered = SystemReplied(
            trial=moment.stamp.trial,
            step=moment.stamp.step,
            time=moment.stamp.time,
            person=moment.person,
            system=system,
            message=words,
            text=reply.why if isinstance(reply, NoReply) else reply,
            is_ok=not isinstance(reply, NoReply),
        )
        return self._heard(answered, moment)

    def _heard(self, answered: SystemReplied, moment: TurnContext) -> ActionResult:
        situation = moment.situation
        others = tuple(person for person, _ in situation.people) if situation else ()
        if _is_to_everyone(moment):
            return ActionResult((answered,), (_reply(answered, moment, (moment.person, *others), EVERYONE),))
        reply = _reply(answered, moment, (moment.person,), moment.person)
        left = [name for name in self.reachable(moment) if name != answered.system]
        if others or left or (situation is not None and situation.abilities):
            return ActionResult((answered, reply), continues_turn=True)
        return ActionResult((answered,), (reply,))


def _said(past: Sequence[Event], person: str, system: str) -> Iterator[SystemReplied]:
    for event in past:
        if isinstance(event, SystemReplied) and event.person == person and event.system == system:
            yield event


def _is_to_everyone(moment: TurnContext) -> bool:
    """Return whether the words that have just been said were for all to hear."""
    talks = [event for event in moment.past if isinstance(event, Acted) and event.action == Action.TALK]
    return bool(talks) and talks[-1].to == EVERYONE


def _reply(answered: SystemReplied, moment: TurnContext, people: tuple[str, ...], to: str) -> Perceived:
    text = answered.text if answered.is_ok else NO_ANSWER
    return perceived(moment.stamp, people=people, sense="system", source=answered.system, to=to, text=text)
