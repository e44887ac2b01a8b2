"""Blocks: labels permuted within them, and the spread that is left within them."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinytroupe_cli.analysis.blocking import within_blocks
from tinytroupe_cli.analysis.permutation import label_test

BLOCKS = ("a", "a", "b", "b", "b", "a", "a", "b", "b")
FIRST, SECOND = np.array([1.0, 2, 11, 13, 12]), np.array([2.0, 4, 14, 15])


def test_labels_are_permuted_within_blocks_alone():
    found = label_test(FIRST, SECOND, draws=999, seed=1, blocks=BLOCKS)
    values = np.concatenate([FIRST, SECOND])
    means = {name: np.mean([v for v, b in zip(values, BLOCKS, strict=True) if b == name]) for name in "ab"}
    centred = np.array([value - means[block] for value, block in zip(values, BLOCKS, strict=True)])

    def t(mine):
        one, other = centred[list(mine)], centred[[i for i in range(9) if i not in mine]]
        return abs(one.mean() - other.mean()) / np.sqrt(one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other))

    own = [{*ones, *others} for ones in {frozenset(p[:2]) for p in permutations([0, 1, 5, 6])}
           for others in {frozenset(p[:3]) for p in permutations([2, 3, 4, 7, 8])}]  # fmt: skip
    observed = t({0, 1, 2, 3, 4})
    assert found.is_exact
    assert found.statistic == pytest.approx(observed)
    assert found.p == pytest.approx(np.mean([t(mine) >= observed - 1e-9 for mine in own]))
    assert found.smallest == pytest.approx(1 / 60)


def test_one_block_is_no_block():
    plain = label_test(FIRST, SECOND, draws=999, seed=1)
    assert label_test(FIRST, SECOND, draws=999, seed=1, blocks=("x",) * 9).p == plain.p


@pytest.mark.parametrize("count", [6, 40])
def test_what_differs_between_blocks_no_longer_hides_a_difference(count):
    chance = np.random.default_rng(3)
    heights = np.repeat([0.0, 30.0], count // 2)
    first, second = heights + chance.normal(0, 1, count), heights + chance.normal(3, 1, count)
    blocks = tuple(np.tile(np.repeat(["low", "high"], count // 2), 2))
    assert label_test(first, second, draws=999, seed=1).p > 0.3
    assert label_test(first, second, draws=999, seed=1, blocks=blocks).p < 0.02


@given(st.lists(st.floats(-100, 100), min_size=8, max_size=8), st.lists(st.sampled_from("abc"), min_size=8, max_size=8))
def test_taking_blocks_out_keeps_the_means_and_a_height_of_a_block_changes_nothing_else(values, blocks):
    first, second = np.array(values[:4]), np.array(values[4:])
    one, other = within_blocks(first, second, blocks)
    assert one.mean() == pytest.approx(first.mean())
    assert other.mean() == pytest.approx(second.mean())
    lone = within_blocks(first, second, ["x"] * 8)
    assert lone[0] == pytest.approx(first)


def test_the_spread_within_blocks_is_that_of_a_two_way_analysis():
    one, other = within_blocks(FIRST, SECOND, BLOCKS)
    arm, block = np.array([0] * 5 + [1] * 4), np.array([0, 0, 1, 1, 1, 0, 0, 1, 1])
    balanced = np.concatenate([FIRST[:4], SECOND])
    x = np.column_stack([np.ones(8), arm[[0, 1, 2, 3, 5, 6, 7, 8]], block[[0, 1, 2, 3, 5, 6, 7, 8]]])
    residual = balanced - x @ np.linalg.lstsq(x, balanced, rcond=None)[0]
    even = [BLOCKS[place] for place in (0, 1, 2, 3, 5, 6, 7, 8)]
    one, other = within_blocks(FIRST[:4], SECOND, even)
    spread = ((one - one.mean()) ** 2).sum() + ((other - other.mean()) ** 2).sum()
    assert spread / 6 == pytest.approx((residual**2).sum() / 5)
