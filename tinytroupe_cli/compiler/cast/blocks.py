"""Makes blocks of people who are alike in the attributes that `block_by` names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from tinytroupe_cli.analysis.comparison_questions import groups_of_people
from tinytroupe_cli.plan.types import CastMember

_Key = tuple[int, ...]
"""Places of a block's values among the groups of each attribute."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute that people are blocked by."""

    name: str
    """Its dotted name."""
    bands: tuple[float, ...] = ()
    """Boundaries between the groups of a numeric attribute."""


@dataclass(frozen=True, slots=True)
class MergedBlocks:
    """A block of one person, and the block it was merged with."""

    block: str
    into: str


def blocks_of(
    members: Sequence[CastMember], attributes: Sequence[Attribute]
) -> tuple[dict[str, tuple[str, ...]], list[MergedBlocks]]:
    """Return block -> person ids in cast order, and what was merged; people without a value are a block of their own.

    A block of one person can't be divided: it is merged with the block that shares most values with it and whose bands
    are nearest. Where every block has one person, they are returned as they are: such attributes make no blocks.
    """
    groups = [groups_of_people(members, attribute.name, attribute.bands) for attribute in attributes]
    names = [[*values, f"no {attribute.name}"] for values, attribute in zip(groups, attributes, strict=True)]
    blocks: dict[_Key, list[str]] = {}
    for member in members:
        blocks.setdefault(tuple(_place(member.id, values) for values in groups), []).append(member.id)
    blocks = dict(sorted(blocks.items()))
    named = {key: ", ".join(values[place] for values, place in zip(names, key, strict=True)) for key in blocks}
    merged: list[MergedBlocks] = []
    singles = [key for key, people in blocks.items() if len(people) == 1]
    for single in singles if len(singles) < len(blocks) else ():
        if len(blocks[single]) == 1:  # nobody has been merged into it
            near = min((key for key in blocks if key != single), key=partial(_distance, single, attributes))
            merged.append(MergedBlocks(named[single], named[near]))
            named[near] = f"{named[near]} or {named[single]}"
            blocks[near] += blocks.pop(single)
    order = {member.id: place for place, member in enumerate(members)}
    return {named[key]: tuple(sorted(people, key=order.__getitem__)) for key, people in blocks.items()}, merged


def _place(person: str, groups: Mapping[str, frozenset[str]]) -> int:
    """Return the place of a person's group; the last one is of people without a value."""
    return next((place for place, people in enumerate(groups.values()) if person in people), len(groups))


def _distance(key: _Key, attributes: Sequence[Attribute], candidate: _Key) -> tuple[int, int]:
    """Return how many values differ, and how far bands are apart."""
    gaps = [abs(place - its_place) for place, its_place in zip(key, candidate, strict=True)]
    bands = sum(gap for gap, attribute in zip(gaps, attributes, strict=True) if attribute.bands)
    return sum(gap > 0 for gap in gaps), bands
