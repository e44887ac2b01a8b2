"""A room: everyone reaches everyone who is in the same place."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def within_reach(person: str, cast: Sequence[str], place_of: Callable[[str], str]) -> tuple[str, ...]:
    """Return the ids of those a person can hear and speak to, in cast order."""
    here = place_of(person)
    return tuple(other for other in cast if other != person and place_of(other) == here)
