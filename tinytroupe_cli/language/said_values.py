"""Values as people and models write them: an option's label, and wrappers around a single value."""

from __future__ import annotations

from typing import Final

from pydantic import JsonValue

_WRAPPERS: Final = ("value", "answer", "response", "choice", "option", "rating", "score", "amount", "text", "name")


def label(value: JsonValue) -> str:
    """Return an option as it is shown."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.10g}"
        case _:
            return str(value)


def unwrapped(value: JsonValue, *, lists: bool = True) -> JsonValue:
    """Unwrap a value from a list of one or from an object: `{"value": 7, "unit": "USD"}`."""
    for _ in range(3):
        if isinstance(value, list) and lists and len(value) == 1:
            value = value[0]
        elif isinstance(value, dict):
            named = [name for name in _WRAPPERS if name in value]
            if len(named) != 1 and not (named and len(value) == 1):
                return value
            value = value[named[0]]
        else:
            return value
    return value


def is_same(first: JsonValue, second: JsonValue) -> bool:
    """Compare without regard to case; true is not 1."""
    if isinstance(first, str) and isinstance(second, str):
        return first.strip().casefold() == second.strip().casefold()
    return first == second and isinstance(first, bool) == isinstance(second, bool)


def on_one_line(value: JsonValue) -> str:
    """Return any value on one line; null is `none`."""
    match value:
        case None:
            return "none"
        case dict():
            return ", ".join(f"{name} {on_one_line(one)}" for name, one in value.items()) or "none"
        case list():
            return ", ".join(on_one_line(one) for one in value) or "none"
        case _:
            return label(value)
