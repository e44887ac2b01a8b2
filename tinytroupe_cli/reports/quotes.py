"""People's own words: for each person one answer and one thing said aloud.

Which ones is a rule, not a taste: each person is quoted from another condition in turn,
with their first answer in words and their longest contribution of readable length.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.events.action_names import Action
from tinytroupe_cli.events.types import Acted, Event
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.periods import parts_of
from tinytroupe_cli.plan.types import Plan, Trial

READABLE = 400
"""Letters; longer contributions are quoted only where there is nothing shorter."""


class Quote(Frozen):
    """Something a person said or answered, word for word."""

    person: str
    """Id of the person."""
    trial: str
    """Id of the trial."""
    condition: str
    """Name of the condition."""
    step: int = 0
    """Step in which it was said; 0: an answer."""
    to: str = ""
    """The addressee: a person's id or an outside voice; empty: everyone."""
    query: str = ""
    """Name of the query, for an answer."""
    field: str = ""
    """Name of the field, for an answer."""
    text: str
    """The words."""


def quotes(plan: Plan, events: Mapping[str, Sequence[Event]], rows: Sequence[Observation]) -> list[Quote]:
    """Return up to two quotes of each person, in cast order."""
    people = list(dict.fromkeys(member.id for trial in plan.trials for member in trial.people))
    answers = _answers(plan, rows)
    return [
        quote for number, person in enumerate(people) for quote in _of_person(plan, events, answers, person, number)
    ]


def _of_person(
    plan: Plan, events: Mapping[str, Sequence[Event]], answers: Sequence[Quote], person: str, number: int
) -> Iterator[Quote]:
    conditions = [condition.name for condition in plan.conditions]
    turned = conditions[number % len(conditions) :] + conditions[: number % len(conditions)]
    parts = [part for trial in plan.trials for part in parts_of(trial)]
    talks = [
        quote for part in parts for quote in _talks(part.trial, part.events(events.get(part.trial.id, ())), person)
    ]
    own = [answer for answer in answers if answer.person == person]
    if answer := next((quote for name in turned for quote in own if quote.condition == name), None):
        yield answer
    if quote := next((chosen for name in turned if (chosen := _best(talks, name))), None):
        yield quote


def _answers(plan: Plan, rows: Sequence[Observation]) -> list[Quote]:
    """Only what people were asked themselves: an observer's words are not theirs."""
    texts = {
        (query.name, field.name)
        for trial in plan.trials
        for query in trial.queries
        for field in query.fields
        if query.procedure == "interview" and type_of(field).shape == "words"
    }
    return [
        Quote(
            person=row.person,
            trial=row.trial,
            condition=row.condition,
            query=row.query,
            field=row.field,
            text=str(row.value),
        )
        for row in rows
        if (row.query, row.field) in texts and row.outcome == "stated"
    ]


def _talks(trial: Trial, events: Sequence[Event], person: str) -> Iterator[Quote]:
    for event in events:
        if not isinstance(event, Acted) or event.fault is not None:
            continue
        if event.person == person and event.action == Action.TALK and event.text.strip():
            yield Quote(
                person=person,
                trial=trial.id,
                condition=trial.condition,
                step=event.step,
                to="" if event.to == "everyone" else event.to,
                text=event.text,
            )


def _best(talks: Sequence[Quote], condition: str) -> Quote | None:
    own = [quote for quote in talks if quote.condition == condition]
    short = [quote for quote in own if len(quote.text) <= READABLE]
    if short:
        return max(short, key=lambda quote: len(quote.text))
    return min(own, key=lambda quote: len(quote.text), default=None)
