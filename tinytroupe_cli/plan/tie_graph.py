"""Ties as a graph: who is tied to whom, and which people are connected at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tinytroupe_cli.plan.types import Tie


def neighbors(people: Iterable[str], ties: Iterable[Tie]) -> dict[str, dict[str, str]]:
    """Return person -> those they are tied to -> what the tie is called."""
    found: dict[str, dict[str, str]] = {person: {} for person in people}
    for tie in ties:
        found[tie.a][tie.b] = tie.name
        found[tie.b][tie.a] = tie.name
    return found


def components(around: Mapping[str, Iterable[str]]) -> list[set[str]]:
    """Return the groups of people between whom there is a way, largest first; a loner is one of their own."""
    left = dict.fromkeys(around)
    found: list[set[str]] = []
    while left:
        group: set[str] = set()
        open_ = [next(iter(left))]
        while open_:
            person = open_.pop()
            if person not in group:
                group.add(person)
                left.pop(person, None)
                open_.extend(around[person])
        found.append(group)
    return sorted(found, key=len, reverse=True)
