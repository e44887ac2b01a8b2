"""Reads a ranking: place by place, as one list ("A > B > C", "1. A 2. B"), or as options with their places."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from tinytroupe_cli.language.said_lists import said_entries
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.measurement.readings import Answers, InvalidAnswer, Reading, Value, read_option, said

_ARROWS = re.compile(r"\s*(?:>|→|->|;|\n)\s*")


def read_ranking(answers: Answers, places: Sequence[str], key: str, options: Sequence[JsonValue]) -> Reading:
    """Read a ranking of all options from its places or, where none is given, from the one key for all of them."""
    if any(place in answers for place in places) or key not in answers:
        return read_order([read_option(said(answers, place), options) for place in places], len(options))
    match said(answers, key, lists=True):
        case InvalidAnswer() as unusable:
            return unusable
        case None:
            return Value(None)
        case str() as text:
            entries: Sequence[JsonValue] = said_entries(text) or [one for one in _ARROWS.split(text) if one]
        case list() as entries:
            pass
        case dict() as by_option:
            entries = _by_place(by_option)
        case _:
            return InvalidAnswer("not a ranking")
    if len(entries) != len(options):
        return InvalidAnswer(f"it ranks {len(entries)} of {len(options)}")
    return read_order([read_option(entry, options) for entry in entries], len(options))


def _by_place(ranked: Mapping[str, JsonValue]) -> list[JsonValue]:
    """Put `{"A": 2, "B": 1}` or `{"1": "B", "2": "A"}` in order."""
    wanted = [str(number) for number in range(1, len(ranked) + 1)]
    by_value = {re.sub(r"\D", "", label(place)): name for name, place in ranked.items()}
    by_key = {re.sub(r"\D", "", name): option for name, option in ranked.items()}
    if by_value.keys() == set(wanted):
        return [by_value[place] for place in wanted]
    return [by_key[place] for place in wanted] if by_key.keys() == set(wanted) else []


def read_order(places: Sequence[Reading], count: int) -> Reading:
    """Read a ranking of `count` options from what was put in each place."""
    values: list[JsonValue] = []
    for place in places:
        if isinstance(place, InvalidAnswer):
            return place
        values.append(place.value)
    if all(value is None for value in values):
        return Value(None)
    if any(value is None for value in values):
        return InvalidAnswer("some places were left open")
    if len({label(value) for value in values}) < count:
        return InvalidAnswer("an option was put in two places")
    return Value(values)
