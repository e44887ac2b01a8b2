"""Parses JSON text; positions of values are computed on demand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from tinytroupe_cli.core.diagnostics import Diagnostic, Span
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.language.text_places import MAX_VALUES, Path, Place, diagnose_at, span_between, too_many_values

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class JsonPlaces:
    """Positions of the values of a valid JSON text."""

    source: str
    text: str

    def find(self, path: Path) -> Place:
        """Return the position of the value at `path`, or of the last one on the way."""
        start = _skip(self.text, 0)
        key: tuple[int, int] | None = None
        for depth, part in enumerate(path):
            found = next((child for child in _children(self.text, start) if child.name == part), None)
            if found is None:
                return self._place(start, key, depth)
            start, key = found.start, found.key
        return self._place(start, key, len(path))

    def _place(self, start: int, key: tuple[int, int] | None, depth: int) -> Place:
        value = span_between(self.source, self.text, start, _end(self.text, start))
        return Place(value, span_between(self.source, self.text, *key) if key else None, depth)


@dataclass(frozen=True, slots=True)
class _Child:
    name: str | int
    key: tuple[int, int] | None
    start: int


def parse_json(text: str, source: str) -> tuple[Any, JsonPlaces]:
    """Parse JSON; raises `SpecError` with the position of an error."""
    repeats = False

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeats
        mapping = dict(items)
        repeats = repeats or len(mapping) < len(items)
        return mapping

    def constant(name: str) -> None:
        raise ValueError(f"{name} is not a JSON number")

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise SpecError([_trouble(error, text, source)]) from None
    except RecursionError:
        raise SpecError([diagnose_at(Span(source), text, "E103", "this is nested too deeply to be read")]) from None
    except ValueError as error:
        raise SpecError([diagnose_at(Span(source), text, "E101", f"this is not valid JSON: {error}")]) from None
    if _count(value) > MAX_VALUES or (repeats and text.count(",") > MAX_VALUES):
        raise SpecError([too_many_values(Span(source), text)])
    if repeats:
        raise SpecError(list(_repeats(text, source, _skip(text, 0))))
    return value, JsonPlaces(source, text)


def _count(value: Any) -> int:
    """Return the number of values and keys, or a number above the bound."""
    total, layer = 1, [value]
    while layer and total <= MAX_VALUES:
        lists = [cast("list[Any]", item) for item in layer if isinstance(item, list)]
        mappings = [cast("dict[str, Any]", item) for item in layer if isinstance(item, dict)]
        layer = [item for group in (*lists, *(mapping.values() for mapping in mappings)) for item in group]
        total += len(layer) + sum(map(len, mappings))
    return total


def _trouble(error: json.JSONDecodeError, text: str, source: str) -> Diagnostic:
    message = f"{error.msg[:1].lower()}{error.msg[1:]}"
    if not text.strip():
        message = "it is empty"
    at = min(error.pos, len(text.rstrip()))
    span = span_between(source, text, at, at + 1)
    return diagnose_at(span, text, "E101", f"this is not valid JSON: {message}")


def _repeats(text: str, source: str, start: int) -> Iterator[Diagnostic]:
    """Yield every key that is written twice in one object."""
    first: dict[str, tuple[int, int]] = {}
    for child in _children(text, start):
        if child.key and isinstance(child.name, str):
            if child.name in first:
                repeated, earlier = (span_between(source, text, *key) for key in (child.key, first[child.name]))
                message = f"'{child.name}' is written twice; first on line {earlier.line}"
                yield diagnose_at(repeated, text, "E102", message, also=(earlier,))
            first.setdefault(child.name, child.key)
        yield from _repeats(text, source, child.start)


def _children(text: str, start: int) -> Iterator[_Child]:
    """Yield the entries of the object or array that begins at `start`."""
    closing = {"{": "}", "[": "]"}.get(text[start : start + 1])
    if closing is None:
        return
    at, index = _skip(text, start + 1), 0
    while text[at] != closing:
        name, key = index, None
        if closing == "}":
            key = (at, _end(text, at))
            name = _DECODER.raw_decode(text, at)[0]
            at = _skip(text, _skip(text, key[1]) + 1)
        yield _Child(name, key, at)
        index += 1
        at = _skip(text, _end(text, at))
        at = _skip(text, at + 1) if text[at] == "," else at


def _end(text: str, start: int) -> int:
    return _DECODER.raw_decode(text, start)[1]


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
