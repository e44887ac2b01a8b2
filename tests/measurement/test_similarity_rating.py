"""Semantic similarity rating: the formula, written out, and its laws."""

from __future__ import annotations

import math
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.measurement.similarity_rating import Rating, at_temperature, nearest, onto, rate, tilted, without

WIDTH = 6
Vectors = list[list[float]]


def some_vectors(count: int, seed: int) -> Vectors:
    stream = Stream(seed, "vectors")
    return [[2 * stream.integer() / 2**31 - 1 for _ in range(WIDTH)] for _ in range(count)]


def some_sets(sets: int, k: int, seed: int) -> tuple[list[float], list[Vectors]]:
    answer, *rest = some_vectors(1 + sets * k, seed)
    return answer, [rest[one * k : (one + 1) * k] for one in range(sets)]


def reference(answer: list[float], sets: list[Vectors], temperature: float, epsilon: float) -> list[float]:
    """The authors' formula as STATISTICS.md has it, by plain loops."""
    k = len(sets[0])
    mean = [0.0] * k
    for one in sets:
        gamma: list[float] = []
        for anchor in one:
            dot = length_a = length_b = 0.0
            for a, b in zip(answer, anchor, strict=True):
                dot, length_a, length_b = dot + a * b, length_a + a * a, length_b + b * b
            gamma.append((1 + dot / (math.sqrt(length_a) * math.sqrt(length_b))) / 2)
        lowest = min(range(k), key=lambda i: gamma[i])
        bottom = sum(gamma) - k * gamma[lowest] + epsilon
        for i in range(k):
            mean[i] += (gamma[i] - gamma[lowest] + (epsilon if i == lowest else 0)) / bottom / len(sets)
    if temperature == 0:
        return [1.0 if i == mean.index(max(mean)) else 0.0 for i in range(k)]
    powers = [p ** (1 / temperature) for p in mean]
    return [p / sum(powers) for p in powers]


@pytest.mark.parametrize(("temperature", "epsilon"), list(product((0, 0.5, 1, 2), (0, 0.01))))
def test_a_rating_is_the_published_formula(temperature: float, epsilon: float):
    for sets, k in product(range(1, 7), range(2, 12)):
        answer, anchors = some_sets(sets, k, seed=100 * sets + k)
        first, second = sorted(reference(answer, anchors, 1, epsilon), reverse=True)[:2]
        if temperature == 0 and first == pytest.approx(second):
            continue  # rounding decides which of two equal shares is the first
        rating = rate(answer, anchors, temperature=temperature, epsilon=epsilon)
        assert rating.pmf == pytest.approx(reference(answer, anchors, temperature, epsilon), abs=1e-9)


def test_a_rating_by_hand():
    """Cosines 1, 0, -1 are half-cosines 1, 1/2, 0; less the least, over their sum: 2/3, 1/3, 0."""
    rating = rate([1, 0], [[[2, 0], [0, 3], [-1, 0]]])
    assert rating.pmf == pytest.approx((2 / 3, 1 / 3, 0))
    assert rating.mode == 1
    assert rating.mean == pytest.approx(4 / 3)
    assert rating.entropy == pytest.approx(math.log2(3) - 2 / 3)


def test_epsilon_goes_to_the_lowest_point():
    rating = rate([1, 0], [[[2, 0], [0, 3], [-1, 0]]], epsilon=0.5)
    assert rating.pmf == pytest.approx((1 / 2, 1 / 4, 1 / 4))


def test_sets_are_averaged_before_the_temperature():
    near, far = [1.0, 0.0], [-1.0, 0.0]
    rating = rate(near, [[near, far], [far, near], [near, far]], temperature=0.5)
    assert rating.per_set == ((1, 0), (0, 1), (1, 0))
    assert rating.pmf == pytest.approx((4 / 5, 1 / 5))


@given(st.integers(2, 11), st.integers(1, 6), st.integers(0, 10**6))
def test_a_rating_is_a_distribution_whatever_the_number_of_points(k: int, sets: int, seed: int):
    answer, anchors = some_sets(sets, k, seed)
    rating = rate(answer, anchors)
    assert math.fsum(rating.pmf) == pytest.approx(1)
    assert min(rating.pmf) >= 0
    assert 1 <= rating.mean <= k
    assert 0 <= rating.entropy <= math.log2(k) + 1e-9


@given(st.integers(2, 11), st.integers(0, 10**6), st.floats(0.01, 100), st.floats(0.01, 100))
def test_the_length_of_vectors_does_not_matter(k: int, seed: int, times: float, by: float):
    answer, anchors = some_sets(3, k, seed)
    scaled = rate([times * x for x in answer], [[[by * x for x in anchor] for anchor in one] for one in anchors])
    assert scaled.pmf == pytest.approx(rate(answer, anchors).pmf, abs=1e-9)


@given(st.integers(2, 11), st.integers(0, 10**6))
def test_a_scale_read_backwards_gives_the_rating_backwards(k: int, seed: int):
    answer, anchors = some_sets(3, k, seed)
    backwards = rate(answer, [one[::-1] for one in anchors])
    assert backwards.pmf[::-1] == pytest.approx(rate(answer, anchors).pmf)


@given(st.integers(2, 11), st.integers(0, 10**6))
def test_a_low_temperature_leaves_one_point_and_a_high_one_all_alike(k: int, seed: int):
    answer, anchors = some_sets(2, k, seed)
    rating = rate(answer, anchors)
    first, second = sorted(rating.pmf, reverse=True)[:2]
    assume(first > second * 1.01)
    cold = rate(answer, anchors, temperature=1e-4)
    assert cold.pmf[rating.mode - 1] == pytest.approx(1)
    assert rate(answer, anchors, temperature=0).pmf == tuple(float(at == rating.mode) for at in range(1, k + 1))
    support = [share for share, was in zip(rate(answer, anchors, temperature=1e9).pmf, rating.pmf, strict=True) if was]
    assert support == pytest.approx([1 / len(support)] * len(support), abs=1e-5)


@pytest.mark.parametrize("k", range(2, 12))
def test_an_answer_equally_near_to_every_point_is_flat(k: int):
    rating = rate([1, 0], [[[0, 1]] * k, [[0, 2]] * k])
    assert rating.is_flat
    assert rating.pmf == pytest.approx((1 / k,) * k)
    assert rating.mean == pytest.approx((k + 1) / 2)


def test_one_set_that_tells_points_apart_is_enough_not_to_be_flat():
    rating = rate([1, 0], [[[0, 1], [0, 1]], [[0, 1], [1, 0]]])
    assert not rating.is_flat
    assert rating.pmf == pytest.approx((1 / 4, 3 / 4))


def test_epsilon_decides_where_all_points_are_equally_near():
    rating = rate([1, 0], [[[0, 1], [0, 1]]], epsilon=0.1)
    assert (rating.pmf, rating.is_flat) == ((1, 0), False)


def test_a_zero_vector_is_near_to_nothing():
    assert rate([0, 0], [[[0, 1], [1, 0]]]).is_flat


@pytest.mark.parametrize("anchors", [[], [[[1, 0]]], [[[1, 0], [0, 1]], [[1, 0]]], [[[1, 0], [0, 1, 1]]]])
def test_anchors_that_make_no_scale_are_refused(anchors: list[Vectors]):
    with pytest.raises(ValueError, match=r"at least two|can't be compared"):
        rate([1, 0], anchors)


def test_a_negative_temperature_or_epsilon_is_refused():
    with pytest.raises(ValueError, match="must not be negative"):
        rate([1, 0], [[[1, 0], [0, 1]]], temperature=-1)
    with pytest.raises(ValueError, match="must not be negative"):
        rate([1, 0], [[[1, 0], [0, 1]]], epsilon=-1)


def test_a_very_low_temperature_does_not_lose_small_shares():
    assert math.fsum(at_temperature([1e-300, 2e-300], 0.01)) == pytest.approx(1)


def test_the_entropy_of_a_sure_rating_is_plain_zero():
    assert str(Rating((1.0, 0.0)).entropy) == "0.0"


def test_the_nearest_statement_decides_whichever_set_it_stands_in():
    """Cosines 1 and 0 at width 0.5 weigh e^2 and 1; point 1 has two statements at 0, point 2 one at 1 and one at 0."""
    rating = nearest([1, 0], [[[0, 1], [1, 0]], [[0, 1], [0, 1]]], width=0.5)
    heavy = math.exp(2)
    assert rating.pmf == pytest.approx((2 / (heavy + 3), (heavy + 1) / (heavy + 3)))


def test_all_statements_equally_near_are_flat():
    assert nearest([1, 0], [[[0, 1], [0, 2]]], width=0.03) == Rating((1 / 2, 1 / 2), is_flat=True)
    with pytest.raises(ValueError, match="above 0"):
        nearest([1, 0], [[[0, 1], [0, 2]]], width=0)


def test_a_vector_without_a_direction_has_nothing_left_of_it():
    assert without([3, 4], [0, 2]) == [3, 0]
    assert without([3, 4], [0, 0]) == [3, 4]


@given(st.integers(2, 11), st.integers(0, 10**6), st.floats(0.1, 5))
def test_a_tilt_shifts_the_expected_point_its_way_and_back(k: int, seed: int, strength: float):
    answer, anchors = some_sets(2, k, seed)
    rating = rate(answer, anchors)
    up = tilted(rating.pmf, strength)
    assert Rating(up).mean >= rating.mean >= Rating(tilted(rating.pmf, -strength)).mean
    assert tilted(up, -strength) == pytest.approx(rating.pmf)


@given(st.integers(2, 11), st.integers(2, 11), st.integers(0, 10**6))
def test_another_length_of_scale_keeps_the_place_of_the_expected_point(k: int, points: int, seed: int):
    answer, anchors = some_sets(2, k, seed)
    rating = rate(answer, anchors)
    carried = Rating(onto(rating.pmf, points))
    assert math.fsum(carried.pmf) == pytest.approx(1)
    assert (carried.mean - 1) / (points - 1) == pytest.approx((rating.mean - 1) / (k - 1))
