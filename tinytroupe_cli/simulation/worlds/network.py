"""A network: people reach those they are tied to, wherever they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def within_reach(person: str, cast: Sequence[str], ties: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """Return the ids of those a person is tied to, in cast order."""
    own = ties.get(person, {})
    return tuple(other for other in cast if other in own)
