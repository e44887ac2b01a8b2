"""A network: people reach those they are tied to; where there are places, only those in the same one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence


def within_reach(
    person: str, cast: Sequence[str], ties: Mapping[str, Mapping[str, str]], place: Callable[[str], str]
) -> tuple[str, ...]:
    """Return the ids of those a person is tied to and not parted from by place, in cast order."""
    own, here = ties.get(person, {}), place(person)
    return tuple(other for other in cast if other in own and place(other) == here)
