"""Problems found in a document's values, and their positions in its text.

A check takes values and returns problems; the document is needed only to place them, once, at the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pydantic import JsonValue

from tinytroupe_cli.core.diagnostics import Diagnostic, Span, did_you_mean
from tinytroupe_cli.language.positions import Document, Path, diagnose
from tinytroupe_cli.language.said_values import label


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a value that is a text."""

    text: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class NearNames:
    """A hint for a name that is unknown: the nearest of the possible names, and which there are."""

    word: JsonValue
    names: Iterable[JsonValue]
    label: str
    most: int = 12
    otherwise: str = ""
    """The hint where there are no names."""
    then: str = ""
    """What else can be written."""

    def hint(self) -> str:
        """Return the hint as it is shown."""
        names = dict.fromkeys(map(label, self.names))
        return (did_you_mean(label(self.word), names, label=self.label, most=self.most) or self.otherwise) + self.then


@dataclass(frozen=True, slots=True)
class LocatedProblem:
    """What is wrong with a value, or with a part of it."""

    code: str
    message: str
    path: Path
    hint: str = ""
    key: bool = False
    is_error: bool = True
    part: Part | None = None


def placed(document: Document, problem: LocatedProblem) -> Diagnostic:
    """Return a problem with its position in the file."""
    whole = diagnose(
        document,
        problem.code,
        problem.message,
        problem.path,
        key=problem.key,
        hint=problem.hint,
        is_error=problem.is_error,
    )
    if problem.part is None:
        return whole
    span = inside(document.text, whole.span, problem.part.text, problem.part.offset, problem.part.length)
    return replace(whole, span=span, text=document.line(span))


def inside(source: str, scalar: Span, value: str, offset: int, length: int) -> Span:
    """Return the part of the file's text that a position in a scalar's value came from.

    Quotes, folds and indents do not change the order of words: the n-th occurrence of the part
    in the value is the n-th occurrence after the scalar's start. If that fails (escapes), the
    whole scalar is returned.
    """
    stretch = value[offset : offset + length].split("\n", maxsplit=1)[0].strip()
    lines = source.splitlines(keepends=True)
    if not stretch or not 0 < scalar.line <= len(lines):
        return scalar
    earlier = value[:offset].count(stretch)
    position = sum(len(line) for line in lines[: scalar.line - 1]) + scalar.column - 1
    end = _end(source, position, scalar.length, value)
    for _ in range(earlier + 1):
        position = source.find(stretch, position, end) + 1
        if not position:
            return scalar
    before = source[: position - 1]
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return Span(scalar.source, line, column, len(stretch))


def _end(source: str, start: int, length: int, value: str) -> int:
    """Return the latest possible end of a scalar; folds and indents may stretch it."""
    quote = source[start : start + 1]
    if quote in ("'", '"') and length > 1 and source[start + length - 1 : start + length] == quote:
        return start + length
    return start + 2 * len(value) + 20 * (value.count("\n") + len(value) // 40 + 1)
