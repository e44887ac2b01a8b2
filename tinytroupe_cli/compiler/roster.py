"""The cast by all the names its people go by: id, file, full name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.plan.types import CastMember, PlannedPopulation

EVERYONE: Final = "everyone"
RESERVED: Final = frozenset({EVERYONE, "nobody", "world", "each person", "x"})
"""Words that mean something else where a person's name may stand."""


@dataclass(frozen=True)
class Roster:
    """The people of an experiment, in cast order."""

    members: tuple[CastMember, ...]
    aliases: Mapping[str, frozenset[str]]
    """Lower-case name -> ids of those who go by it."""
    is_complete: bool = True
    """False where somebody's file could not be used: then an unknown name may be theirs."""
    populations: tuple[PlannedPopulation, ...] = ()
    """Those that some of them were drawn from."""
    entries: Mapping[str, int] = field(default_factory=dict[str, int])
    """Id -> index of the cast entry that brought them."""

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
        hint = did_you_mean(name, [*self.ids, *(member.name for member in self.members)], label="the cast", most=16)
        return f"nobody in the cast is called '{name}'", hint

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
    """Make the roster; `stems` are the names of the files people came from, by id; `entries`, of their entries."""
    aliases: dict[str, set[str]] = {}
    for member in members:
        for name in (stems.get(member.id, member.id), member.name):
            aliases.setdefault(name.casefold(), set()).add(member.id)
    for member in members:  # an id is never ambiguous
        aliases[member.id.casefold()] = {member.id}
    names = {name: frozenset(ids) for name, ids in aliases.items()}
    return Roster(tuple(members), names, is_complete, tuple(populations), dict(entries))
