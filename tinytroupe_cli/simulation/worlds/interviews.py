"""Interviews: each person alone with an interviewer."""

from __future__ import annotations


def within_reach() -> tuple[str, ...]:
    """Return nobody."""
    return ()
