"""Puts fields as questions: what a mind sees of each, and how its answer is read (`fields/` has the types).

A mind sees the question's text and, for each field, one line of wording under a neutral key
(`item_1`). A field has no wording of its own, so its name, with spaces for underscores, is
its label: `would_pay` is asked as "would pay". It is the only name of the user's that is
shown; queries, conditions and factors are not.

Every field can be answered "not stated", which is the value null. An answer of the right
shape that breaks the field's own rule (out of range, an option that isn't there, a ranking
with a repeat) is no value: the parser says why, and the field is recorded as failed.

The schema is a subset every provider takes: flat, everything required, enums; bounds are in
the wording and checked here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.fields.field_type import AnswerProcedure, Shape
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.reading import Answers, InvalidAnswer, Reading, Value, raw_of
from tinytroupe_cli.minds.guards import is_echo
from tinytroupe_cli.models.port import AnswerSchema
from tinytroupe_cli.plan.types import PlannedField

ECHOED = "it only repeats how to answer"
TEXT: Final[JsonValue] = {"type": "string"}
"""The shape of an answer in words."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A field, ready to be asked once."""

    field: str
    wording: str
    keys: dict[str, JsonValue]
    """Key of the answer -> its JSON Schema."""
    read: Callable[[Answers], Reading]
    shown: tuple[JsonValue, ...] = ()
    """The options, or the ends of a scale, in the order shown; empty: the field has none."""
    key: str = ""
    """The key that stands for all of them."""
    keyed: Callable[[JsonValue], JsonValue] = lambda value: value
    """Turns a value into what its keys would hold in exact form."""

    def raw(self, answers: Answers, reading: Reading) -> JsonValue:
        """Return what was written, where that isn't the value that was read from it; else None."""
        keys = [key for key in self.keys if key in answers]
        if keys and isinstance(reading, Value) and reading.value is not None:
            reading = Value(self.keyed(reading.value))
        return raw_of(answers, keys or [self.key], reading)


def instrument(
    field: PlannedField, *, key: str, procedure: AnswerProcedure, options: Sequence[JsonValue] | None = None
) -> Instrument:
    """Make a field askable under a key; `options`: its options or its scale's ends as shown, default as written."""
    kind = type_of(field)
    options = tuple(kind.listing(field) if options is None else options)
    request = kind.request(field, options, procedure)
    keys = kind.keys(field, key, options)
    named = key if key in keys else f"{next(iter(keys))} to {next(reversed(keys))}"

    def read(answers: Answers) -> Reading:
        reading = kind.read(field, answers, key, options)
        return InvalidAnswer(ECHOED) if _is_echo(reading, kind.shape, request) else reading

    return Instrument(
        field=field.name,
        wording=f"{named} ({name_of(field)}){kind.separator} {request}",
        keys=keys,
        read=read,
        shown=options if kind.ordering else (),
        key=key,
        keyed=lambda value: kind.as_keyed(field, value, options),
    )


def answer_schema(instruments: Sequence[Instrument]) -> AnswerSchema:
    """Return the shape of the answer to all of them at once; its name gives nothing away."""
    properties = {key: schema for instrument in instruments for key, schema in instrument.keys.items()}
    names = Counter(instrument.field.casefold() for instrument in instruments)
    by_name = {
        instrument.field: instrument.key for instrument in instruments if names[instrument.field.casefold()] == 1
    }
    return AnswerSchema.flat(
        "answer",
        properties,
        as_written=True,
        aliases={**by_name, **{instrument.key: instrument.key for instrument in instruments}},
        bare=instruments[0].key if len(instruments) == 1 else "",
    )


def name_of(field: PlannedField) -> str:
    """Return what a field is called where it is asked."""
    return " ".join(field.name.replace("_", " ").split())


def _is_echo(reading: Reading, shape: Shape, request: str) -> bool:
    """Return whether words are how they were asked for, whole or in pieces: `["a list", "one short entry each"]`."""
    if shape not in ("words", "entries") or not isinstance(reading, Value):
        return False
    texts = reading.value if isinstance(reading.value, list) else [reading.value]
    pieces = [text.strip(" .").casefold() for text in texts if isinstance(text, str)]
    if not pieces:
        return False
    if shape == "entries" and all(" " in piece and piece in request for piece in pieces):
        return True
    return is_echo(", ".join(pieces), request)
