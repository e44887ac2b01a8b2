"""Reads a text file; failures become diagnostics with a position."""

from __future__ import annotations

from pathlib import Path

from tinytroupe_cli.core.bounded_files import MAX_TEXT_BYTES, UnreadableFileError, decoded, read_bounded
from tinytroupe_cli.core.diagnostics import Diagnostic, Span
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.language.text_places import diagnose_at, span_between


def read_text(path: Path, source: str, *, code: str = "E101", most: int = MAX_TEXT_BYTES) -> str:
    """Return a file's text; raises `SpecError` (`code`) if it can't be opened, has too many bytes or isn't UTF-8."""
    try:
        data = read_bounded(path, most)
    except UnreadableFileError as error:
        raise SpecError([Diagnostic(code, f"this {error.message}", Span(source), hint=error.hint)]) from error
    try:
        return decoded(data)
    except UnicodeDecodeError as error:
        raise SpecError([_not_text(data, error.start, source, code)]) from error


def _not_text(data: bytes, at: int, source: str, code: str) -> Diagnostic:
    text = data.decode("utf-8-sig", errors="replace")
    start = len(data[:at].decode("utf-8-sig", errors="replace"))
    span = span_between(source, text, start, start + 1)
    return diagnose_at(span, text, code, "this is not UTF-8 text", hint="save the file as UTF-8")
