"""A query put to one mind, and what its answer comes to: a bad field loses itself alone, and is asked again alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pydantic import JsonValue

from tinytroupe_cli.core.concurrency import gather
from tinytroupe_cli.events.distributions import AnswerDistribution
from tinytroupe_cli.events.types import Method
from tinytroupe_cli.fields.reading import DECLINED, InvalidAnswer, Reading, Value
from tinytroupe_cli.measurement.instruments import AnswerProcedure, Instrument, answer_schema, instrument
from tinytroupe_cli.measurement.question_texts import question_text
from tinytroupe_cli.measurement.shown_orders import in_items_order, options_shown
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.models.port import Again, AnswerSchema
from tinytroupe_cli.plan.query_parts import query_parts
from tinytroupe_cli.plan.types import PlannedQuery, Trial


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A query put once: about one person or the world, one sample."""

    query: PlannedQuery
    person: str
    sample: int
    instruments: tuple[Instrument, ...]
    """What is asked now: of all, or of one that is asked again."""
    all_instruments: tuple[Instrument, ...] = ()
    fault: str = ""
    """What was wrong with an earlier answer to this."""

    @property
    def procedure(self) -> AnswerProcedure:
        """Return who answers: the person, or an observer."""
        return "interview" if self.query.procedure == "interview" else "observe"

    @property
    def items(self) -> list[str]:
        """Return the fields in the order asked, where the plan gives people orders of their own; else none."""
        has_own = any(not order.field for order in self.query.orders)
        return [field.name for field in self.query.fields] if has_own and not self.own_field else []

    @property
    def own_field(self) -> str:
        """Return the field that is asked for by itself; empty: it is asked with others."""
        return self.query.fields[0].name if self.query.fields[0].is_asked_alone else ""

    @property
    def text(self) -> str:
        """Return what is asked."""
        asked = question_text(self.query.questions[self.person], self.instruments, self.procedure)
        return (
            f"{asked}\n\nAn answer to this can't be used: {self.fault}. Only this one is needed."
            if self.fault
            else asked
        )

    @property
    def schema(self) -> AnswerSchema:
        """Return the shape of the answer."""
        return answer_schema(self.instruments).model_copy(update={"no_use": self._no_use})

    def _no_use(self, values: dict[str, JsonValue]) -> Again | None:
        """Return why an answer is asked for again: a refusal or, for a single field, another unusable value."""
        findings = _findings(self.instruments, Answer(values))
        if _is_declined(findings):
            return "refused"
        is_bad = self.fault and not all(isinstance(reading, Value) for reading in findings.readings.values())
        return "bad" if is_bad else None


@dataclass(frozen=True, slots=True)
class InquiryResults:
    """What an answer comes to, field by field."""

    readings: Mapping[str, Reading]
    raw: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    """Field -> what was written, where it was read otherwise or could not be read."""
    methods: Mapping[str, Method] = field(default_factory=dict[str, Method])
    words: Mapping[str, str] = field(default_factory=dict[str, str])
    distributions: Mapping[str, AnswerDistribution] = field(default_factory=dict[str, AnswerDistribution])
    why: str = ""
    """Why nothing is stated, where that is known."""


Put = Callable[[Inquiry], Awaitable[Answer | NoAnswer]]
"""Asks a mind."""


def inquiries(trial: Trial) -> Iterator[Inquiry]:
    """Yield everything that is asked at a trial's end, in the order of queries, cast and samples."""
    for query in trial.queries:
        for person in (query.people or ("",)) if query.procedure != "judge" else ():
            for sample in range(query.samples):
                for part in query_parts(query):
                    asked = in_items_order(part, person=person, sample=sample, seed=trial.seed)
                    elicits = asked.fields[0].elicit
                    instruments = _instruments(trial.seed, asked, person, sample if elicits == "direct" else 0)
                    yield Inquiry(asked, person, sample, instruments, instruments)


def unasked(inquiry: Inquiry, why: str) -> InquiryResults:
    """Return the result of a question nobody is asked: each field is not stated."""
    return InquiryResults({instrument.field: Value(None) for instrument in inquiry.instruments}, why=why)


async def found(inquiry: Inquiry, put: Put) -> InquiryResults | NoAnswer:
    """Ask, and once more for each field whose answer can't be used; NoAnswer where there is none at all."""
    answer = await put(inquiry)
    if isinstance(answer, NoAnswer):
        return answer
    first = _findings(inquiry.instruments, answer)
    if _is_declined(first):
        return NoAnswer("refused", _words(answer))
    if first.distributions or answer.why:
        return replace(first, why=answer.why)
    bad = [(instrument, why) for instrument in inquiry.instruments if (why := _fault(first.readings[instrument.field]))]
    again = await gather(_again(inquiry, instrument, why, put) for instrument, why in bad)
    good = [result for result in again if result is not None]
    return InquiryResults(
        {**first.readings, **{name: reading for result in good for name, reading in result.readings.items()}},
        {
            **{name: raw for name, raw in first.raw.items() if not any(name in result.readings for result in good)},
            **{name: raw for result in good for name, raw in result.raw.items()},
        },
        {**first.methods, **{name: method for result in good for name, method in result.methods.items()}},
        {**first.words, **{name: words for result in good for name, words in result.words.items()}},
    )


async def _again(inquiry: Inquiry, instrument: Instrument, why: str, put: Put) -> InquiryResults | None:
    answer = await put(replace(inquiry, instruments=(instrument,), fault=f"{instrument.key}: {why}"))
    if isinstance(answer, NoAnswer):
        return None
    findings = _findings((instrument,), answer)
    return findings if isinstance(findings.readings[instrument.field], Value) else None


def _findings(instruments: Sequence[Instrument], answer: Answer) -> InquiryResults:
    readings = {instrument.field: instrument.read(answer.values) for instrument in instruments}
    written = {
        instrument.field: instrument.raw(answer.values, readings[instrument.field]) for instrument in instruments
    }
    return InquiryResults(
        readings,
        {name: raw for name, raw in written.items() if raw is not None},
        {
            instrument.field: answer.methods[instrument.key]
            for instrument in instruments
            if instrument.key in answer.methods
        },
        {
            instrument.field: answer.words[instrument.key]
            for instrument in instruments
            if instrument.key in answer.words
        },
        {
            instrument.field: answer.distributions[instrument.key]
            for instrument in instruments
            if instrument.key in answer.distributions
        },
    )


def _fault(reading: Reading) -> str:
    """Return what is wrong with a reading; a model that declined isn't asked again."""
    return reading.why if isinstance(reading, InvalidAnswer) and reading.why != DECLINED else ""


def _is_declined(findings: InquiryResults) -> bool:
    """Return whether a model declined in a field, and answered none."""
    readings = findings.readings.values()
    has_declined = any(isinstance(reading, InvalidAnswer) and reading.why == DECLINED for reading in readings)
    return has_declined and not any(isinstance(reading, Value) and reading.value is not None for reading in readings)


def _words(answer: Answer) -> str:
    return "; ".join(str(value) for value in answer.values.values() if value)


def _instruments(seed: int, query: PlannedQuery, person: str, sample: int) -> tuple[Instrument, ...]:
    return tuple(
        instrument(
            field,
            key=f"item_{number}",
            procedure="interview" if query.procedure == "interview" else "observe",
            options=options_shown(query, field, person=person, sample=sample, seed=seed),
        )
        for number, field in enumerate(query.fields, start=1)
    )
