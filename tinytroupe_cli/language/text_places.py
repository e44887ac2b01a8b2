"""Positions in a text: lines, columns, and the position of each value."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from tinytroupe_cli.core.diagnostics import Diagnostic, Span

Path = tuple[str | int, ...]
"""Keys from the root of a document to a value: ("stimuli", 0, "say")."""


@dataclass(frozen=True, slots=True)
class Place:
    """The position of a value, and of its key if it has one."""

    value: Span
    key: Span | None
    depth: int
    """How many parts of the path were found; fewer than requested if the value does not exist."""


class Places(Protocol):
    """Finds the positions of the values of one text."""

    def find(self, path: Path) -> Place:
        """Return the position of the value at `path`, or of the last one on the way."""
        ...


MAX_VALUES = 100_000
"""Values in one file: texts, numbers, lists, mappings and their keys."""


@lru_cache(maxsize=4)
def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines of a text; those of the last few texts are kept, as a file can have many findings."""
    return tuple(text.splitlines())


def line_of(text: str, number: int) -> str:
    """Return a line by its number from 1; empty if there is none."""
    lines = lines_of(text)
    return lines[number - 1] if 0 < number <= len(lines) else ""


def span_between(source: str, text: str, start: int, end: int) -> Span:
    """Return the span of text[start:end], within one line."""
    before = text[:start].splitlines(keepends=True)
    at_beginning = not before or before[-1].splitlines() != [before[-1]]
    line = len(before) + 1 if at_beginning else len(before)
    column = 0 if at_beginning else len(before[-1])
    inside = text[start:end].splitlines()
    return Span(source, line, column + 1, max(len(inside[0]) if inside else 0, 1))


def diagnose_at(
    span: Span, text: str, code: str, message: str, *, hint: str = "", also: tuple[Span, ...] = ()
) -> Diagnostic:
    """Return a diagnostic about a span of a text."""
    others = tuple((other, line_of(text, other.line)) for other in also)
    return Diagnostic(code, message, span, line_of(text, span.line), hint, others)


def too_many_values(span: Span, text: str, *, hint: str = "put long tables of people in a CSV file") -> Diagnostic:
    """Return the error for a file with more than `MAX_VALUES` values."""
    return diagnose_at(span, text, "E103", f"this file has more than {MAX_VALUES:,} values", hint=hint)
