"""A generator with a known truth for conditions that people meet one after another."""

from __future__ import annotations

import numpy as np
import pytest
from rates import ALPHA, ARRANGEMENTS, is_at_least, is_at_most, is_near, is_within, noise, number_of_draws, rate
from scipy.stats import t

from tinytroupe_cli.analysis.carry_over import carry_over, period_test
from tinytroupe_cli.analysis.crossover import (
    contrast_test,
    crossover_contrast,
    crossover_of,
    levels_test,
)
from tinytroupe_cli.compiler.cast.sequences import latin_square, williams_square

DRAWS = number_of_draws(short=200)
SQUARES = {"latin": latin_square, "williams": williams_square}
PERIOD = 1.0
"""Change from the first period to the last, in standard deviations of a single answer."""


def weights(size):
    return np.array([-1.0, 1.0] + [0.0] * (size - 2))


def answered(generator, size, people, *, order="williams", effect=0.0, carried=0.0, period=PERIOD, kind="number"):
    """Return answers by period, and the orders: people and periods differ, conditions and what they leave may."""
    square = np.array(SQUARES[order](size))
    sequences = square[generator.permutation(np.arange(people) % len(square))]
    values = generator.normal(size=(people, 1)) + generator.normal(size=(people, size))
    values += effect * (sequences == 1) + np.linspace(0, period, size)
    values[:, 1:] += np.linspace(0, carried, size)[sequences[:, :-1]]
    answers = {
        "number": values,
        "binary": (values > PERIOD / 2).astype(float),
        "ordinal": np.clip(np.round(values), -2, 2),
    }
    return answers[kind], crossover_of(sequences)


@pytest.mark.truth
@pytest.mark.parametrize("kind", ["number", "binary", "ordinal"])
@pytest.mark.parametrize(("size", "people"), [(2, 24), (3, 24), (3, 23), (4, 26)])
def test_periods_make_no_difference_between_conditions(kind, size, people):
    def is_wrong(generator, seed):
        values, design = answered(generator, size, people, kind=kind)
        return contrast_test(values, design, weights(size), draws=ARRANGEMENTS, seed=seed).p <= ALPHA

    found, allowed = rate(is_wrong, DRAWS), 0.015 + noise(ALPHA, DRAWS)
    assert is_within(found, 0 if kind == "binary" else ALPHA - allowed, ALPHA + allowed)


@pytest.mark.truth
@pytest.mark.parametrize(("size", "people"), [(3, 24), (4, 26)])
def test_all_conditions_at_once_err_as_often_as_they_say(size, people):
    def is_wrong(generator, seed):
        values, design = answered(generator, size, people)
        return levels_test([values], design, np.eye(size), draws=ARRANGEMENTS, seed=seed).p <= ALPHA

    assert is_near(rate(is_wrong, DRAWS), ALPHA, draws=DRAWS)


@pytest.mark.truth
@pytest.mark.parametrize("kind", ["number", "binary"])
@pytest.mark.parametrize(("size", "people"), [(2, 24), (3, 23), (4, 40)])
def test_estimates_are_unbiased_and_intervals_cover(kind, size, people):
    """A planted period effect leaves the estimate unbiased: its bias is below 3 Monte Carlo standard errors."""
    truth = 0.6
    if kind == "binary":
        generator = np.random.default_rng(0)
        many, design = answered(generator, size, 120_000, effect=0.6, kind="binary")
        truth = crossover_contrast(many, design, weights(size)).estimate
    found: list[float] = []

    def covers(generator, _):
        values, design = answered(generator, size, people, effect=0.6, kind=kind)
        own = crossover_contrast(values, design, weights(size))
        found.append(own.estimate)
        return abs(own.estimate - truth) <= t.ppf(1 - ALPHA / 2, own.freedom) * own.error

    covered = rate(covers, DRAWS)
    assert is_within(covered, 0.93 - noise(0.95, DRAWS), 0.985 + noise(0.985, DRAWS))
    assert is_at_most(abs(np.mean(found) - truth) / (np.std(found) / np.sqrt(DRAWS)), 3.3)


@pytest.mark.truth
def test_adjusting_for_periods_is_what_keeps_an_unequal_use_of_orders_right():
    """Ten people begin with one condition and four with the other: the plain difference is off, the estimate is not."""
    plain: list[float] = []
    adjusted: list[float] = []
    for seed in range(DRAWS):
        generator = np.random.default_rng(seed)
        sequences = np.array([[0, 1]] * 10 + [[1, 0]] * 4)
        values = generator.normal(size=(14, 1)) + generator.normal(size=(14, 2)) + np.array([0.0, 2.0])
        by_condition = np.take_along_axis(values, np.argsort(sequences, axis=1), axis=1)
        plain.append(float((by_condition[:, 1] - by_condition[:, 0]).mean()))
        adjusted.append(crossover_contrast(values, crossover_of(sequences), weights(2)).estimate)
    assert is_at_least(np.mean(plain), 0.6)
    assert is_at_most(abs(np.mean(adjusted)), 3.3 * np.std(adjusted) / np.sqrt(DRAWS))


@pytest.mark.truth
@pytest.mark.parametrize(
    ("order", "size", "people"), [("williams", 2, 24), ("williams", 3, 24), ("latin", 3, 24), ("williams", 4, 26)]
)
def test_carry_over_is_not_seen_where_there_is_none(order, size, people):
    def is_wrong(generator, seed):
        values, design = answered(generator, size, people, order=order, effect=1.0)
        found = carry_over(values, design, draws=ARRANGEMENTS, seed=seed)
        return found.p is not None and found.p <= ALPHA

    assert is_near(rate(is_wrong, DRAWS), ALPHA, draws=DRAWS)


@pytest.mark.truth
@pytest.mark.parametrize(("size", "people", "carried"), [(2, 60, 2.0), (3, 36, 1.5), (4, 40, 1.2)])
def test_planted_carry_over_is_flagged(size, people, carried):
    def is_flagged(generator, seed):
        values, design = answered(generator, size, people, effect=0.5, carried=carried)
        found = carry_over(values, design, draws=ARRANGEMENTS, seed=seed)
        return found.p is not None and found.p <= ALPHA

    assert is_at_least(rate(is_flagged, DRAWS), 0.8 - noise(0.8, DRAWS))


@pytest.mark.truth
@pytest.mark.parametrize("size", [2, 3])
def test_periods_are_flagged_where_they_differ_and_only_there(size):
    def p_value(generator, seed, period):
        values, design = answered(generator, size, 24, effect=1.0, period=period)
        return period_test(values, design, draws=ARRANGEMENTS, seed=seed)

    assert is_at_least(rate(lambda generator, seed: p_value(generator, seed, 1.0) <= ALPHA, DRAWS), 0.75)
    assert is_near(rate(lambda generator, seed: p_value(generator, seed, 0.0) <= ALPHA, DRAWS), ALPHA, draws=DRAWS)
