"""How each kind of field is asked, and how its answer is read.

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
from dataclasses import dataclass, replace
from typing import Final, Literal, assert_never

from pydantic import JsonValue

from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.language.said_numbers import Asked
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.measurement.rankings import read_ranking
from tinytroupe_cli.measurement.readings import (
    NOT_STATED,
    Answers,
    InvalidAnswer,
    Reading,
    Value,
    is_not_stated,
    raw_of,
    read_entries,
    read_number,
    read_option,
    said,
)
from tinytroupe_cli.minds.guards import is_echo
from tinytroupe_cli.models.port import AnswerSchema
from tinytroupe_cli.plan.types import PlannedField

MAX_POINTS = 21
"""A scale with more points than this is asked as a number, not as a choice of points."""
ECHOED = "it only repeats how to answer"

How = Literal["observe", "interview", "code"]
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
    """The options in the order shown, where that was shuffled."""
    key: str = ""
    """The key that stands for all of them."""

    def raw(self, answers: Answers, reading: Reading) -> JsonValue:
        """Return what was written, where that isn't the value that was read from it; else None."""
        keys = [key for key in self.keys if key in answers]
        return raw_of(answers, keys or [self.key], reading)


def instrument(field: PlannedField, *, key: str, how: How, stream: Stream) -> Instrument:
    """Make a field askable under a key; the stream shuffles its options."""
    return replace(_made(field, key, how, stream), key=key)


def _made(field: PlannedField, key: str, how: How, stream: Stream) -> Instrument:
    match field.kind:
        case "choice":
            return _choice(field, key, tuple(stream.shuffled(field.options)), is_shuffled=True)
        case "likert":
            return _choice(field, key, field.options, is_shuffled=False)
        case "scale":
            return _scale(field, key)
        case "number":
            return _number(field, key)
        case "yes_no":
            return _yes_no(field, key)
        case "text":
            return _text(field, key, how)
        case "list":
            return _list(field, key)
        case "rank":
            return _rank(field, key, tuple(stream.shuffled(field.options)))
        case _:
            assert_never(field.kind)


def answer_schema(instruments: Sequence[Instrument]) -> AnswerSchema:
    """Return the shape of the answer to all of them at once; its name gives nothing away."""
    properties = {key: schema for one in instruments for key, schema in one.keys.items()}
    names = Counter(one.field.casefold() for one in instruments)
    by_name = {one.field: one.key for one in instruments if names[one.field.casefold()] == 1}
    return AnswerSchema.flat(
        "answer",
        properties,
        as_written=True,
        aliases={**by_name, **{one.key: one.key for one in instruments}},
        bare=instruments[0].key if len(instruments) == 1 else "",
    )


def name_of(field: PlannedField) -> str:
    """Return what a field is called where it is asked."""
    return " ".join(field.name.replace("_", " ").split())


def quoted(words: Sequence[str]) -> str:
    """List words in quotes."""
    return ", ".join(f'"{word}"' for word in words)


def _choice(field: PlannedField, key: str, options: tuple[JsonValue, ...], *, is_shuffled: bool) -> Instrument:
    words = [label(option) for option in options]

    def read(answers: Answers) -> Reading:
        return read_option(said(answers, key), options, is_ordered=not is_shuffled)

    return Instrument(
        field=field.name,
        wording=f"{key} ({name_of(field)}): one of {quoted(words)}",
        keys={key: _one_of(words)},
        read=read,
        shown=options if is_shuffled else (),
    )


def _scale(field: PlannedField, key: str) -> Instrument:
    low, high = field.low if field.low is not None else 1, field.high if field.high is not None else 7
    is_whole = float(low).is_integer() and float(high).is_integer()
    is_short = is_whole and high - low < MAX_POINTS
    points = [str(point) for point in range(int(low), int(high) + 1)] if is_short else []
    schema: JsonValue = _one_of(points) if points else {"type": ["integer" if is_whole else "number", "null"]}
    ends = [f"{label(end)} ({words})" if words else label(end) for end, words in _ends(field, low, high)]

    def read(answers: Answers) -> Reading:
        asked = Asked(low, high)
        named = {words: end for end, words in _ends(field, low, high) if words}
        return read_number(said(answers, key), asked, whole=is_whole, ends=named)

    kind = "a whole number" if is_whole else "a number"
    return Instrument(field.name, f"{key} ({name_of(field)}): {kind} from {ends[0]} to {ends[1]}", {key: schema}, read)


def _number(field: PlannedField, key: str) -> Instrument:
    bounds = [
        f"at least {label(field.low)}" if field.low is not None else "",
        f"at most {label(field.high)}" if field.high is not None else "",
    ]
    between = " and ".join(bound for bound in bounds if bound)
    parts = ["a number", f"in {field.unit}" if field.unit else "", between]

    def read(answers: Answers) -> Reading:
        return read_number(said(answers, key), Asked(field.low, field.high, field.unit), whole=False)

    wording = f"{key} ({name_of(field)}): {', '.join(part for part in parts if part)}"
    return Instrument(field.name, wording, {key: {"type": ["number", "null"]}}, read)


def _yes_no(field: PlannedField, key: str) -> Instrument:
    def read(answers: Answers) -> Reading:
        return read_option(said(answers, key), (True, False))

    return Instrument(field.name, f"{key} ({name_of(field)}): yes or no", {key: _one_of(["yes", "no"])}, read)


def _text(field: PlannedField, key: str, how: How) -> Instrument:
    wanted = "in your own words, briefly" if how == "interview" else "in a few sentences at most"

    def read(answers: Answers) -> Reading:
        match said(answers, key):
            case InvalidAnswer() as unusable:
                return unusable
            case None:
                return Value(None)
            case str() as words:
                return InvalidAnswer(ECHOED) if is_echo(words, wanted) else Value(words)
            case bool() | int() | float() as value:
                return Value(label(value))
            case list() as parts if parts and all(isinstance(part, str) for part in parts):
                return Value("\n".join(map(str, parts)))
            case _:
                return InvalidAnswer("not a text")

    # A comma, not a colon: what stands behind a colon, small models take for the answer.
    return Instrument(field.name, f"{key} ({name_of(field)}), {wanted}", {key: TEXT}, read)


def _list(field: PlannedField, key: str) -> Instrument:
    wanted = "a list, one short entry each; an empty list if there are none"

    def read(answers: Answers) -> Reading:
        entries = said(answers, key, lists=True)
        return InvalidAnswer(ECHOED) if _are_echoes(entries, wanted) else read_entries(entries)

    schema: JsonValue = {"type": "array", "items": {"type": "string"}}
    return Instrument(field.name, f"{key} ({name_of(field)}): {wanted}", {key: schema}, read)


def _are_echoes(entries: JsonValue | InvalidAnswer, wanted: str) -> bool:
    """Return whether a list is how it was asked for, whole or in pieces: `["a list", "one short entry each"]`."""
    texts = entries if isinstance(entries, list) else [entries]
    pieces = [text.strip(" .").casefold() for text in texts if isinstance(text, str)]
    if not pieces or len(pieces) < len(texts):
        return False
    return all(" " in piece and piece in wanted for piece in pieces) or is_echo(", ".join(pieces), wanted)


def _rank(field: PlannedField, key: str, options: tuple[JsonValue, ...]) -> Instrument:
    """One key per place: an open list of options has no end that a schema could tell."""
    words = [label(option) for option in options]
    places = [f"{key}_place_{place}" for place in range(1, len(options) + 1)]

    def read(answers: Answers) -> Reading:
        return read_ranking(answers, places, key, options)

    return Instrument(
        field=field.name,
        wording=f"{places[0]} to {places[-1]} ({name_of(field)}): put in order, "
        f"the first place first, each exactly once: {quoted(words)}",
        keys={place: _one_of(words) for place in places},
        read=read,
        shown=options,
    )


def _one_of(words: Sequence[str]) -> dict[str, JsonValue]:
    extra = [] if any(is_not_stated(word) for word in words) else [NOT_STATED]
    return {"type": "string", "enum": [*words, *extra]}


def _ends(field: PlannedField, low: float, high: float) -> tuple[tuple[float, str], tuple[float, str]]:
    return (low, field.low_label), (high, field.high_label)
