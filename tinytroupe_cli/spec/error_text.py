"""How the language's errors name what was found and what is expected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_MAX_CHARACTERS = 30


def describe(value: Any, subject: str = "it") -> str:
    """Return what was found, as a clause: `5 is a number`, `it is a list`."""
    match value:
        case None:
            return f"{subject} is empty"
        case bool():
            return f"'{str(value).lower()}' is a truth value"
        case int() | float():
            return f"{shortened(value)} is a number"
        case str():
            return f"'{shortened(value)}' is text"
        case list() | tuple():
            return f"{subject} is a list"
        case _:
            return f"{subject} is a mapping"


def got(value: Any) -> str:
    """Return what was found instead of what is expected, as the end of a sentence: `, got the number 5`."""
    match value:
        case None:
            return ", but it is empty"
        case bool():
            return f", got {str(value).lower()}"
        case float() if not value.is_integer():
            return f", got {value}"
        case int() | float():
            return f", got the number {shortened(value)}"
        case str():
            return f", got the text '{shortened(value)}'"
        case list() | tuple():
            return ", got a list"
        case _:
            return ", got a mapping"


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
    line = " ".join(sentence.split())
    return f"{line[:1].lower()}{line[1:].removesuffix('.')}"
