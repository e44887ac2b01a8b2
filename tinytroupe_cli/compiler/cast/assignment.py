"""Assigns people to conditions.

within: everyone experiences every condition, in separate trials. between: each person only one,
chosen at random so that the conditions' sizes differ by at most one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tinytroupe_cli.core.random_streams import Stream

Design = Literal["within", "between"]


def replicate_seed(seed: int, replicate: int) -> int:
    """Return a replicate's seed: the same in all its conditions, so that they can be compared pairwise."""
    return Stream(seed, "replicate", replicate).integer()


def assign(
    people: Sequence[str], conditions: Sequence[str], *, design: Design, seed: int, replicate: int
) -> dict[str, tuple[str, ...]]:
    """Return condition -> its people, both in the order given; every replicate draws again."""
    if design == "within":
        return dict.fromkeys(conditions, tuple(people))
    stream = Stream(seed, "replicate", replicate, "assignment")
    order = stream.shuffled(conditions)  # so that no condition is always the larger one
    dealt = {person: order[turn % len(order)] for turn, person in enumerate(stream.shuffled(people))}
    return {condition: tuple(person for person in people if dealt[person] == condition) for condition in conditions}
