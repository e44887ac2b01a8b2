from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tinytroupe_cli.minds.memory.window import Block, Window, WindowLimits, window_of

LENGTHS = st.lists(st.integers(1, 2_000), max_size=150)
BOUNDS = st.builds(WindowLimits, moments=st.integers(1, 40), tokens=st.integers(50, 5_000))


def test_thirty_moments_are_kept_and_then_the_older_half_leaves_at_once() -> None:
    window = window_of([10] * 30, WindowLimits(30, 10_000))
    assert window.begin == 0
    window.add(10)
    assert len(window.evicted) == 1
    assert 13 <= 31 - window.begin <= 20


def test_a_block_is_chosen_before_it_leaves_and_leaves_as_chosen() -> None:
    window = window_of([10] * 28, WindowLimits(30, 10_000))
    chosen = window.evicting
    assert chosen is not None
    assert window.begin == 0
    for _ in range(3):
        window.add(10)
    assert window.evicted == [chosen]


def test_long_moments_leave_by_their_length() -> None:
    window = window_of([400] * 4, WindowLimits(30, 1_000))
    assert window.tokens <= 1_000
    assert window.begin > 0


def test_a_moment_longer_than_all_there_is_leaves_at_once() -> None:
    assert window_of([5_000], WindowLimits(30, 1_000)).evicted == [Block(0, 1)]


@given(LENGTHS, BOUNDS)
def test_no_more_is_ever_kept_than_the_bounds_allow(lengths: list[int], bounds: WindowLimits) -> None:
    window = Window(bounds)
    for tokens in lengths:
        window.add(tokens)
        kept = window.lengths[window.begin :]
        assert len(kept) <= bounds.moments
        assert sum(kept) == window.tokens <= bounds.tokens


@given(LENGTHS, BOUNDS)
def test_every_moment_leaves_once_and_in_order(lengths: list[int], bounds: WindowLimits) -> None:
    left = window_of(lengths, bounds).evicted
    assert [block.first for block in left] == [0, *(block.through for block in left)][: len(left)]
    assert all(block.first < block.through for block in left)


@given(LENGTHS, BOUNDS, st.integers(0, 150))
def test_what_is_kept_is_a_fold_that_can_be_taken_up_anywhere(
    lengths: list[int], bounds: WindowLimits, at: int
) -> None:
    window = window_of(lengths[:at], bounds)
    for tokens in lengths[at:]:
        window.add(tokens)
    assert window == window_of(lengths, bounds)
