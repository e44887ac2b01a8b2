"""Reads and sets a field of a persona by its dotted path, or explains why it can't be set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.personas.formats import is_name

NOT_A_NAME: Final = "a name must be one line of text"


def invalid_reason(fields: Mapping[str, JsonValue], dotted: str, value: JsonValue) -> str:
    """Return why a dotted path can't be set; empty if it can."""
    path = dotted.split(".")
    if not all(path):
        return f"`{dotted}` is not a path of keys"
    if path == ["name"] and not (isinstance(value, str) and is_name(value)):
        return NOT_A_NAME
    current: JsonValue = dict(fields)
    for depth, key in enumerate(path[:-1], start=1):
        current = current.get(key) if isinstance(current, dict) else None
        if current is not None and not isinstance(current, dict):
            kind = "a list" if isinstance(current, list) else "a single value"
            return f"`{'.'.join(path[:depth])}` is {kind}, so it has no field `{path[depth]}`"
    return ""


def available_fields(fields: Mapping[str, JsonValue], dotted: str) -> str:
    """Return what could be set instead; empty where there is nothing of the kind."""
    first = dotted.split(".", maxsplit=1)[0]
    return f"set `{first}` itself" if first in fields else ""


def replaced(fields: Mapping[str, JsonValue], path: Sequence[str], value: JsonValue) -> dict[str, JsonValue]:
    """Return the fields with one replaced; missing mappings on the way are created."""
    first, *rest = path
    if not rest:
        return {**fields, first: value}
    inner = fields.get(first)
    return {**fields, first: replaced(inner if isinstance(inner, dict) else {}, rest, value)}


def attributes_of(fields: Mapping[str, JsonValue], prefix: str = "") -> Iterator[tuple[str, JsonValue]]:
    """Yield the single values of a persona by their dotted names, in the order they were written."""
    for key, value in fields.items():
        if isinstance(value, dict):
            yield from attributes_of(value, f"{prefix}{key}.")
        elif value is not None and not isinstance(value, list):
            yield f"{prefix}{key}", value


def single_value(fields: Mapping[str, JsonValue], dotted: str) -> JsonValue:
    """Return the single value at a dotted path; None where there is none, or a mapping or a list."""
    current: JsonValue = dict(fields)
    for key in dotted.split("."):
        current = current.get(key) if isinstance(current, dict) else None
    return None if isinstance(current, dict | list) else current
