"""Values from answers in words: what small models can't do in one breath, done in two.

A person answers in their own words; then what they said is coded by a constrained answer that sees these words alone,
scales and Likert items are rated from them by semantic similarity, and a text is the words themselves.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import JsonValue

from tinytroupe_cli.core.concurrency import gather
from tinytroupe_cli.events.types import Event, Method
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.reading import NOT_STATED
from tinytroupe_cli.measurement.inquiries import Inquiry
from tinytroupe_cli.measurement.instruments import Instrument, answer_schema
from tinytroupe_cli.measurement.question_texts import question_text, spoken
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.minds.script.coder import ToCode
from tinytroupe_cli.plan.spoken_answers import Breath, breaths
from tinytroupe_cli.plan.types import PlannedField

Rate = Callable[[str, PlannedField, str], Awaitable[JsonValue | None]]
"""Words, the field and its question -> the value they come to; None: it can't be told from them."""


class Speaker(Protocol):
    """A mind that answers in words."""

    async def say(self, past: Sequence[Event], question: str, *, sample: int, step: int) -> str | NoAnswer:
        """Answer a question after everything that happened."""
        ...


class AnswerCoder(Protocol):
    """A mind that takes values from words."""

    async def code(self, answer: ToCode) -> Answer | NoAnswer:
        """Return the values that an answer in words states."""
        ...

    async def verdict(self, answer: ToCode, about: str = "") -> bool | NoAnswer | None:
        """Return what an answer to a yes-or-no question comes to; None: neither."""
        ...


@dataclass(frozen=True, slots=True)
class InWords:
    """How people who answer in words are measured."""

    speakers: Mapping[str, Speaker]
    """Person id -> their mind."""
    coder: AnswerCoder
    rate: Rate | None = None
    """None: scales are coded like the rest."""


async def answered_in_words(
    inquiry: Inquiry, names: Mapping[str, str], past: Sequence[Event], how: InWords
) -> Answer | NoAnswer:
    """Put a query to a person in words, and take its values from what they say."""
    wanted = {instrument.field for instrument in inquiry.instruments}
    parts = [breath for breath in breaths(inquiry.query.fields) if wanted & {field.name for field in breath.fields}]
    answers = await gather(_OneAnswer(inquiry, breath, names, past, how).values() for breath in parts)
    lost = [answer for answer in answers if isinstance(answer, NoAnswer)]
    found = [answer for answer in answers if isinstance(answer, Answer)]
    if not found:
        return lost[0]
    return Answer(
        {key: value for answer in found for key, value in answer.values.items()},
        {key: value for answer in found for key, value in answer.raw.items()},
        methods={key: value for answer in found for key, value in answer.methods.items()},
        words={key: value for answer in found for key, value in answer.words.items()},
    )


@dataclass(frozen=True)
class _OneAnswer:
    """What a person says in one breath, and what it comes to."""

    inquiry: Inquiry
    breath: Breath
    names: Mapping[str, str]
    past: Sequence[Event]
    how: InWords

    async def values(self) -> Answer | NoAnswer:
        inquiry, person = self.inquiry, self.inquiry.person
        step = self.past[-1].step
        words = await self.how.speakers[person].say(self.past, self._question(), sample=inquiry.sample, step=step)
        if isinstance(words, NoAnswer):
            return words
        found = _Found()
        for instrument, field_ in self._wanted():
            if field_ is self.breath.verbatim:
                found.add(instrument.key, words, "verbatim")
            elif field_ in self.breath.rated and self.how.rate is not None:
                value = await self.how.rate(words, field_, inquiry.query.questions[person])
                if value is not None:
                    found.add(instrument.key, value, "rated")
        lost = await self._code(found, words, step)
        if lost is not None and not found.values:
            return lost
        stated = {
            instrument.key: words for instrument, _ in self._wanted() if found.methods.get(instrument.key) != "verbatim"
        }
        return Answer(found.values, found.raw, methods=dict(found.methods), words=stated)

    async def _code(self, found: _Found, words: str, step: int) -> NoAnswer | None:
        """Take from the words what is left to be found; return why where something can't be."""
        lost: NoAnswer | None = None
        left = [(instrument, field_) for instrument, field_ in self._wanted() if instrument.key not in found.values]
        others = [instrument for instrument, field_ in left if type_of(field_).shape != "binary"]
        for instrument in [instrument for instrument, field_ in left if type_of(field_).shape == "binary"]:
            about = (
                instrument.field.replace("_", " ")
                if len(self.breath.fields) > 1 + (self.breath.verbatim is not None)
                else ""
            )
            verdict = await self.how.coder.verdict(self._to_code([instrument], words, step), about)
            if isinstance(verdict, NoAnswer):
                lost = verdict
            else:
                found.add(instrument.key, NOT_STATED if verdict is None else verdict, "coded")
        coded = await self.how.coder.code(self._to_code(others, words, step)) if others else None
        if isinstance(coded, Answer):
            found.add_all(coded)
        return coded if isinstance(coded, NoAnswer) else lost

    def _wanted(self) -> Iterator[tuple[Instrument, PlannedField]]:
        fields = {field.name: field for field in self.breath.fields}
        yield from (
            (instrument, fields[instrument.field])
            for instrument in self.inquiry.instruments
            if instrument.field in fields
        )

    def _question(self) -> str:
        every = self.inquiry.all_instruments
        mine = {field.name for field in self.breath.fields}
        return spoken(
            self.inquiry.query.questions[self.inquiry.person],
            [
                (instrument, field)
                for instrument, field in zip(every, self.inquiry.query.fields, strict=True)
                if field.name in mine
            ],
        )

    def _to_code(self, instruments: Sequence[Instrument], words: str, step: int) -> ToCode:
        inquiry = self.inquiry
        return ToCode(
            person=inquiry.person,
            name=self.names[inquiry.person],
            question=inquiry.query.questions[inquiry.person],
            words=words,
            items=question_text("", instruments, "code").strip(),
            schema=answer_schema(instruments),
            sample=inquiry.sample,
            step=step,
            fault=inquiry.fault,
        )


@dataclass
class _Found:
    values: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    raw: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    methods: dict[str, Method] = field(default_factory=dict[str, Method])

    def add(self, key: str, value: JsonValue, method: Method) -> None:
        self.values[key] = value
        self.methods[key] = method

    def add_all(self, coded: Answer) -> None:
        self.values |= coded.values
        self.raw |= coded.raw
        self.methods |= dict.fromkeys(coded.values, "coded")
