"""Who meets what: balance over 1,000 seeds, blocks, unequal numbers, rooms."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tinytroupe_cli.compiler.cast.assignment import block_randomization
from tinytroupe_cli.core.random_streams import Stream

PEOPLE = [f"p{number}" for number in range(23)]
BLOCKS = {"a": PEOPLE[:7], "b": PEOPLE[7:9], "c": PEOPLE[9:22], "d": PEOPLE[22:]}


def deal(seed, *, people=PEOPLE, shares=(1, 1, 1), blocks=None):
    return block_randomization(people, shares, stream=Stream(seed, "assignment"), blocks=blocks)


def spread(cells, people):
    counts = [len(set(cell) & set(people)) for cell in cells]
    return max(counts) - min(counts)


def test_over_1000_seeds_cells_differ_by_at_most_one_in_every_block_and_in_all():
    for seed in range(1_000):
        cells = deal(seed, blocks=BLOCKS)
        assert spread(cells, PEOPLE) <= 1
        assert all(spread(cells, block) <= 1 for block in BLOCKS.values())


def test_over_1000_seeds_each_person_is_in_each_cell_equally_often():
    counts = Counter((person, cell) for seed in range(1_000) for cell, own in enumerate(deal(seed, blocks=BLOCKS))
                     for person in own)  # fmt: skip
    p_values = [stats.chisquare([counts[person, cell] for cell in range(3)]).pvalue for person in PEOPLE]
    assert min(p_values) > 0.001


def test_the_same_seed_deals_the_same_and_another_one_differently():
    assert deal(1, blocks=BLOCKS) == deal(1, blocks=BLOCKS)
    assert len({tuple(deal(seed)) for seed in range(50)}) == 50


@given(st.integers(1, 60), st.lists(st.integers(1, 5), min_size=1, max_size=6), st.integers())
def test_everyone_is_in_one_cell_and_no_cell_is_a_whole_person_off_its_share(count, shares, seed):
    people = [f"p{number}" for number in range(count)]
    cells = deal(seed, people=people, shares=shares)
    assert sorted(sum(cells, ())) == sorted(people)
    assert all(list(cell) == sorted(cell, key=people.index) for cell in cells)
    wanted = [count * share / sum(shares) for share in shares]
    assert all(abs(len(cell) - share) < 1 for cell, share in zip(cells, wanted, strict=True))


def test_no_cell_always_gets_the_person_left_over():
    larger = {max((0, 1), key=lambda cell: len(cells[cell])) for seed in range(30)
              if (cells := deal(seed, people=PEOPLE[:3], shares=(1, 1)))}  # fmt: skip
    assert larger == {0, 1}


@pytest.mark.parametrize("shares", [(2, 1), (3, 1)])
def test_unequal_numbers_hold_in_every_block_too(shares):
    for seed in range(200):
        cells = deal(seed, shares=shares, blocks=BLOCKS)
        for block in BLOCKS.values():
            own = len(set(cells[0]) & set(block))
            assert abs(own - len(block) * shares[0] / sum(shares)) <= 1
