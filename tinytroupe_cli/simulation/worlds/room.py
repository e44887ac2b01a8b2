"""A room: everyone reaches everyone who is in the same place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def within_reach(person: str, cast: Sequence[str], places: Mapping[str, str]) -> tuple[str, ...]:
    """Return the ids of those a person can hear and speak to, in cast order."""
    return tuple(other for other in cast if other != person and places[other] == places[person])
