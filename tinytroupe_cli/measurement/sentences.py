"""Scales of a query that a small judge answers: it writes a sentence about each, and that is rated."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from pydantic import JsonValue

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.reading import NOT_STATED, is_not_stated
from tinytroupe_cli.measurement.coding import Rate
from tinytroupe_cli.measurement.inquiries import Inquiry
from tinytroupe_cli.measurement.instruments import Instrument
from tinytroupe_cli.measurement.question_texts import sentence_of
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.plan.types import PlannedField

ReadInquiry = Callable[[Inquiry], Awaitable[Answer | NoAnswer]]


async def read_with_sentences(inquiry: Inquiry, about: str, read: ReadInquiry, rate: Rate) -> Answer | NoAnswer:
    """Have a query answered with a sentence for each scale, and rate the sentences; `about` is a name, or empty."""
    fields = {field.name: field for field in inquiry.query.fields if type_of(field).is_rated}
    answer = await read(replace(inquiry, instruments=_swapped(inquiry.instruments, fields, about)))
    if isinstance(answer, NoAnswer):
        return answer
    values: dict[str, JsonValue] = dict(answer.values)
    found = Answer(values, dict(answer.raw))
    for instrument in inquiry.instruments:
        if instrument.field not in fields or instrument.key not in values:
            continue
        sentence = str(values[instrument.key] or "").strip()
        field = fields[instrument.field]
        is_told = bool(sentence) and not is_not_stated(sentence)
        value = await rate(sentence, field, inquiry.query.questions[inquiry.person]) if is_told else None
        values[instrument.key] = NOT_STATED if value is None else value
        found.methods[instrument.key] = "rated"
        found.words[instrument.key] = sentence
    return found


def _swapped(
    instruments: Sequence[Instrument], fields: Mapping[str, PlannedField], about: str
) -> tuple[Instrument, ...]:
    return tuple(
        sentence_of(instrument, fields[instrument.field], about) if instrument.field in fields else instrument
        for instrument in instruments
    )
