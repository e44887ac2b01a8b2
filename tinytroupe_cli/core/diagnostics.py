"""Describes an error in a file: where, what, and how to fix it.

Independent of colors and terminals; `cli/diagnostics.py` draws diagnostics.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Part of one line in a named source; lines and columns count from 1."""

    source: str
    """Its display name: a path as given, or `--set a.b`."""
    line: int = 1
    column: int = 1
    length: int = 1
    """Characters to underline; at least 1."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One error or warning. `code` is stable; `troupe explain CODE` explains it."""

    code: str
    message: str
    span: Span
    text: str = ""
    """The source line of the span, without its line end."""
    hint: str = ""
    also: tuple[tuple[Span, str], ...] = ()
    """Related places, each with its line of text."""
    is_error: bool = True
    """False for a warning: the file still loads."""


def nearest(word: str, candidates: Iterable[str], *, most: int = 1) -> list[str]:
    """Return the candidates most similar to `word`, best first; empty if none is similar.

    difflib, not rapidfuzz: 27 of 30 misspelt keys to 27-29, "sya" missed by the best, and typer loads difflib anyway.
    """
    by_lower = {candidate.lower(): candidate for candidate in candidates}
    found = difflib.get_close_matches(word.lower(), list(by_lower), n=most, cutoff=0.6)
    return [by_lower[name] for name in found]


def meant_keys(written: Iterable[str], known: Collection[str]) -> set[str]:
    """Return the known keys that misspelled ones stand for; an error that one of them is missing would say it twice."""
    return {name for key in written if key not in known for name in nearest(key, known)}


def _numbers_first(name: str) -> tuple[float, str]:
    """Return a key that sorts numbers by value, before all words."""
    is_number = re.fullmatch(r"-?\d+(\.\d+)?", name) is not None
    return (float(name) if is_number else math.inf, name)


def did_you_mean(word: str, candidates: Iterable[str], *, label: str, most: int = 12) -> str:
    """Return the usual hint: the nearest name if there is one, then the valid names."""
    names = sorted(candidates, key=_numbers_first)
    closest = nearest(word, names)
    start = f"did you mean '{closest[0]}'?  " if closest else ""
    if not names:
        return start.strip()
    shown = ", ".join(names[:most]) + (", …" if len(names) > most else "")
    return f"{start}{label}: {shown}"
