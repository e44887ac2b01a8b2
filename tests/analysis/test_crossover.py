"""Crossover designs: estimates, errors and tests against literal computations."""

import numpy as np
import pytest

from tinytroupe_cli.analysis.carry_over import carry_over, period_test
from tinytroupe_cli.analysis.crossover import (
    contrast_test,
    crossover_contrast,
    crossover_fit,
    crossover_of,
    is_estimable,
    levels_test,
    without_periods,
)
from tinytroupe_cli.analysis.crossover_figures import without_noise
from tinytroupe_cli.analysis.permutation import label_test
from tinytroupe_cli.compiler.cast.sequences import latin_square, williams_square


def drawn(size, units, seed=1):
    generator = np.random.default_rng(seed)
    square = np.array(williams_square(size))
    sequences = square[generator.integers(0, len(square), units)]
    return generator.normal(size=(units, size)) + generator.normal(size=(units, 1)), sequences


def dummies(values, sequences):
    """Return the design with a column for each unit, period and condition, and the answers."""
    units, size = values.shape
    rows = np.zeros((units * size, units + 2 * size))
    for unit in range(units):
        for period in range(size):
            row = rows[unit * size + period]
            row[unit] = row[units + period] = row[units + size + sequences[unit, period]] = 1
    return rows, values.reshape(-1)


def literal_cr2(values, sequences, weights):
    """Return estimate, CR2 error and Bell and McCaffrey's degrees of freedom from the whole matrices."""
    units, size = values.shape
    rows, answers = dummies(values, sequences)
    inverse = np.linalg.pinv(rows.T @ rows)
    contrast = np.concatenate([np.zeros(units + size), weights])
    hat, effects = rows @ inverse @ rows.T, inverse @ rows.T @ answers
    residuals, columns, variance = answers - rows @ effects, [], 0.0
    for unit in range(units):
        own = slice(unit * size, (unit + 1) * size)
        lengths, axes = np.linalg.eigh(np.eye(size) - hat[own, own])
        root = (axes * np.where(lengths > 1e-10, 1 / np.sqrt(np.maximum(lengths, 1e-10)), 0)) @ axes.T
        load = root @ rows[own] @ inverse @ contrast
        variance += float(load @ residuals[own]) ** 2
        columns.append((np.eye(units * size) - hat)[:, own] @ load)
    products = np.array(columns) @ np.array(columns).T
    return contrast @ effects, np.sqrt(variance), np.trace(products) ** 2 / np.square(products).sum()


@pytest.mark.parametrize(("size", "units"), [(2, 9), (3, 14), (4, 11)])
def test_estimate_error_and_freedom_equal_those_of_the_whole_matrices(size, units):
    values, sequences = drawn(size, units)
    weights = np.zeros(size)
    weights[[0, 1]] = -1, 1
    found = crossover_contrast(values, crossover_of(sequences), weights)
    assert (found.estimate, found.error, found.freedom) == pytest.approx(literal_cr2(values, sequences, weights))
    fit = crossover_fit(values, crossover_of(sequences))
    assert fit.means[1] - fit.means[0] == pytest.approx(found.estimate)


def test_without_missing_answers_and_with_balanced_orders_the_estimate_is_the_mean_difference():
    values, _ = drawn(3, 12)
    sequences = np.tile(williams_square(3), (2, 1))
    by_condition = np.take_along_axis(values, np.argsort(sequences, axis=1), axis=1)
    found = crossover_contrast(values, crossover_of(sequences), np.array([-1.0, 0.0, 1.0]))
    assert found.estimate == pytest.approx((by_condition[:, 2] - by_condition[:, 0]).mean())


def test_a_period_effect_changes_no_estimate_and_no_test():
    values, sequences = drawn(3, 13)
    design, weights = crossover_of(sequences), np.array([-1.0, 1.0, 0.0])
    later = values + np.array([0.0, 5.0, 50.0])
    one, other = (crossover_contrast(own, design, weights) for own in (values, later))
    assert (one.estimate, one.error) == pytest.approx((other.estimate, other.error))
    tests = [contrast_test(own, design, weights, draws=999, seed=1).p for own in (values, later)]
    assert tests[0] == tests[1]


def test_with_two_conditions_the_test_is_that_of_the_two_groups_differences():
    """The Hills-Armitage analysis: the differences of the periods are compared between the two orders."""
    values, sequences = drawn(2, 12)
    sequences = np.array([[0, 1]] * 6 + [[1, 0]] * 6)
    gaps = values[:, 1] - values[:, 0]
    expected = label_test(gaps[:6], gaps[6:], draws=999, seed=1)
    found = contrast_test(values, crossover_of(sequences), np.array([-1.0, 1.0]), draws=999, seed=1)
    assert found.is_exact
    assert expected.is_exact
    assert len(found.arranged) == len(expected.arranged) == 924
    assert found.p == pytest.approx(expected.p)


def test_orders_are_assigned_again_within_blocks_only():
    values, _ = drawn(2, 8)
    sequences = np.array([[0, 1], [1, 0]] * 4)
    blocks = ["a"] * 4 + ["b"] * 4
    found = contrast_test(values, crossover_of(sequences), np.array([-1.0, 1.0]), draws=999, seed=1, blocks=blocks)
    assert len(found.arranged) == 36  # C(4, 2) squared


def test_values_that_differ_by_the_condition_alone_have_no_error_and_the_smallest_p():
    sequences = np.array([[0, 1], [1, 0]] * 6)
    values = sequences.astype(float)
    design, weights = crossover_of(sequences), np.array([-1.0, 1.0])
    assert crossover_contrast(values, design, weights).error == 0
    assert crossover_contrast(values, design, weights).estimate == pytest.approx(1)
    assert contrast_test(values, design, weights, draws=999, seed=1).p == pytest.approx(2 / 924)
    assert contrast_test(np.ones((12, 2)), design, weights, draws=999, seed=1).p == 1


def test_one_order_for_everybody_tells_conditions_from_periods_by_nothing():
    assert not is_estimable(crossover_of(np.array([[0, 1]] * 8)), np.array([-1.0, 1.0]))
    assert is_estimable(crossover_of(np.array([[0, 1]] * 7 + [[1, 0]])), np.array([-1.0, 1.0]))


def test_all_levels_at_once_find_what_one_level_does():
    values, sequences = drawn(3, 24)
    levels = np.eye(3)
    none = levels_test([values], crossover_of(sequences), levels, draws=999, seed=1).p
    some = levels_test([values + 2.0 * (sequences == 2)], crossover_of(sequences), levels, draws=999, seed=1).p
    assert none > 0.05 > some


def test_carry_over_is_recovered_from_values_without_noise():
    sequences = np.tile(williams_square(4), (3, 1))
    carried = np.array([0.0, 1.0, 2.0, 5.0])
    before = np.concatenate([np.zeros((12, 1)), carried[sequences[:, :-1]]], axis=1)
    values = before + np.array([3.0, 1.0, 0.0, 9.0])[sequences] + np.array([0.0, 1.0, 4.0, 2.0])
    found = carry_over(values, crossover_of(sequences), draws=199, seed=1)
    assert found.effects == pytest.approx(tuple(carried - carried.mean()))
    assert found.p == pytest.approx(1 / 200)


def test_with_two_conditions_carry_over_is_the_difference_of_totals():
    values, _ = drawn(2, 12)
    sequences = np.array([[0, 1]] * 6 + [[1, 0]] * 6)
    totals = values.sum(axis=1)
    found = carry_over(values, crossover_of(sequences), draws=999, seed=1)
    half = (totals[:6].mean() - totals[6:].mean()) / 2
    assert found.effects == pytest.approx((half, -half))
    assert found.p == pytest.approx(label_test(totals[:6], totals[6:], draws=999, seed=1).p)


@pytest.mark.parametrize(
    ("sequences", "why_not"),
    [
        ([[0, 1]] * 8, "everyone has the same order"),
        ([[0, 1]] * 7 + [[1, 0]], "an order has fewer than two people"),
        ([[0, 1, 2]] * 8, "in these orders, carry-over can't be told from the effects of the conditions"),
    ],
)
def test_carry_over_that_can_not_be_tested_says_why(sequences, why_not):
    values = np.random.default_rng(1).normal(size=np.shape(sequences))
    found = carry_over(values, crossover_of(np.array(sequences)), draws=99, seed=1)
    assert (found.p, found.why_not) == (None, why_not)


def test_means_that_differ_by_a_rounding_error_are_equal_and_keep_their_digits():
    third = 1 / 15
    shown = without_noise(np.array([third, -1e-17, np.nextafter(third, 1), 2 / 15]))
    assert shown.tolist() == [third, 0.0, third, 2 / 15]
    assert not np.signbit(shown).any()


def test_a_condition_is_no_period_effect():
    sequences = np.tile(latin_square(3), (8, 1))
    values = np.random.default_rng(1).normal(size=(24, 3))
    plain = period_test(values, crossover_of(sequences), draws=499, seed=1)
    assert plain > 0.05
    assert period_test(values + 9.0 * (sequences == 1), crossover_of(sequences), draws=499, seed=1) == plain
    assert period_test(values + np.array([0, 0, 2.0]), crossover_of(sequences), draws=499, seed=1) < 0.01


def test_values_without_periods_have_the_adjusted_means_of_conditions():
    sequences = np.array([[0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 2, 1], [0, 1, 2]])
    generator = np.random.default_rng(4)
    values = generator.normal(size=sequences.shape) + np.array([0.0, 3.0, 9.0])
    design = crossover_of(sequences)
    found = without_periods(values, design)
    means = [found[sequences == condition].mean() for condition in range(3)]
    assert means == pytest.approx(crossover_fit(values, design).means)
    assert means != pytest.approx([values[sequences == condition].mean() for condition in range(3)])
