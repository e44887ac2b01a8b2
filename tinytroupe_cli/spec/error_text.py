"""How the language's errors name what was found and what is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_MAX_CHARACTERS = 30


def describe(value: Any) -> str:
    """Return what was found, as a person would."""
    match value:
        case float() if not value.is_integer():
            return f"{value} is not whole"
        case None:
            return "it is empty"
        case bool():
            return f"'{str(value).lower()}' is a truth value"
        case int() | float():
            return f"{shortened(value)} is a number"
        case str():
            return f"'{shortened(value)}' is text"
        case list() | tuple():
            return "it is a list"
        case _:
            return "it is a mapping"


def shortened(value: Any) -> str:
    """Return a value as one short line."""
    text = " ".join(str(value).split())
    return text if len(text) <= _MAX_CHARACTERS else f"{text[: _MAX_CHARACTERS - 1]}…"


def either(words: Sequence[str]) -> str:
    """Write `a, b or c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def entries(number: int) -> str:
    """Write `1 entry`, `2 entries`."""
    return f"{number} entry" if number == 1 else f"{number} entries"


def as_hint(sentence: str) -> str:
    """Make a field's docstring the tail of a hint."""
    return f"{sentence[:1].lower()}{sentence[1:].removesuffix('.')}"
