"""Reads answers: what a model wrote under a key -> a typed value, "not stated", or why it is no value.

Tolerant of form (case, "about $1,200", an option with a reason behind it), never of content: nothing is
clamped, rounded or guessed, and what could mean two things is unclear.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from tinytroupe_cli.language.said_lists import said_entries
from tinytroupe_cli.language.said_numbers import UNCLEAR, NumberRange, said_number
from tinytroupe_cli.language.said_options import said_options
from tinytroupe_cli.language.said_values import label, unwrapped
from tinytroupe_cli.models.declining import is_stock_refusal

NOT_STATED = "not stated"
MAX_NUMBER = 10**15
"""No answer is a larger number; beyond, floats lose whole units."""
MAX_RAW_CHARACTERS = 2_000
"""Letters kept of what was written."""
DECLINED = "the model declines"


@dataclass(frozen=True, slots=True)
class Value:
    """An answer that counts; None: not stated."""

    value: JsonValue


@dataclass(frozen=True, slots=True)
class InvalidAnswer:
    """An answer that breaks the field's own rule, and how."""

    why: str


Reading = Value | InvalidAnswer
Answers = Mapping[str, JsonValue]


def stated_answer(answers: Answers, key: str, *, lists: bool = False) -> JsonValue | InvalidAnswer:
    """Return what was answered under a key, taken out of any wrapper; None for every way to say "not stated"."""
    if key not in answers:
        return InvalidAnswer("no answer was given")
    value = unwrapped(answers[key], lists=not lists)
    if not isinstance(value, str):
        return value
    if is_stock_refusal(value):
        return InvalidAnswer(DECLINED)
    return None if is_not_stated(value) else value.strip()


def read_option(
    answer: JsonValue | InvalidAnswer, options: Sequence[JsonValue], *, is_ordered: bool = False
) -> Reading:
    """Find the option an answer means; of ordered ones also by its place, counted from 1."""
    match answer:
        case InvalidAnswer():
            return answer
        case None:
            written = [option for option in options if is_not_stated(label(option))]
            return Value(written[0] if written else None)
        case list() | dict():
            return InvalidAnswer("not one of the options")
        case _:
            return _option_in(label(answer), options, is_ordered=is_ordered)


def _option_in(words: str, options: Sequence[JsonValue], *, is_ordered: bool) -> Reading:
    labels = [label(option) for option in options]
    if all(re.fullmatch(r"-?\d+(\.\d+)?", option_label) for option_label in labels):
        number = said_number(words, NumberRange())
        places = [
            at for at, option_label in enumerate(labels) if isinstance(number, float) and float(option_label) == number
        ]
        is_unclear = number == UNCLEAR
    else:
        places = list(said_options(words, labels))
        is_unclear = len(places) > 1
    if (
        not places
        and is_ordered
        and re.fullmatch(r"\d{1,2}", words)
        and not any(re.search(r"\d", option_label) for option_label in labels)
    ):
        places = [int(words) - 1] if 1 <= int(words) <= len(labels) else []
    if len(places) == 1:
        return Value(options[places[0]])
    if is_unclear:
        return InvalidAnswer(f"{excerpt(words)} is unclear")
    return InvalidAnswer(f"{excerpt(words)} is not one of the options")


def read_number(
    answer: JsonValue | InvalidAnswer, asked: NumberRange, *, whole: bool, ends: Mapping[str, float] | None = None
) -> Reading:
    """Read a number within bounds; also by the words at an end of its scale."""
    match answer:
        case InvalidAnswer():
            return answer
        case None:
            return Value(None)
        case bool() | list() | dict():
            return InvalidAnswer("not a number")
        case str():
            number = _number_in(answer, asked, ends or {})
        case _:
            number = answer
    if number == UNCLEAR:
        return InvalidAnswer(f"{excerpt(answer)} is unclear")
    if not isinstance(number, int | float) or (isinstance(number, float) and not math.isfinite(number)):
        return InvalidAnswer(f"{excerpt(answer)} is not a number")
    return _within(number, excerpt(answer), asked, whole=whole)


def _within(number: float, written: str, asked: NumberRange, *, whole: bool) -> Reading:
    if abs(number) > MAX_NUMBER:
        return InvalidAnswer(f"{written} is too large a number")
    if whole and number != math.floor(number):
        return InvalidAnswer(f"{label(number)} is not a whole number")
    if asked.low is not None and number < asked.low:
        return InvalidAnswer(f"{label(number)} is below {label(asked.low)}")
    if asked.high is not None and number > asked.high:
        return InvalidAnswer(f"{label(number)} is above {label(asked.high)}")
    return Value(int(number) if number == math.floor(number) else number)


def _number_in(text: str, asked: NumberRange, ends: Mapping[str, float]) -> float | str | None:
    """Find the number in a text; a number at one end with the words of the other is unclear."""
    named = [ends[list(ends)[at]] for at in said_options(text, list(ends))] if ends else []
    number = said_number(text, asked)
    if number is None:
        return named[0] if len(named) == 1 else None
    without = re.sub(r"[\d\s().:,=/-]+", " ", text).strip().casefold()
    contrary = [end for words, end in ends.items() if words.casefold() == without and end != number]
    return UNCLEAR if contrary and number in ends.values() else number


def read_entries(entries: JsonValue | InvalidAnswer) -> Reading:
    """Read the entries of a list, or of a text that is clearly one; an empty list says there are none."""
    match entries:
        case InvalidAnswer():
            return entries
        case None:
            return Value(None)
        case str() as text if text.strip(" .!").casefold() in {"none", "nothing", "n/a", "none at all"}:
            return Value([])
        case str() as text:
            return _entries(list(said_entries(text) or [text]))
        case list():
            return _entries(entries)
        case _:
            return InvalidAnswer("not a list")


def _entries(entries: Sequence[JsonValue]) -> Reading:
    named = [_only_text(entry) for entry in entries]
    if any(isinstance(entry, list | dict) for entry in named):
        return InvalidAnswer("not a list of texts")
    words = [label(entry).strip() for entry in named if entry is not None]
    stated = [word for word in words if word and not is_not_stated(word)]
    if stated and all(is_stock_refusal(word) for word in stated):
        return InvalidAnswer(DECLINED)
    different: dict[str, str] = {}
    for word in stated:  # an entry that comes again says nothing more
        different.setdefault(word.casefold(), word)
    return Value([*different.values()] if stated or not entries else None)


def _only_text(entry: JsonValue) -> JsonValue:
    """Take an entry out of an object that holds nothing else: `{"idea": "a handle"}`."""
    if isinstance(entry, dict) and len(entry) == 1:
        return next(iter(entry.values()))
    return unwrapped(entry, lists=False)


def is_not_stated(text: str) -> bool:
    """Return whether a text is a way to say "not stated"."""
    return text.strip(" .\"'\n\t").casefold() in {NOT_STATED, ""}


def excerpt(value: JsonValue) -> str:
    """Return the beginning of what was written, in quotes."""
    text = label(value)
    return f"'{text if len(text) <= 60 else text[:59] + '…'}'"  # noqa: PLR2004 - enough to recognize it


def raw_of(answers: Answers, keys: Sequence[str], reading: Reading) -> JsonValue:
    """Return what was written under the keys, unless it is the value as it would be written; None: nothing to keep."""
    written = [answers[key] for key in keys if key in answers]
    if not written:
        return None
    whole: JsonValue = written[0] if len(written) == 1 else [*written]
    if isinstance(reading, Value) and _reads_as(reading.value, whole):
        return None
    return _short(whole)


def _reads_as(value: JsonValue, written: JsonValue) -> bool:
    if isinstance(value, list) and isinstance(written, list):
        return len(value) == len(written) and all(map(_reads_as, value, written))
    if value is None:
        return written is None or (isinstance(written, str) and is_not_stated(written))
    if isinstance(value, dict | list) or isinstance(written, dict | list | None):
        return value == written
    return label(value) == label(written).strip()


def _short(written: JsonValue) -> JsonValue:
    text = written if isinstance(written, str) else json.dumps(written, ensure_ascii=False)
    return written if len(text) <= MAX_RAW_CHARACTERS else f"{text[: MAX_RAW_CHARACTERS - 1]}…"
