"""Takes private polls of discussions that are over: each person is asked after the past they had at that moment.

A poll can't change a discussion: it is taken from the log, and its answers are not in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from tinytroupe_cli.analysis.discussion_polls import stance_number
from tinytroupe_cli.analysis.observations import Observation, measured_rows
from tinytroupe_cli.core.concurrency import gather
from tinytroupe_cli.events.postprocessing import PollAnswer, PollTaken
from tinytroupe_cli.events.types import (
    Event,
    Failed,
    FailureKind,
    Measured,
    Perceived,
    Refused,
    StateSet,
    StepBegan,
    TrialBegan,
)
from tinytroupe_cli.measurement.queries import Respondents, measure
from tinytroupe_cli.plan.planned_polls import ALONE, PlannedPoll
from tinytroupe_cli.plan.types import Plan, PlannedQuery, Trial

_Reason = FailureKind | Literal["refused", ""]
Asks = Callable[[Trial], Respondents]
"""Returns who answers the questions of a trial."""


async def take_poll(plan: Plan, trial: Trial, poll: PlannedPoll, events: Sequence[Event], asks: Asks) -> PollTaken:
    """Ask everyone in a trial at each moment of the poll; raises what a mind raises."""
    played = max((event.step for event in events if isinstance(event, StepBegan)), default=0)
    moments = [moment for moment in poll.moments(played) if played]
    whom = [(moment, member.id) for moment in moments for member in trial.people if _asked_of(trial, poll, member.id)]
    found = await gather(
        _answer(plan, trial, poll, past_at(events, moment, person), person, asks=asks) for moment, person in whom
    )
    field = plan.fields[poll.query, poll.field]
    answers = tuple(
        PollAnswer(
            moment=moment,
            person=person,
            outcome=row.outcome,
            value=row.value,
            why=row.why,
            score=stance_number(field, row),
            reason=reason,
        )
        for (moment, person), (row, reason) in zip(whom, found, strict=True)
    )
    return PollTaken(trial=trial.id, name=poll.measure, answers=answers)


def past_at(events: Sequence[Event], moment: int, person: str) -> list[Event]:
    """Return what had happened at the end of a step; for `ALONE`, what came from outside, without what people did."""
    before = [event for event in events if not isinstance(event, Measured | Failed | Refused) or not event.query]
    if moment != ALONE:
        return [event for event in before if event.step <= moment]
    people = next((event.people for event in events if isinstance(event, TrialBegan)), ())
    return [event for event in before if _is_from_outside(event, people, person)]


def _is_from_outside(event: Event, people: Sequence[str], person: str) -> bool:
    match event:
        case TrialBegan() | StepBegan():
            return True
        case Perceived():
            return event.source not in people and person in event.people
        case StateSet():
            return person in event.people
        case _:
            return False


def _asked_of(trial: Trial, poll: PlannedPoll, person: str) -> bool:
    return any(person in query.people for query in _queries(trial, poll))


def _queries(trial: Trial, poll: PlannedPoll) -> Iterator[PlannedQuery]:
    for query in trial.queries:
        if query.name == poll.query:
            fields = tuple(field for field in query.fields if field.name == poll.field)
            orders = tuple(order for order in query.orders if order.field in ("", poll.field))
            yield query.model_copy(update={"fields": fields, "orders": orders, "samples": 1})


async def _answer(
    plan: Plan, trial: Trial, poll: PlannedPoll, past: Sequence[Event], person: str, *, asks: Asks
) -> tuple[Observation, _Reason]:
    """Return one person's answer, as a row, and why the interview failed; empty: it did not."""
    queries = tuple(
        query.model_copy(update={"people": (person,), "questions": {person: query.questions[person]}})
        for query in _queries(trial, poll)
    )
    asked = trial.model_copy(update={"queries": queries})
    events = [event async for event in measure(asked, past, asks(asked))]
    [row] = measured_rows(plan.model_copy(update={"trials": (asked,)}), {trial.id: events})
    return row, _reason(events)


def _reason(events: Sequence[Event]) -> _Reason:
    for event in events:
        if isinstance(event, Refused):
            return "refused"
        if isinstance(event, Failed):
            return event.reason
    return ""
