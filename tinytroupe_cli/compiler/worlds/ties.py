"""Resolves the ties of a network: who is tied to whom in each trial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.compiler.worlds.tie_files import Ends, ReadCsv, read_ties
from tinytroupe_cli.compiler.worlds.topology import NEEDS, TAKES, ImpossibleTopology, TopologyKey, generated
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.plan.tie_graph import components
from tinytroupe_cli.plan.types import CastMember, Tie
from tinytroupe_cli.spec.worlds import Topology, World

RELATIONS: Path = ("world", "relations")
TOPOLOGY: Path = ("world", "topology")
_KEYS: tuple[TopologyKey, ...] = ("degree", "rewire", "probability", "groups", "file")
MAX_NAMED = 8


@dataclass(frozen=True)
class PreparedTies:
    """Ties, independent of who takes part in a trial."""

    written: tuple[Ends, ...] = ()
    topology: Topology | None = None
    """The topology to generate; its keys fit its type."""
    warns_of_isolates: bool = False
    is_fixed: bool = False
    """Whether nobody can tie themselves to others."""

    def planned(
        self, people: Sequence[CastMember], *, seed: int, replicate: int, findings: Findings
    ) -> tuple[Tie, ...]:
        """Return the ties among the people of one trial, in cast order; named ties keep their names."""
        errors = findings.errors
        order = {member.id: index for index, member in enumerate(people)}
        names = dict.fromkeys(self._generated(people, seed, replicate, findings), "")
        for start, end, name in self.written:
            if start in order and end in order:
                first, second = sorted((start, end), key=order.__getitem__)
                names[first, second] = name
        pairs = sorted(names, key=lambda pair: (order[pair[0]], order[pair[1]]))
        ties = tuple(Tie(a=a, b=b, name=names[a, b]) for a, b in pairs)
        if self.warns_of_isolates and findings.errors == errors:
            _warn_of_isolates(people, ties, TOPOLOGY if self.topology else RELATIONS, findings)
        return ties

    def connected(self, people: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the connected components of a network whose ties are all written; empty where ties can be added."""
        if not self.is_fixed or self.topology is not None:
            return []
        around: dict[str, set[str]] = {person: set() for person in people}
        for person, other, _ in self.written:
            around[person].add(other)
            around[other].add(person)
        order = {person: place for place, person in enumerate(people)}
        parts = [tuple(sorted(part, key=order.__getitem__)) for part in components(around)]
        return sorted(parts, key=lambda part: order[part[0]])

    def _generated(
        self, people: Sequence[CastMember], seed: int, replicate: int, findings: Findings
    ) -> list[tuple[str, str]]:
        if self.topology is None:
            return []
        try:
            pairs = generated(self.topology, len(people), Stream(seed, replicate, "topology"))
        except ImpossibleTopology as error:
            findings.add("E393", error.message, (*TOPOLOGY, error.key), hint=error.hint)
            return []
        return [(people[a].id, people[b].id) for a, b in pairs]


def prepare_ties(world: World, roster: Roster, *, read: ReadCsv, findings: Findings) -> PreparedTies:
    """Resolve ties by name or file, and check whether the network can be generated."""
    errors = findings.errors
    _check_there_are_some(world, findings)
    written = _relations(world, roster, findings)
    topology = world.topology
    if topology is not None:
        _check_keys(topology, findings)
        if topology.type == "csv" and topology.file is not None:
            of_file = read_ties(topology.file, roster, (*TOPOLOGY, "file"), read=read, findings=findings)
            written = [*of_file, *written]
    is_generated = topology is not None and topology.type != "csv"
    is_right = findings.errors == errors and roster.is_complete
    return PreparedTies(
        written=tuple(written),
        topology=topology if is_generated and is_right else None,
        is_fixed=is_right and world.type == "network" and world.reach_out == "nobody",
        warns_of_isolates=is_right and world.type == "network" and world.reach_out != "anyone",
    )


def _check_there_are_some(world: World, findings: Findings) -> None:
    written: list[tuple[Path, object]] = [
        (RELATIONS, world.relations),
        (TOPOLOGY, world.topology),
        (("world", "reach_out"), None if world.reach_out == "nobody" else world.reach_out),
    ]
    if world.type != "network":
        for path, value in written:
            if value is not None:
                findings.add(
                    "E391",
                    f"ties have no effect in a world of type '{world.type}'",
                    path,
                    key=True,
                    hint="write type: network",
                )
    elif world.relations is None and world.topology is None and world.reach_out != "anyone":
        hint = "tie people: relations: [[lisa, oscar]], or topology: {type: small_world, degree: 4}"
        findings.add("E391", "nobody is tied to anybody in this network", ("world", "type"), hint=hint)


def _relations(world: World, roster: Roster, findings: Findings) -> list[Ends]:
    found: list[Ends] = []
    first: dict[frozenset[str], int] = {}
    for index, relation in enumerate(world.relations or ()):
        path = (*RELATIONS, index)
        ends = [_person(name, roster, (*path, end), findings) for end, name in enumerate(relation[:2])]
        if not all(ends):
            continue
        pair = frozenset(ends)
        if len(pair) == 1:
            findings.add("E392", f"{ends[0]} is tied to themselves", path, hint="a tie needs two different people")
        elif pair in first:
            hint = f"entry {first[pair] + 1} already ties them; ties have no direction"
            findings.add("E392", f"a second tie between {ends[0]} and {ends[1]}", path, hint=hint)
        else:
            first[pair] = index
            found.append((ends[0], ends[1], " ".join(relation[2].split()) if len(relation) > 2 else ""))  # noqa: PLR2004
    return found


def _person(name: str, roster: Roster, path: Path, findings: Findings) -> str:
    person = roster.find(name)
    if person is None and roster.is_complete:
        message, hint = roster.invalid_reason(name)
        findings.add("E320", message, path, hint=hint)
    return person or ""


def _check_keys(topology: Topology, findings: Findings) -> None:
    kind = topology.type
    given = [key for key in _KEYS if getattr(topology, key) is not None]
    takes = TAKES[kind]
    for key in given:
        if key not in takes:
            hint = f"it takes {' and '.join(takes)}" if takes else "it has no other keys"
            findings.add("E393", f"a {kind} topology has no '{key}'", (*TOPOLOGY, key), key=True, hint=hint)
    for key in NEEDS.get(kind, ()):
        if key not in given:
            findings.add("E393", f"a {kind} topology needs '{key}'", (*TOPOLOGY, "type"), hint=_example(key))
    if kind == "random" and ("degree" in given) == ("probability" in given):
        message = "a random topology needs either 'degree' or 'probability'"
        findings.add(
            "E393", message, (*TOPOLOGY, "type"), hint="for example, degree: 4 gives everyone 4 ties on average"
        )


def _example(key: TopologyKey) -> str:
    examples = {"degree": "degree: 4", "groups": "groups: 5", "file": "file: ties.csv"}
    return f"for example, {examples[key]}"


def _warn_of_isolates(people: Sequence[CastMember], ties: Sequence[Tie], path: Path, findings: Findings) -> None:
    tied = {person for tie in ties for person in (tie.a, tie.b)}
    loners = [member.id for member in people if member.id not in tied]
    if loners:
        shown = ", ".join(loners[:MAX_NAMED]) + (", …" if len(loners) > MAX_NAMED else "")
        who = f"{len(loners)} people have" if len(loners) > 1 else f"{loners[0]} has"
        hint = f"nobody can reach {shown}" if len(loners) > 1 else "nobody can reach them"
        findings.add("E395", f"{who} no ties", path, key=True, hint=hint, is_error=False)
