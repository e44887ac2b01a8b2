"""People as a table of margins: each attribute, and how many have which value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.core.number_format import number
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.personas.edits import attributes_of
from tinytroupe_cli.plan.cast_members import CastMember

MAX_ATTRIBUTES: Final = 16
MAX_VALUES: Final = 12
MAX_CHARACTERS: Final = 60
"""Longer values are descriptions, not categories."""


def cast_margins(people: Sequence[CastMember]) -> list[tuple[str, str]]:
    """Return the attributes that can be counted, each with how the people are distributed over it, in cast order."""
    values: dict[str, list[JsonValue]] = {}
    for member in people:
        for name, value in attributes_of(member.persona):
            if name != "name":
                values.setdefault(name, []).append(value)
    found = [(_words(name), _margin(own, len(people))) for name, own in values.items()]
    return [(name, margin) for name, margin in found if margin][:MAX_ATTRIBUTES]


def _words(name: str) -> str:
    return name.replace("_", " ").replace(".", ", ")


def _margin(values: Sequence[JsonValue], people: int) -> str:
    """Return counts of each value, or the range of numbers; empty: there are too many to tell."""
    missing = people - len(values)
    rest = f"; not known: {missing}" if missing else ""
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    counts = Counter(label(value) for value in values)
    if len(numbers) == len(values) and len(counts) > MAX_VALUES // 2:
        low, middle, high = (number(value) for value in (min(numbers), median(numbers), max(numbers)))
        return f"from {low} to {high}, half of them below {middle}{rest}"
    if max(map(len, counts)) > MAX_CHARACTERS:
        return ""
    shown = [f"{name}: {count}" for name, count in counts.most_common(MAX_VALUES)]
    more = len(counts) - len(shown)
    return "; ".join([*shown, *([f"{more} other values"] if more else [])]) + rest
