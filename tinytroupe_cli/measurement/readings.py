"""Reads answers: what a model wrote under a key -> a typed value, "not stated", or why it is no value.

Tolerant of form (case, "about $1,200", a number as text), never of content: nothing is
clamped, rounded or guessed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pydantic import JsonValue

NOT_STATED = "not stated"
MOST = 10**15
"""No answer is a larger number; beyond, floats lose whole units."""
ECHO = 0.85
"""Likeness, from 0 to 1, from which a text is a repetition of another."""


@dataclass(frozen=True, slots=True)
class Value:
    """An answer that counts; None: not stated."""

    value: JsonValue


@dataclass(frozen=True, slots=True)
class Unusable:
    """An answer that breaks the field's own rule, and how."""

    why: str


Reading = Value | Unusable
Answers = Mapping[str, JsonValue]


def label(value: JsonValue) -> str:
    """Write an option the way it is shown."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.10g}"
        case _:
            return str(value)


def said(answers: Answers, key: str) -> JsonValue | Unusable:
    """Return what was answered under a key; None for every way to say "not stated"."""
    if key not in answers:
        return Unusable("no answer was given")
    value = answers[key]
    if isinstance(value, str):
        return None if is_not_stated(value) else value.strip()
    return value


def read_option(answer: JsonValue | Unusable, options: Sequence[JsonValue]) -> Reading:
    """Find the option an answer means."""
    match answer:
        case Unusable():
            return answer
        case None:
            written = [option for option in options if is_not_stated(label(option))]
            return Value(written[0] if written else None)
        case list() | dict():
            return Unusable("not one of the options")
        case _:
            words = label(answer).casefold()
            chosen = [option for option in options if label(option).strip().casefold() == words]
            return Value(chosen[0]) if chosen else Unusable(f"{_excerpt(answer)} is not one of the options")


def read_number(answer: JsonValue | Unusable, low: float | None, high: float | None, *, whole: bool) -> Reading:
    """Read a number within bounds."""
    match answer:
        case Unusable():
            return answer
        case None:
            return Value(None)
        case bool() | list() | dict():
            return Unusable("not a number")
        case str():
            number = _number_in(answer)
        case _:
            number = answer
    if number is None or (isinstance(number, float) and not math.isfinite(number)):
        return Unusable(f"{_excerpt(answer)} is not a number")
    if abs(number) > MOST:
        return Unusable(f"{_excerpt(answer)} is too large a number")
    if whole and number != math.floor(number):
        return Unusable(f"{label(number)} is not a whole number")
    if low is not None and number < low:
        return Unusable(f"{label(number)} is below {label(low)}")
    if high is not None and number > high:
        return Unusable(f"{label(number)} is above {label(high)}")
    return Value(int(number) if number == math.floor(number) else number)


def _number_in(text: str) -> float | None:
    """Find the number in a text that holds exactly one: "about $1,200"."""
    found = re.findall(r"-?\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d{3}\b)", "", text))
    if len(found) != 1 or len(found[0]) > 300:  # noqa: PLR2004 - longer ones are infinite as floats
        return None
    return float(found[0])


def read_entries(entries: Sequence[JsonValue]) -> Reading:
    """Read the entries of a list; an empty list says there are none."""
    if any(isinstance(entry, list | dict) for entry in entries):
        return Unusable("not a list of texts")
    words = [label(entry).strip() for entry in entries if entry is not None]
    stated = [word for word in words if word and not is_not_stated(word)]
    return Value([*stated] if stated or not entries else None)


def is_echo(text: str, instruction: str) -> bool:
    """Say whether an answer only repeats how it was to be given, as small models do: "in my own words, briefly"."""
    return SequenceMatcher(None, text.strip(" .").casefold(), instruction.casefold()).ratio() > ECHO


def read_order(places: Sequence[Reading], count: int) -> Reading:
    """Read a ranking of `count` options from what was put in each place."""
    values: list[JsonValue] = []
    for place in places:
        if isinstance(place, Unusable):
            return place
        values.append(place.value)
    if all(value is None for value in values):
        return Value(None)
    if any(value is None for value in values):
        return Unusable("some places were left open")
    if len({label(value) for value in values}) < count:
        return Unusable("an option was put in two places")
    return Value(values)


def is_not_stated(text: str) -> bool:
    """Say whether a text is a way to say "not stated"."""
    return text.strip(" .\"'\n\t").casefold() in {NOT_STATED, ""}


def _excerpt(value: JsonValue) -> str:
    text = label(value)
    return f"'{text if len(text) <= 60 else text[:59] + '…'}'"  # noqa: PLR2004 - enough to recognise it
