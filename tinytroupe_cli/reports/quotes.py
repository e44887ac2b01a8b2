"""People's own words: for each person one answer and one thing said aloud.

Which ones is a rule, not a taste: each person is quoted from another condition in turn,
with their first answer in words and their longest contribution of readable length.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    answers, talks = _by_person(_answers(plan, rows)), _by_person(_all_talks(plan, events))
    conditions = [condition.name for condition in plan.conditions]
    return [
        quote
        for number, person in enumerate(people)
        for quote in _of_person(answers[person], talks[person], _turned(conditions, number))
    ]


def _by_person(found: Iterable[Quote]) -> defaultdict[str, list[Quote]]:
    own: defaultdict[str, list[Quote]] = defaultdict(list)
    for quote in found:
        own[quote.person].append(quote)
    return own


def _turned(conditions: Sequence[str], number: int) -> list[str]:
    """Return the conditions from another one on for each person, so that all are quoted."""
    first = number % len(conditions)
    return [*conditions[first:], *conditions[:first]]


def _of_person(answers: Sequence[Quote], talks: Sequence[Quote], conditions: Sequence[str]) -> Iterator[Quote]:
    if answer := next((quote for name in conditions for quote in answers if quote.condition == name), None):
        yield answer
    if quote := next((chosen for name in conditions if (chosen := _best(talks, name))), None):
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


def _all_talks(plan: Plan, events: Mapping[str, Sequence[Event]]) -> Iterator[Quote]:
    for part in (part for trial in plan.trials for part in parts_of(trial)):
        yield from _talks(part.trial, part.events(events.get(part.trial.id, ())))


def _talks(trial: Trial, events: Sequence[Event]) -> Iterator[Quote]:
    for event in events:
        if not isinstance(event, Acted) or event.fault is not None:
            continue
        if event.action == Action.TALK and event.text.strip():
            yield Quote(
                person=event.person,
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
