"""Reads a text file; failures become diagnostics with a position."""

from __future__ import annotations

from pathlib import Path

from tinytroupe_cli.core.diagnostics import Diagnostic, Span
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.language.text_places import diagnose_at, span_between


def read_text(path: Path, source: str) -> str:
    """Return a file's text; raises `SpecError` if it can't be opened or isn't UTF-8."""
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise SpecError([Diagnostic("E101", f"can't be read: {reason}", Span(source))]) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SpecError([_not_text(data, error.start, source)]) from error


def _not_text(data: bytes, at: int, source: str) -> Diagnostic:
    text = data.decode("utf-8-sig", errors="replace")
    start = len(data[:at].decode("utf-8-sig", errors="replace"))
    span = span_between(source, text, start, start + 1)
    return diagnose_at(span, text, "E101", "not UTF-8 text", hint="save the file as UTF-8")
