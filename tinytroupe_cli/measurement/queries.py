"""Takes the measures of one trial, once it has been played.

All of them are asked at once; their results are logged in the order of queries, cast and
samples. A mind that gives nothing usable is an event like any other.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.events.event import LogTime
from tinytroupe_cli.events.faults import as_evidence, no_evidence
from tinytroupe_cli.events.types import Event, Failed, FailureKind, Measured, Refused
from tinytroupe_cli.fields.reading import InvalidAnswer, Value
from tinytroupe_cli.measurement.coding import InWords, Rate, answered_in_words
from tinytroupe_cli.measurement.inquiries import Inquiry, InquiryResults, found, inquiries, unasked
from tinytroupe_cli.measurement.propositions import ClaimJudge, judge, judgements
from tinytroupe_cli.measurement.sentences import read_with_sentences
from tinytroupe_cli.measurement.ssr import Ratings, answered_by_rating
from tinytroupe_cli.measurement.token_probabilities import answered_by_tokens
from tinytroupe_cli.measurement.verbalized import answered_by_probabilities
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.models.port import AnswerSchema
from tinytroupe_cli.plan.types import Trial


class Respondent(Protocol):
    """A mind that answers in character; what it answers doesn't enter its memory."""

    async def answer(
        self, past: Sequence[Event], question: str, *, schema: AnswerSchema, sample: int, step: int
    ) -> Answer | NoAnswer:
        """Answer a question after everything that happened."""
        ...

    async def first_token(self, past: Sequence[Event], question: str, *, step: int) -> Mapping[str, float] | NoAnswer:
        """Return the probabilities of the first token of an answer in one letter."""
        ...


class Observer(ClaimJudge, Protocol):
    """A mind that reads a transcript and answers about it."""

    async def read(
        self, transcript: str, question: str, *, about: str, schema: AnswerSchema, sample: int, person: str = ""
    ) -> Answer | NoAnswer:
        """Answer a question about a person by name, or, with `about` empty, about all of it."""
        ...


@dataclass(frozen=True, slots=True)
class Respondents:
    """Whom measures can be taken from."""

    minds: Mapping[str, Respondent]
    """Person id -> their mind."""
    judge: Observer
    in_words: InWords | None = None
    """How people who answer in words are measured; None: they are asked for values."""
    ratings: Ratings | None = None
    """How words are rated by semantic similarity; None: no field is."""
    rate: Rate | None = None
    """Rates the sentences of a small judge; None: the judge is asked for points of scales."""


async def measure(trial: Trial, events: Sequence[Event], asks: Respondents) -> AsyncIterator[Event]:
    """Yield what every query and proposition of the trial finds; sequence numbers are left at 0."""
    asked = list(inquiries(trial))
    moment = _Moment(trial, events, asks, {member.id: member.name for member in trial.people})
    try:
        # Nothing is yielded inside the group: a reader who stops there would leave it running (PEP 789).
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_found(inquiry, moment)) for inquiry in asked]
            judged = [group.create_task(judge(judgement, trial, events, asks.judge)) for judgement in judgements(trial)]
    except ExceptionGroup as errors:  # callers stop a run by the error itself
        raise errors.exceptions[0] from errors
    for inquiry, task in zip(asked, tasks, strict=True):
        for event in _outcome(inquiry, task.result(), trial, events):
            yield event
    for task in judged:
        yield task.result()


@dataclass(frozen=True, slots=True)
class _Moment:
    """When questions are asked, and of whom."""

    trial: Trial
    events: Sequence[Event]
    asks: Respondents
    names: Mapping[str, str]
    """Person id -> name."""


async def _found(inquiry: Inquiry, moment: _Moment) -> InquiryResults | NoAnswer:
    if inquiry.procedure == "observe" and (why := no_evidence(moment.events, inquiry.person)):
        return unasked(inquiry, why)
    return await found(inquiry, lambda asked: _ask(asked, moment))


async def _ask(inquiry: Inquiry, moment: _Moment) -> Answer | NoAnswer:
    query, person = inquiry.query, inquiry.person
    trial, events, asks, names = moment.trial, moment.events, moment.asks, moment.names
    if inquiry.own_field and query.fields[0].elicit == "verbalized":
        luck = Stream(trial.seed, "draw", query.name, inquiry.own_field, person, inquiry.sample).fraction()
        mind, step = asks.minds[person], events[-1].step
        return await answered_by_probabilities(
            inquiry, lambda text, schema: mind.answer(events, text, schema=schema, sample=0, step=step), luck
        )
    if inquiry.own_field and query.fields[0].elicit == "logprobs":
        luck = Stream(trial.seed, "draw", query.name, inquiry.own_field, person, inquiry.sample).fraction()
        mind, step = asks.minds[person], events[-1].step
        return await answered_by_tokens(inquiry, lambda text: mind.first_token(events, text, step=step), luck)
    if inquiry.own_field and asks.ratings is not None:
        mind, sample, step = asks.minds[person], inquiry.sample, events[-1].step
        return await answered_by_rating(
            inquiry,
            lambda text, schema: mind.answer(events, text, schema=schema, sample=sample, step=step),
            asks.ratings,
            is_spoken=asks.in_words is not None,
        )
    if query.procedure == "interview" and asks.in_words is not None:
        return await answered_in_words(inquiry, names, events, asks.in_words)
    if query.procedure == "interview":
        return await asks.minds[person].answer(
            events, inquiry.text, schema=inquiry.schema, sample=inquiry.sample, step=events[-1].step
        )
    about = names.get(person, "")

    async def read(asked: Inquiry) -> Answer | NoAnswer:
        return await asks.judge.read(
            as_evidence(events, person=person),
            asked.text,
            about=about,
            schema=asked.schema,
            sample=asked.sample,
            person=person,
        )

    return await (read_with_sentences(inquiry, about, read, asks.rate) if asks.rate else read(inquiry))


def _outcome(
    inquiry: Inquiry, findings: InquiryResults | NoAnswer, trial: Trial, events: Sequence[Event]
) -> Iterator[Measured | Refused | Failed]:
    """Yield the results: one Measured with the fields that are good, a Failed for each that isn't."""
    stamp = LogTime(trial.id, events[-1].step, events[-1].time)
    if isinstance(findings, NoAnswer):
        yield _unanswered(inquiry, findings, stamp)
        return
    readings = findings.readings
    values: dict[str, JsonValue] = {name: r.value for name, r in readings.items() if isinstance(r, Value)}
    shown = {instrument.field: [*instrument.shown] for instrument in inquiry.instruments if instrument.shown}
    shown = {} if inquiry.query.fields[0].rating is not None else shown
    if values:
        yield Measured(
            trial=stamp.trial,
            step=stamp.step,
            time=stamp.time,
            query=inquiry.query.name,
            person=inquiry.person,
            sample=inquiry.sample,
            values=values,
            shown=shown,
            items=inquiry.items,
            raw={name: raw for name, raw in findings.raw.items() if name in values},
            methods={name: method for name, method in findings.methods.items() if name in values},
            words={name: words for name, words in findings.words.items() if name in values},
            distributions=dict(findings.distributions),
            why=findings.why,
        )
    for name, reading in readings.items():
        if isinstance(reading, InvalidAnswer):
            yield _failed(inquiry, stamp, field=name, reason="bad_output", text=reading.why, raw=findings.raw.get(name))


def _unanswered(inquiry: Inquiry, answer: NoAnswer, stamp: LogTime) -> Refused | Failed:
    if answer.reason != "refused":
        return _failed(inquiry, stamp, field=inquiry.own_field, reason=answer.reason, text=answer.text)
    return Refused(
        trial=stamp.trial,
        step=stamp.step,
        time=stamp.time,
        person=inquiry.person,
        query=inquiry.query.name,
        field=inquiry.own_field,
        sample=inquiry.sample,
        text=answer.text,
    )


def _failed(
    inquiry: Inquiry, stamp: LogTime, *, field: str, reason: FailureKind, text: str, raw: JsonValue = None
) -> Failed:
    return Failed(
        trial=stamp.trial,
        step=stamp.step,
        time=stamp.time,
        person=inquiry.person,
        query=inquiry.query.name,
        field=field,
        sample=inquiry.sample,
        reason=reason,
        text=text,
        raw=raw,
    )
