"""Sets of best-worst tasks: each option equally often for each person, pairs and places evened out over people."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from tinytroupe_cli.compiler.measures.block_designs import versions_of_sets
from tinytroupe_cli.plan.planned_sets import SetsOfOptions, pair_counts


def first(count: int, options: int, sets: int, size: int, seed: int = 3) -> list[SetsOfOptions]:
    return list(islice(versions_of_sets(options, sets, size, seed=seed, purpose=("q", "f")), count))


@pytest.mark.parametrize(
    ("options", "size", "sets"), [(4, 3, 4), (5, 3, 5), (6, 3, 4), (8, 4, 6), (9, 4, 9), (12, 4, 9), (20, 5, 12)]
)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_version_has_every_option_equally_often(options: int, size: int, sets: int, seed: int) -> None:
    versions = first(30, options, sets, size, seed)
    for version in versions:
        assert len(version) == sets
        assert all(len(set(shown)) == size for shown in version)
        assert set(Counter(option for shown in version for option in shown).values()) == {sets * size // options}
    pairs = pair_counts(versions, options)
    assert max(pairs) - min(pairs) <= 4, "over 30 versions, pairs meet about equally often"
    places = Counter((option, place) for version in versions for shown in version for place, option in enumerate(shown))
    assert max(places.values()) - min(places.values()) <= 3
    assert len(set(versions)) >= 25


@pytest.mark.parametrize(
    ("options", "size", "sets", "meet"),
    [(4, 3, 4, 2), (6, 3, 10, 2), (7, 3, 7, 1), (7, 4, 7, 2), (8, 4, 14, 3), (9, 3, 12, 1), (13, 4, 13, 1)],
)
def test_a_balanced_incomplete_block_design_is_found_where_there_is_one(
    options: int, size: int, sets: int, meet: int
) -> None:
    for version in first(3, options, sets, size):
        assert set(pair_counts([version], options)) == {meet}


def test_versions_depend_on_the_seed_and_on_those_before_alone() -> None:
    assert first(5, 8, 6, 4) == first(12, 8, 6, 4)[:5]
    assert first(5, 8, 6, 4) != first(5, 8, 6, 4, seed=4)
