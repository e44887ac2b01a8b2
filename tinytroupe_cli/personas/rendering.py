"""Renders a persona as compact text, for a prompt or a card: headed lines, no JSON, nothing lost.

Handles the common shapes of personas; independent of the reader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pydantic import JsonValue

INDENT: Final = "  "
LABELS: Final = {"occupation": "Work", "long_term_goals": "Long-term goals"}


@dataclass(frozen=True, slots=True)
class PersonaLine:
    """One headed line of a portrait. `text` may contain line ends, as its author wrote them."""

    level: int
    head: str
    """`Age:`, `- Dana:` or `-`."""
    text: str = ""

    def __str__(self) -> str:
        return INDENT * self.level + " ".join(part for part in (self.head, self.text) if part)


def render_persona(persona: Mapping[str, JsonValue]) -> str:
    """Render a person as neutral facts, in the order written."""
    return "\n".join(str(line) for line in persona_lines(persona))


def persona_lines(fields: Mapping[str, JsonValue], level: int = 0) -> list[PersonaLine]:
    """Return the lines of a portrait. Nulls and empty lists are left out."""
    return [line for key, value in fields.items() if not is_empty(value) for line in _entry(key, value, level)]


def one_line(value: JsonValue) -> str:
    """Return any value as text on one line, for tables."""
    match value:
        case {"title": str(title), "organization": str(where)} if title and where:
            return one_line(f"{title}, {where}")
        case {"title": str(title)} if title:
            return one_line(title)
        case dict():
            return "; ".join(f"{key}: {one_line(part)}" for key, part in value.items() if not is_empty(part))
        case list():
            return "; ".join(one_line(part) for part in value)
        case _:
            return " ".join(_text(value).split())


def is_empty(value: JsonValue) -> bool:
    """Return whether a value is null or empty at every level. `0` and `no` are not empty."""
    match value:
        case None | "":
            return True
        case dict():
            return all(is_empty(part) for part in value.values())
        case list():
            return all(is_empty(part) for part in value)
        case _:
            return False


def _entry(key: str, value: JsonValue, level: int) -> list[PersonaLine]:
    head = f"{_label(key)}:"
    match value:
        case {"title": str(title), **rest} if key == "occupation" and title:
            return [PersonaLine(level, head, _work(value)), *persona_lines(_beyond_work(rest), level + 1)]
        case dict():
            return [PersonaLine(level, head), *persona_lines(value, level + 1)]
        case list() if _reads_as_a_line(value):
            return [PersonaLine(level, head, _joined([_text(item) for item in value if not is_empty(item)]))]
        case list():
            return [PersonaLine(level, head), *_items(value, level + 1)]
        case _:
            return [PersonaLine(level, head, _text(value))]


def _items(items: Sequence[JsonValue], level: int) -> list[PersonaLine]:
    return [line for item in items if not is_empty(item) for line in _item(item, level)]


def _item(item: JsonValue, level: int) -> list[PersonaLine]:
    match item:
        case dict():
            return _named(item, level) or _dashed(persona_lines(item, level + 1), level)
        case list():
            return _dashed(_items(item, level + 1), level)
        case _:
            return [PersonaLine(level, "-", _text(item))]


def _named(item: Mapping[str, JsonValue], level: int) -> list[PersonaLine]:
    """Render `{name: Dana, description: her flatmate}` as `Dana: her flatmate`; TinyTroupe also writes `Name`."""
    match {key.lower(): value for key, value in item.items()}:
        case {"name": str(name), "description": str(about), **rest} if name and about and not rest:
            return [PersonaLine(level, f"- {name}:", about)]
        case _:
            return []


def _dashed(lines: list[PersonaLine], level: int) -> list[PersonaLine]:
    """Prefix the first of several related lines with a dash."""
    first, *rest = lines
    return [replace(first, level=level, head=f"- {first.head}"), *rest]


def _work(occupation: Mapping[str, JsonValue]) -> str:
    title, place, about = (occupation.get(key) for key in ("title", "organization", "description"))
    words = _text(title)
    if isinstance(place, str) and place:
        words += f", {place}"
    if isinstance(about, str) and about:
        words += f". {about}"
    return words


def _beyond_work(rest: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    rendered = ("organization", "description")
    return {key: value for key, value in rest.items() if key not in rendered or not isinstance(value, str)}


def _reads_as_a_line(items: Sequence[JsonValue]) -> bool:
    return not any(isinstance(item, (dict, list)) or (isinstance(item, str) and "\n" in item) for item in items)


def _joined(items: Sequence[str]) -> str:
    """Join with `; `, or with a space after the end of a sentence."""
    pieces = [f"{item} " if item.rstrip().endswith((".", "!", "?", "…")) else f"{item}; " for item in items[:-1]]
    return "".join([*pieces, *items[-1:]])


def _label(key: str) -> str:
    words = LABELS.get(key) or key.replace("_", " ")
    return words[:1].upper() + words[1:]


def _text(value: JsonValue) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)
