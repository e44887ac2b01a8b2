"""Formats an answer's value for people."""

from __future__ import annotations

from typing import Any, cast


def value_in_words(value: object) -> str:
    """Format a value: yes or no, a comma-separated list, a number in plain digits, a budget, best and worst options."""
    match value:
        case None:
            return "not stated"
        case bool():
            return "yes" if value else "no"
        case list():
            return _listed(cast("list[Any]", value))
        case dict():
            parts = cast("dict[str, Any]", value)
            return ", ".join(f"{name} {value_in_words(part)}" for name, part in parts.items())
        case float():
            return f"{value:.15g}"
        case _:
            return str(value)


def _listed(entries: list[Any]) -> str:
    if entries and all(isinstance(entry, dict) for entry in entries):
        return "; ".join(f"{one.get('best')} best, {one.get('worst')} worst" for one in entries)
    return ", ".join(map(str, entries)) or "none"
