"""Collects an experiment's errors and warnings, each with its position in the file."""

from __future__ import annotations

from dataclasses import replace

from tinytroupe_cli.core.diagnostics import Diagnostic, Span
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.language.expressions import ExpressionError
from tinytroupe_cli.language.positions import Document, Path, diagnose
from tinytroupe_cli.language.templates import TemplateError


class Findings:
    """Diagnostics of one document, in the order found; each is kept once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._found: dict[Diagnostic, None] = {}
        self._told: set[tuple[Path, str]] = set()
        self.read_as_template: set[Path] = set()
        """Places of texts that are filled in."""

    @property
    def document(self) -> Document:
        """Return the document."""
        return self._document

    @property
    def errors(self) -> int:
        """Return the number of errors."""
        return sum(finding.is_error for finding in self._found)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """Return the warnings."""
        return tuple(finding for finding in self._found if not finding.is_error)

    def add(
        self, code: str, message: str, path: Path, *, hint: str = "", key: bool = False, is_error: bool = True
    ) -> None:
        """Add a diagnostic about a whole value, or its key."""
        self._keep(diagnose(self._document, code, message, path, key=key, hint=hint, is_error=is_error))

    def add_inside(
        self,
        code: str,
        error: TemplateError | ExpressionError,
        path: Path,
        text: str,
        *,
        about: str = "",
        is_error: bool = True,
    ) -> None:
        """Add a diagnostic about part of a text; if it fails for many people (`about`), the first is named."""
        if (path, error.message) in self._told:
            return
        self._told.add((path, error.message))
        offset = error.column - 1 if isinstance(error, ExpressionError) else error.offset
        message = f"{error.message} ({about})" if about else error.message
        whole = diagnose(self._document, code, message, path, hint=error.hint, is_error=is_error)
        span = inside(self._document.text, whole.span, text, offset, error.length)
        self._keep(replace(whole, span=span, text=self._document.line(span)))

    def keep(self, *findings: Diagnostic) -> None:
        """Add diagnostics made elsewhere."""
        for finding in findings:
            self._keep(finding)

    def raise_errors(self) -> None:
        """Raise all diagnostics, including warnings, if there is an error."""
        if self.errors:
            raise SpecError(sorted(self._found, key=lambda finding: finding.span))

    def _keep(self, finding: Diagnostic) -> None:
        self._found.setdefault(finding)


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
