"""Answers that have several numbered parts under keys of their own, such as one for each price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from tinytroupe_cli.fields.reading import Answers, InvalidAnswer, Reading, stated_answer
from tinytroupe_cli.language.said_values import label

Parts = Sequence[JsonValue | InvalidAnswer]
"""What was answered to each part; None: not stated."""


def part_keys(key: str, word: str, count: int) -> list[str]:
    """Return the keys of numbered parts: `item_1_price_1`."""
    return [f"{key}_{word}_{number}" for number in range(1, count + 1)]


def numbered(words: Sequence[str]) -> str:
    """List parts with their numbers, as in their keys: `1. 199 dollars; 2. 299 dollars`."""
    return "; ".join(f"{number}. {word}" for number, word in enumerate(words, start=1))


def stated_parts(answers: Answers, keys: Sequence[str], key: str, names: Sequence[str]) -> Parts | InvalidAnswer:
    """Return what was answered under each key or, where none is given, under the one key for all of them.

    There it may be a list in the order of the keys, or a mapping from each part's name.
    """
    if any(part in answers for part in keys) or key not in answers:
        return [stated_answer(answers, part) for part in keys]
    whole = stated_answer(answers, key, lists=True)
    match whole:
        case None:
            return [None] * len(keys)
        case list() if len(whole) == len(keys):
            return [stated_answer({key: entry}, key) for entry in whole]
        case dict():
            return _by_name(whole, names)
        case InvalidAnswer():
            return whole
        case _:
            return InvalidAnswer(f"it does not have {len(keys)} parts")


def first_invalid(readings: Sequence[Reading]) -> InvalidAnswer | None:
    """Return the first part that can't be read."""
    return next((reading for reading in readings if isinstance(reading, InvalidAnswer)), None)


def _by_name(whole: Mapping[str, JsonValue], names: Sequence[str]) -> Parts | InvalidAnswer:
    given = {label(name).strip().casefold(): value for name, value in whole.items()}
    if missing := [name for name in names if name.casefold() not in given]:
        return InvalidAnswer(f"it has nothing for {missing[0]}")
    return [stated_answer(given, name.casefold()) for name in names]
