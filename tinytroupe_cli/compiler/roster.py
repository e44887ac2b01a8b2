"""Looks up people of the cast by id, file or full name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tinytroupe_cli.core.diagnostics import nearest
from tinytroupe_cli.plan.types import CastMember, PlannedPopulation

EVERYONE: Final = "everyone"
MAX_SHOWN: Final = 8
"""People listed in a hint."""
RESERVED: Final = frozenset({EVERYONE, "nobody", "world", "each person", "x"})
"""Reserved words that can't be a person's name."""


@dataclass(frozen=True)
class Roster:
    """The people of an experiment, in cast order."""

    members: tuple[CastMember, ...]
    aliases: Mapping[str, frozenset[str]]
    """Lower-case name -> ids of people with that name."""
    is_complete: bool = True
    """False if a person's file could not be used: then an unknown name may be theirs."""
    populations: tuple[PlannedPopulation, ...] = ()
    """The populations some of them were sampled from."""
    entries: Mapping[str, int] = field(default_factory=dict[str, int])
    """Id -> index of their cast entry."""

    @property
    def ids(self) -> tuple[str, ...]:
        """Return every id, in cast order."""
        return tuple(member.id for member in self.members)

    def find(self, name: str) -> str | None:
        """Return the id of the one person who goes by a name; None if nobody or several people have it."""
        found = self.aliases.get(name.strip().casefold(), frozenset())
        return next(iter(found)) if len(found) == 1 else None

    def invalid_reason(self, name: str) -> tuple[str, str]:
        """Return why a name leads to nobody, and what to write instead."""
        several = sorted(self.aliases.get(name.strip().casefold(), ()))
        if several:
            return f"'{name}' could be {' or '.join(several)}", "write the id"
        closest = nearest(name, [*self.ids, *(member.name for member in self.members)])
        meant = f"did you mean '{closest[0]}'?  " if closest else ""
        cast = [f"{member.id} ({member.name})" for member in self.members]
        shown = ", ".join(cast[:MAX_SHOWN]) + (", …" if len(cast) > MAX_SHOWN else "")
        return f"nobody in the cast is called '{name}'", f"{meant}the cast: {shown}" if cast else meant

    def in_order(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Return ids in cast order, each once."""
        return tuple(person for person in self.ids if person in ids)


def build_roster(
    members: Sequence[CastMember],
    stems: Mapping[str, str],
    *,
    is_complete: bool = True,
    populations: Sequence[PlannedPopulation] = (),
    entries: Mapping[str, int],
) -> Roster:
    """Build the roster; `stems` are people's file names, by id; `entries`, their cast entries."""
    aliases: dict[str, set[str]] = {}
    for member in members:
        for name in (stems.get(member.id, member.id), member.name):
            aliases.setdefault(name.casefold(), set()).add(member.id)
    for member in members:  # an id is never ambiguous
        aliases[member.id.casefold()] = {member.id}
    names = {name: frozenset(ids) for name, ids in aliases.items()}
    return Roster(tuple(members), names, is_complete, tuple(populations), dict(entries))
