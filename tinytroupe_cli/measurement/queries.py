"""Takes the measures of one trial, once it has been played.

All of them are asked at once; what comes of them is told in the order of queries, cast and
samples. A mind that gives nothing usable is an event like any other.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from tinytroupe_cli.core.streams import Stream
from tinytroupe_cli.events.transcripts import as_text, transcript
from tinytroupe_cli.events.types import Event, Failed, FailureKind, Measured, Refused
from tinytroupe_cli.measurement.instruments import (
    How,
    Instrument,
    answer_schema,
    instrument,
    question_text,
)
from tinytroupe_cli.measurement.propositions import Weigher, judge, judgements
from tinytroupe_cli.measurement.readings import Unusable, Value
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.models.port import AnswerSchema
from tinytroupe_cli.plan.types import PlannedQuery, Trial


class Respondent(Protocol):
    """A mind that answers in character; what it answers doesn't enter its memory."""

    async def answer(
        self, past: Sequence[Event], question: str, *, schema: AnswerSchema, sample: int, step: int
    ) -> Answer | NoAnswer:
        """Answer a question after everything that happened."""
        ...


class Observer(Weigher, Protocol):
    """A mind that reads a transcript and answers about it."""

    async def read(
        self, transcript: str, question: str, *, about: str, schema: AnswerSchema, sample: int, person: str = ""
    ) -> Answer | NoAnswer:
        """Answer a question about a person by name, or, with `about` empty, about all of it."""
        ...


@dataclass(frozen=True, slots=True)
class Asks:
    """Whom measures can be taken from."""

    minds: Mapping[str, Respondent]
    """Person id -> their mind."""
    judge: Observer


async def measure(trial: Trial, events: Sequence[Event], asks: Asks) -> AsyncIterator[Event]:
    """Yield what every query and proposition of the trial finds; sequence numbers are left at 0."""
    inquiries = list(_inquiries(trial))
    try:
        # Nothing is yielded inside the group: a reader who stops there would leave it running (PEP 789).
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_ask(inquiry, trial, events, asks)) for inquiry in inquiries]
            judged = [group.create_task(judge(one, trial, events, asks.judge)) for one in judgements(trial)]
    except ExceptionGroup as errors:  # callers stop a run by the error itself
        raise errors.exceptions[0] from errors
    for inquiry, task in zip(inquiries, tasks, strict=True):
        for event in _outcome(inquiry, task.result(), trial, events):
            yield event
    for task in judged:
        yield task.result()


@dataclass(frozen=True, slots=True)
class _Inquiry:
    """A query put once: about one person or the world, one sample."""

    query: PlannedQuery
    person: str
    sample: int
    instruments: tuple[Instrument, ...]

    @property
    def how(self) -> How:
        return "interview" if self.query.how == "interview" else "observe"

    @property
    def text(self) -> str:
        return question_text(self.query.questions[self.person], self.instruments, self.how)

    @property
    def schema(self) -> AnswerSchema:
        return answer_schema(self.instruments)


@dataclass(frozen=True, slots=True)
class _Stamp:
    """Where in the log a measure stands: at the trial's end."""

    trial: str
    step: int
    time: str


def _inquiries(trial: Trial) -> Iterator[_Inquiry]:
    for query in trial.queries:
        for person in (query.people or ("",)) if query.how != "judge" else ():
            for sample in range(query.samples):
                yield _Inquiry(query, person, sample, _instruments(trial.seed, query, person, sample))


def _instruments(seed: int, query: PlannedQuery, person: str, sample: int) -> tuple[Instrument, ...]:
    return tuple(
        instrument(
            field,
            key=f"item_{number}",
            how="interview" if query.how == "interview" else "observe",
            stream=Stream(seed, "options", query.name, field.name, person, sample),
        )
        for number, field in enumerate(query.fields, start=1)
    )


async def _ask(inquiry: _Inquiry, trial: Trial, events: Sequence[Event], asks: Asks) -> Answer | NoAnswer:
    query, person = inquiry.query, inquiry.person
    if query.how == "interview":
        return await asks.minds[person].answer(
            events, inquiry.text, schema=inquiry.schema, sample=inquiry.sample, step=events[-1].step
        )
    names = {member.id: member.name for member in trial.people}
    return await asks.judge.read(
        as_text(transcript(events, person=person)),
        inquiry.text,
        about=names.get(person, ""),
        schema=inquiry.schema,
        sample=inquiry.sample,
        person=person,
    )


def _outcome(
    inquiry: _Inquiry, answer: Answer | NoAnswer, trial: Trial, events: Sequence[Event]
) -> Iterator[Measured | Refused | Failed]:
    """Tell what came of it: one Measured with the fields that are good, a Failed for each that isn't."""
    stamp = _Stamp(trial.id, events[-1].step, events[-1].time)
    if isinstance(answer, NoAnswer):
        yield _unanswered(inquiry, answer, stamp)
        return
    readings = {one.field: one.read(answer.values) for one in inquiry.instruments}
    values: dict[str, JsonValue] = {name: r.value for name, r in readings.items() if isinstance(r, Value)}
    shown = {one.field: [*one.shown] for one in inquiry.instruments if one.shown}
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
        )
    for name, reading in readings.items():
        if isinstance(reading, Unusable):
            yield _failed(inquiry, stamp, field=name, reason="bad_output", text=reading.why)


def _unanswered(inquiry: _Inquiry, answer: NoAnswer, stamp: _Stamp) -> Refused | Failed:
    if answer.reason != "refused":
        return _failed(inquiry, stamp, field="", reason=answer.reason, text=answer.text)
    return Refused(
        trial=stamp.trial,
        step=stamp.step,
        time=stamp.time,
        person=inquiry.person,
        query=inquiry.query.name,
        sample=inquiry.sample,
        text=answer.text,
    )


def _failed(inquiry: _Inquiry, stamp: _Stamp, *, field: str, reason: FailureKind, text: str) -> Failed:
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
    )
