"""Generates networks: number of people and random stream -> who is tied to whom.

People are numbers here, in cast order; networkx is imported when a network is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from itertools import combinations
from math import ceil, isqrt
from typing import Any, Literal

from tinytroupe_cli.core.number_format import count
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.spec.worlds import Topology

Pair = tuple[int, int]
TopologyKey = Literal["type", "degree", "rewire", "probability", "groups", "file"]

TAKES: Mapping[str, tuple[TopologyKey, ...]] = {
    "small_world": ("degree", "rewire"),
    "scale_free": ("degree",),
    "random": ("degree", "probability"),
    "ring": ("degree",),
    "grid": (),
    "groups": ("groups", "probability", "rewire"),
    "csv": ("file",),
}
"""Type -> its keys."""
NEEDS: Mapping[str, tuple[TopologyKey, ...]] = {
    "small_world": ("degree",),
    "scale_free": ("degree",),
    "groups": ("groups",),
    "csv": ("file",),
}
_REWIRED = 0.1
_RING_DEGREE = 2


class ImpossibleTopology(Exception):
    """This kind of network can't be made for this number of people; `key` is the reason."""

    def __init__(self, key: TopologyKey, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.key: TopologyKey = key
        self.message = message
        self.hint = hint


def generated(topology: Topology, people: int, stream: Stream) -> list[Pair]:
    """Return the ties between people 0, 1, …, each pair in order, sorted; raises ImpossibleTopology."""
    if people < 2:  # noqa: PLR2004 - a tie has two ends
        raise ImpossibleTopology("type", f"{people} person can't be tied to anybody")
    match topology.type:
        case "small_world":
            pairs = _small_world(topology, people, stream)
        case "scale_free":
            pairs = _scale_free(topology, people, stream)
        case "random":
            pairs = _random(topology, people, stream)
        case "ring":
            pairs = _ring(_degree(topology, people, "ring"), people)
        case "grid":
            pairs = _grid(people)
        case "groups":
            pairs = _groups(topology, people, stream)
        case "csv":
            pairs: list[Pair] = []  # compiler/worlds/tie_files.py reads them
    return sorted({(min(pair), max(pair)) for pair in pairs})


def _small_world(topology: Topology, people: int, stream: Stream) -> list[Pair]:
    """Watts and Strogatz 1998: a ring of neighbors, with some ties rewired at random."""
    degree = _degree(topology, people, "small_world")
    rewire = _REWIRED if topology.rewire is None else topology.rewire
    return _of_networkx("watts_strogatz_graph", people, degree, rewire, stream=stream)


def _scale_free(topology: Topology, people: int, stream: Stream) -> list[Pair]:
    """Barabási and Albert 1999: preferential attachment to people with many ties."""
    degree = _degree(topology, people, "scale_free")
    return _of_networkx("barabasi_albert_graph", people, degree // 2, stream=stream)


def _random(topology: Topology, people: int, stream: Stream) -> list[Pair]:
    """Erdős and Rényi 1959: a fixed number of random ties, or each with the same probability."""
    if topology.probability is not None:
        return _of_networkx("gnp_random_graph", people, topology.probability, stream=stream)
    degree = topology.degree or 1
    if degree >= people:
        raise _too_many(degree, people)
    return _of_networkx("gnm_random_graph", people, round(people * degree / 2), stream=stream)


def _ring(degree: int, people: int) -> list[Pair]:
    return [(person, (person + step) % people) for person in range(people) for step in range(1, degree // 2 + 1)]


def _grid(people: int) -> list[Pair]:
    """Arrange people in rows, as square as possible; the last row may be shorter."""
    wide = ceil(people / isqrt(people))
    right = [(person, person + 1) for person in range(people - 1) if (person + 1) % wide]
    below = [(person, person + wide) for person in range(people - wide)]
    return right + below


def _groups(topology: Topology, people: int, stream: Stream) -> list[Pair]:
    """Watts 1999, relaxed caves: tight groups, with some ties rewired to other groups."""
    groups = topology.groups or 1
    if groups > people:
        raise ImpossibleTopology("groups", f"{count(people, 'person', 'people')} can't fill {count(groups, 'group')}")
    group = [person * groups // people for person in range(people)]
    chance = 1 if topology.probability is None else topology.probability
    rewire = topology.rewire or 0
    tied: set[Pair] = {
        (a, b)
        for a, b in combinations(range(people), 2)
        if group[a] == group[b] and (chance == 1 or stream.fraction() < chance)
    }
    for a, b in sorted(tied):
        strangers = [person for person in range(people) if group[person] != group[a]]
        if rewire and strangers and stream.fraction() < rewire:
            chosen = strangers[stream.integer(len(strangers))]
            pair = (min(a, chosen), max(a, chosen))
            if pair not in tied:
                tied.remove((a, b))
                tied.add(pair)
    return list(tied)


def _degree(topology: Topology, people: int, kind: str) -> int:
    """Return an even number of ties per person, as these kinds are built from both sides of a person."""
    degree = topology.degree or _RING_DEGREE
    if degree >= people:
        raise _too_many(degree, people)
    if degree % 2:
        even = f"{degree - 1} or {degree + 1}" if degree > 1 else "2"
        raise ImpossibleTopology("degree", f"the degree of a {kind} network must be even", f"write {even}")
    return degree


def _too_many(degree: int, people: int) -> ImpossibleTopology:
    hint = f"the maximum is {people - 1}: everyone tied to everyone"
    return ImpossibleTopology(
        "degree", f"{count(people, 'person', 'people')} can't have {count(degree, 'tie')} each", hint
    )


def _of_networkx(kind: str, *arguments: float, stream: Stream) -> list[Pair]:
    """Return the edges of one of networkx's random graphs; importing it takes a third of a second."""
    networkx: Any = import_module("networkx")
    graph = getattr(networkx, kind)(*arguments, seed=stream.integer())
    return [(a, b) for a, b in graph.edges()]
