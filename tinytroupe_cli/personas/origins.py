"""Records where each value of a person was written, so that a conflict can name both lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from tinytroupe_cli.core.diagnostics import Span
from tinytroupe_cli.language.positions import Document

KeyPath = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """A place in a file; line and column are computed on demand."""

    document: Document
    path: tuple[str | int, ...]

    def place(self) -> tuple[Span, str]:
        """Return the position and the line of text there."""
        span = self.document.span(self.path)
        return span, self.document.line(span)


Origins = Mapping[KeyPath, Origin]
"""Path of keys inside a person -> where that value was written. List items have no origin of their own."""


def origins_of(value: JsonValue, document: Document, base: tuple[str | int, ...], at: KeyPath = ()) -> Origins:
    """Return the origin of every value in a mapping written at `base` of the document."""
    found: dict[KeyPath, Origin] = {at: Origin(document, base)}
    if isinstance(value, dict):
        for key, part in value.items():
            found.update(origins_of(part, document, (*base, key), (*at, key)))
    return found


def origin_at(origins: Origins, path: KeyPath) -> Origin:
    """Return where a value was written, or the nearest enclosing value."""
    for end in range(len(path), -1, -1):
        if path[:end] in origins:
            return origins[path[:end]]
    raise KeyError(path)


def without(origins: Origins, path: KeyPath) -> Origins:
    """Return the origins that are neither at nor under a path."""
    return {key: origin for key, origin in origins.items() if key[: len(path)] != path}
