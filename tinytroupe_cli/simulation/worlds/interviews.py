"""Interviews: everyone alone with whoever asks them."""

from __future__ import annotations


def within_reach() -> tuple[str, ...]:
    """Return nobody."""
    return ()
