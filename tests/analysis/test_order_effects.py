"""Order effects: arrays with known answers, laws that hold for any, and rows of a run."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinytroupe_cli.analysis.order_effects import OrderDraws, order_effects
from tinytroupe_cli.analysis.order_sums import OrderedAnswers
from tinytroupe_cli.analysis.position_share import corrected_shares, position_share

DRAWS = OrderDraws(permutations=999, resamples=999, seed=1)


def chosen(places, options, *, cells=None):
    """Return answers that each chose one option (its number), of one slot a person."""
    places, options = np.array(places), np.array(options)
    values = (options[:, None] == np.arange(places.shape[1])) * 1.0
    cells = tuple(cells or [0] * len(options))
    return OrderedAnswers(values[:, None, :], np.ones((len(options), 1)), places[:, None, :], cells, places.shape[1])


def numbers(values, places, count):
    """Return one number a person, with the place it was given in."""
    shape = (len(values), 1, 1)
    return OrderedAnswers(
        np.array(values, dtype=float).reshape(shape),
        np.ones((len(values), 1)),
        np.array(places).reshape(shape),
        (0,) * len(values),
        count,
    )


def effects(answers, contrast="last_minus_first", *, is_choice=True, width=1.0, draws=DRAWS):
    return order_effects(answers, contrast, is_choice=is_choice, width=width, draws=draws)


ALL_ORDERS = [np.argsort(order) for order in permutations(range(3))] * 4
"""The place of each of three options, for 24 people."""


def test_who_always_takes_the_last_option_has_no_shares_of_their_own():
    found = effects(chosen(ALL_ORDERS, [int(np.argmax(places)) for places in ALL_ORDERS]))
    assert (found.last.share, found.last.position_share, found.last.corrected) == (1.0, None, ())
    assert found.first.share == 0
    assert found.p == found.last.p == 1 / 1000
    assert all((one.by_place, one.estimate) == ((0.0, 0.0, 1.0), 1.0) for one in found.columns)


def test_who_always_takes_the_same_option_shows_no_order_effect_and_an_interval_of_some_width():
    found = effects(chosen(ALL_ORDERS, [1] * 24))
    assert found.p == 1
    assert found.columns[1].by_place == (1.0, 1.0, 1.0)
    assert all(one.estimate == 0 and one.interval.low < 0 < one.interval.high for one in found.columns)
    assert found.last.position_share == pytest.approx(0)
    assert found.last.corrected == pytest.approx((0, 1, 0))


def test_position_share_and_correction_undo_the_mixture():
    own, b = np.array([0.6, 0.3, 0.1]), 0.4
    assert position_share(np.array([(1 - b) / 3 + b]), 3)[0] == pytest.approx(b)
    assert corrected_shares((1 - b) * own + b / 3, np.array(b)) == pytest.approx(own)
    clipped = corrected_shares(np.array([0.9, 0.1, 0.0]), np.array(0.3))
    assert clipped == pytest.approx([1, 0, 0])


def test_a_scale_reads_higher_from_high_to_low():
    values, directions = [3, 4, 3, 5, 5, 6, 6, 7], [0, 0, 0, 0, 1, 1, 1, 1]
    found = effects(numbers(values, directions, 2), is_choice=False, width=6.0)
    (one,) = found.columns
    assert one.by_place == (3.75, 6.0)
    assert (one.estimate, one.middle) == (2.25, None)
    assert found.p == one.p < 0.1
    assert one.interval.low < 2.25 < one.interval.high


def test_items_have_a_slope_by_place():
    places = [0, 1, 2] * 6
    found = effects(numbers([2 + 0.5 * place for place in places], places, 3), "slope", is_choice=False, width=6.0)
    (one,) = found.columns
    assert one.estimate == pytest.approx(0.5)
    assert (one.by_place, one.middle) == ((2.0, 2.5, 3.0), 2.5)
    assert one.p == 1 / 1000


def test_an_option_nobody_saw_first_has_no_difference():
    found = effects(chosen([(1, 0, 2), (1, 2, 0)] * 4, [0, 1] * 4))
    assert (found.columns[0].by_place, found.columns[0].estimate) == ((None, 0.5, None), None)
    assert found.columns[1].estimate is not None


def test_orders_are_permuted_within_cells():
    # Between two cells that differ in both, nothing is left to permute.
    apart = chosen([(0, 1)] * 6 + [(1, 0)] * 6, [0] * 6 + [1] * 6, cells=[0] * 6 + [1] * 6)
    assert effects(apart).p == 1
    assert effects(chosen([(0, 1)] * 6 + [(1, 0)] * 6, [0] * 6 + [1] * 6)).p < 0.05


def any_answers(size):
    order = st.sampled_from([tuple(np.argsort(one)) for one in permutations(range(size))])
    return st.lists(st.tuples(order, st.integers(0, size - 1)), min_size=6, max_size=30)


@given(any_answers(3))
@settings(deadline=None, max_examples=25)
def test_whatever_was_answered_figures_are_finite_and_shares_add_up(people):
    found = effects(chosen([place for place, _ in people], [option for _, option in people]))
    ps = [found.p, *(one.p for one in found.columns if one.p is not None), found.first.p, found.last.p]
    assert all(0 < p <= 1 for p in ps)
    for end in (found.first, found.last):
        if end.position_share is not None:
            assert sum(end.corrected) == pytest.approx(1)
            assert all(0 <= share <= 1 for share in end.corrected)
            assert end.interval.low <= end.interval.high
    for one in found.columns:
        assert one.interval is None or one.interval.low <= one.estimate <= one.interval.high


@given(any_answers(4))
@settings(deadline=None, max_examples=25)
def test_reading_all_orders_backwards_mirrors_the_differences(people):
    places = np.array([place for place, _ in people])
    options = [option for _, option in people]
    one, other = effects(chosen(places, options)), effects(chosen(3 - places, options))
    assert one.p == other.p
    assert (one.first.share, one.last.share) == (other.last.share, other.first.share)
    for mine, theirs in zip(one.columns, other.columns, strict=True):
        assert (mine.estimate is None) == (theirs.estimate is None)
        assert mine.estimate is None or mine.estimate == pytest.approx(-theirs.estimate)


def test_a_person_asked_several_times_is_one_person():
    answers = chosen(ALL_ORDERS, [int(np.argmax(places)) % 2 for places in ALL_ORDERS])
    twice = OrderedAnswers(
        np.repeat(answers.values, 2, axis=1),
        np.repeat(answers.stated, 2, axis=1),
        np.repeat(answers.places, 2, axis=1),
        answers.cells,
        answers.count,
    )
    one, other = effects(answers), effects(twice)
    assert one.p == other.p
    for mine, theirs in zip(one.columns, other.columns, strict=True):
        assert (mine.estimate, mine.p) == (pytest.approx(theirs.estimate), theirs.p)
        assert mine.interval == pytest.approx(theirs.interval)


def with_weights_of_answers(stated):
    """Return several answers of each person to two options: the first always takes the last one, the others never."""
    stated = np.array(stated, dtype=float)
    people, slots = stated.shape
    places = np.tile(np.array([(0, 1), (1, 0)])[np.arange(people) % 2][:, None], (1, slots, 1))
    is_last = (np.arange(people) == 0)[:, None, None]
    values = np.where(is_last, places == 1, places == 0) * (stated[..., None] > 0)
    return OrderedAnswers(values.astype(float), stated, places, (0,) * people, 2)


def test_shares_and_means_are_averaged_over_people_however_many_answers_each_gave():
    stated = [(1, 1, 1)] + [(1, 0, 0)] * 7
    found = effects(with_weights_of_answers(stated))
    assert found.last.share == pytest.approx(1 / 8)  # not 3 of 10 answers
    assert found.columns[0].by_place[0] == pytest.approx(3 / 4)  # the first person saw it first, and did not take it
    assert effects(with_weights_of_answers([(2, 0, 2)] * 8)).last.share == pytest.approx(1 / 8)
    several = effects(numbers_of_several([(2, 2, 2), (6,), (4,), (4,), (4,), (4,)]), is_choice=False, width=6.0)
    assert several.columns[0].by_place == pytest.approx(((2 + 4 + 4) / 3, (6 + 4 + 4) / 3))


def numbers_of_several(people):
    """Return numbers of people who gave one to three, on a scale read in either direction by turns."""
    values, stated = np.zeros((len(people), 3, 1)), np.zeros((len(people), 3))
    for place, own in enumerate(people):
        values[place, : len(own), 0], stated[place, : len(own)] = own, 1
    directions = np.broadcast_to((np.arange(len(people)) % 2)[:, None, None], values.shape)
    return OrderedAnswers(values, stated, directions, (0,) * len(people), 2)
