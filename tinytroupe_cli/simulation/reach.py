"""Who is within reach of a person: nobody in an interview, the same place in a room, ties in a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence


def in_room(person: str, cast: Sequence[str], place_of: Callable[[str], str]) -> tuple[str, ...]:
    """Return the ids of those a person can hear and speak to, in cast order."""
    place = place_of(person)
    return tuple(other for other in cast if other != person and place_of(other) == place)


def in_network(
    person: str, cast: Sequence[str], ties: Mapping[str, Mapping[str, str]], place_of: Callable[[str], str]
) -> tuple[str, ...]:
    """Return the ids of those a person is tied to and not parted from by place, in cast order."""
    own, place = ties.get(person, {}), place_of(person)
    return tuple(other for other in cast if other in own and place_of(other) == place)
