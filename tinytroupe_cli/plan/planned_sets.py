"""Which sets of options a person is shown in a best-worst task."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from pydantic import Field

from tinytroupe_cli.models.port import Frozen

SetsOfOptions = tuple[tuple[int, ...], ...]
"""The sets of one person in the order shown, each with places in the written list, from 0, in the order shown."""


class PlannedSets(Frozen):
    """The sets of one field."""

    field: str
    versions: tuple[SetsOfOptions, ...]
    """Each has every option equally often; together they have each pair of options about equally often."""
    version_of: dict[str, int] = Field(default_factory=dict)
    """Person -> number of their version, from 0; the same in all conditions, replicates and samples."""

    def of(self, person: str) -> SetsOfOptions:
        """Return the sets of a person."""
        return self.versions[self.version_of.get(person, 0)]


def pair_counts(versions: Sequence[SetsOfOptions], options: int) -> list[int]:
    """Return how many sets each two of `options` options have in common."""
    met = Counter(pair for sets in versions for shown in sets for pair in combinations(sorted(shown), 2))
    return [met[pair] for pair in combinations(range(options), 2)]
