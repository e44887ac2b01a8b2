"""What a turn means in the world: what the person did, and what reaches whom because of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tinytroupe_cli.events.action_names import Action
from tinytroupe_cli.events.event import LogTime
from tinytroupe_cli.events.types import (
    Acted,
    AppointmentScheduled,
    Event,
    Failed,
    MentalStateReported,
    Misaddressed,
    Perceived,
    Refused,
)
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.situation import EVERYONE, Situation, Turn

Delivered = Perceived | AppointmentScheduled
"""What one person's turn can bring to another."""


@dataclass(frozen=True, slots=True)
class TurnOutcome:
    """One turn's events: what the person did and its results for them, and what it brings to others, or back."""

    own_events: tuple[Event, ...] = ()
    deliveries: tuple[Delivered, ...] = ()


def outcome_of(turn: Turn | NoAnswer, person: str, situation: Situation, stamp: LogTime) -> TurnOutcome:
    """Return what a turn comes to."""
    where = {"step": stamp.step, "time": stamp.time}
    noted = tuple(event.model_copy(update=where) for event in turn.side_events)
    if isinstance(turn, Turn):
        done = (*noted, *_done(turn, person, stamp))
        return TurnOutcome(done, tuple(_delivered(turn, person, situation, stamp)))
    return TurnOutcome((*noted, failed(turn, person, stamp)))


def failed(answer: NoAnswer, person: str, stamp: LogTime, *, action: str = "") -> Refused | Failed:
    """Return the event of a failed turn or, with `act`, of one failed action."""
    trial, step, time = stamp.trial, stamp.step, stamp.time
    if answer.reason == "refused":
        return Refused(trial=trial, step=step, time=time, person=person, action=action, text=answer.text)
    return Failed(
        trial=trial, step=step, time=time, person=person, action=action, reason=answer.reason, text=answer.text
    )


def perceived(stamp: LogTime, **what: object) -> Perceived:
    """Return something that reaches people at a moment."""
    return Perceived.model_validate({"trial": stamp.trial, "step": stamp.step, "time": stamp.time, **what})


def _done(turn: Turn, person: str, stamp: LogTime) -> Iterator[Acted | MentalStateReported | Misaddressed]:
    trial, step, time = stamp.trial, stamp.step, stamp.time
    in_thought = None if turn.words else turn.fault
    if turn.thought:
        yield Acted(
            trial=trial, step=step, time=time, person=person, action=Action.THINK, text=turn.thought, fault=in_thought
        )
    if turn.unknown_addressee:
        yield Misaddressed(
            trial=trial, step=step, time=time, person=person, name=turn.unknown_addressee, text=turn.words
        )
    elif turn.words:
        talked = Acted(
            trial=trial, step=step, time=time, person=person, action=Action.TALK, to=turn.to, text=turn.words
        )
        yield talked.model_copy(update={"fault": turn.fault})
    if turn.action:
        yield Acted(trial=trial, step=step, time=time, person=person, action=turn.action, text=turn.argument)
    elif not turn.words:
        yield Acted(trial=trial, step=step, time=time, person=person, action=Action.DONE)
    if turn.feeling or turn.goal:
        yield MentalStateReported(
            trial=trial, step=step, time=time, person=person, emotion=turn.feeling, goal=turn.goal
        )


def _delivered(turn: Turn, person: str, situation: Situation, stamp: LogTime) -> Iterator[Perceived]:
    if not turn.words:
        return
    ids = tuple(other for other, _ in situation.people)
    if turn.unknown_addressee:
        yield perceived(stamp, people=(person,), sense="feedback", to=person, text=_correction(turn, situation))
    elif turn.to in ids:
        yield perceived(stamp, people=(turn.to,), sense="talk", source=person, to=turn.to, text=turn.words)
    elif turn.to in situation.systems:
        return
    elif ids:  # to everyone, or aloud to an outside voice: all who are there hear it
        to = EVERYONE if turn.to == EVERYONE else turn.to
        yield perceived(stamp, people=ids, sense="talk", source=person, to=to, text=turn.words)


def _correction(turn: Turn, situation: Situation) -> str:
    listeners = ", ".join(situation.listeners) or "nobody"
    nobody = f"There is nobody called '{turn.unknown_addressee}' here"
    return f"{nobody}, so nobody heard what you said. You can speak to: {listeners}."
