"""Formats an answer's value for people."""

from __future__ import annotations


def value_in_words(value: object) -> str:
    """Format a value: yes or no, a comma-separated list, a number in plain digits."""
    match value:
        case None:
            return "not stated"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(str, value)) or "none"  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType] - JSON
        case float():
            return f"{value:.15g}"
        case _:
            return str(value)
