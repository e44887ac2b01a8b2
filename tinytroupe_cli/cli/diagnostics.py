"""Draws a diagnostic: file:line:column, the line, a caret, the hint. Color never carries information alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from tinytroupe_cli.cli.terminal import printable
from tinytroupe_cli.core.diagnostics import Diagnostic, Span

if TYPE_CHECKING:
    from pydantic import JsonValue

WIDEST = 100
"""Width of the source excerpt around the caret."""


def draw_diagnostics(console: Console, diagnostics: Iterable[Diagnostic]) -> None:
    """Draw each diagnostic, separated by empty lines."""
    for number, diagnostic in enumerate(diagnostics):
        if number:
            console.print()
        console.print(render_diagnostic(diagnostic), soft_wrap=True)


def as_json(diagnostic: Diagnostic) -> dict[str, JsonValue]:
    """Return a diagnostic as plain data."""
    span: dict[str, JsonValue] = asdict(diagnostic.span)
    return {
        "code": diagnostic.code,
        "severity": "error" if diagnostic.is_error else "warning",
        "message": diagnostic.message,
        "file": span.pop("source"),
        **span,
        "text": diagnostic.text,
        "hint": diagnostic.hint,
        "also": [format_location(other) for other, _ in diagnostic.also],
    }


def format_location(span: Span) -> str:
    """Return a location in the form editors understand; only the file name if it has no line."""
    return f"{span.source}:{span.line}:{span.column}" if span.line else span.source


def render_diagnostic(diagnostic: Diagnostic) -> Text:
    """Return one diagnostic as drawn."""
    color = "red" if diagnostic.is_error else "yellow"
    kind = "" if diagnostic.is_error else "warning: "
    text = Text()
    text.append(printable(format_location(diagnostic.span)), style="bold")
    text.append("  ")
    text.append(diagnostic.code, style=f"bold {color}")
    text.append(f"  {kind}{printable(diagnostic.message)}")
    if diagnostic.text.strip():
        text.append_text(_excerpt(diagnostic.span, diagnostic.text, diagnostic.hint, color))
    elif diagnostic.hint:
        text.append(f"\n      {printable(diagnostic.hint)}")
    for span, line in diagnostic.also:
        text.append(f"\n  and {printable(format_location(span))}", style="bold")
        text.append_text(_excerpt(span, line, "", color))
    return text


def _excerpt(span: Span, line: str, hint: str, color: str) -> Text:
    """Return the line, and below it the caret followed by the hint."""
    number = str(span.line)
    before, shown, marked = _cut(line, span.column - 1, span.length)
    text = Text(f"\n {number:>4} | ", style="dim")
    text.append(shown, style="default")
    text.append(f"\n {'':>4} | ", style="dim")
    text.append(" " * before + "^" * marked, style=color)
    if hint:
        text.append(f"  {printable(hint)}", style="default")
    return text


def _cut(line: str, start: int, length: int) -> tuple[int, str, int]:
    """Return the cells before the caret, the visible part of the line, and how many cells to mark."""
    plain = printable(line.replace("\t", " ").rstrip())
    start = min(start, len(plain))
    first = max(0, start - WIDEST // 2) if _cells(plain) > WIDEST else 0
    shown = plain[first : first + WIDEST]
    lead = "…" if first else ""
    tail = "…" if first + WIDEST < len(plain) else ""
    marked = _cells(plain[start : start + length][: WIDEST - (start - first)])
    return _cells(lead + plain[first:start]), lead + shown + tail, max(marked, 1)


def _cells(text: str) -> int:
    """Return the width of a text in terminal cells."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
