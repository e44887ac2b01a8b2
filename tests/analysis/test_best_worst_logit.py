"""The logit of best and worst choices: equal to its likelihood written out, and honest where there is no estimate."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType] - no stubs

from tinytroupe_cli.analysis.best_worst_logit import BestWorstChoices, best_worst_utilities

Floats = NDArray[np.float64]


def random_choices(*, sets: int = 120, options: int = 6, size: int = 3, seed: int = 5) -> BestWorstChoices:
    generator = np.random.default_rng(seed)
    shown = np.array([generator.permutation(options)[:size] for _ in range(sets)])
    worth = np.linspace(1, -1, options)[shown] + generator.gumbel(size=shown.shape)
    return BestWorstChoices(shown, worth.argmax(axis=1), worth.argmin(axis=1), np.arange(sets) // 6, np.ones(sets))


def log_likelihood(utilities: Floats, choices: BestWorstChoices, sets: range | None = None) -> float:
    total = 0.0
    for one in sets or range(len(choices.options)):
        shown = utilities[choices.options[one]]
        best, worst = choices.best[one], choices.worst[one]
        left = np.delete(shown, best)
        total += choices.weight[one] * (shown[best] - np.log(np.exp(shown).sum()))
        total += choices.weight[one] * (-shown[worst] - np.log(np.exp(-left).sum()))
    return float(total)


def test_utilities_are_those_of_the_greatest_likelihood() -> None:
    choices = random_choices()
    found = best_worst_utilities(choices, 6)
    assert found is not None

    def loss(free: Floats) -> float:
        return -log_likelihood(np.array([0.0, *free]), choices)

    best = np.array([0.0, *minimize(loss, np.zeros(5), tol=1e-12).x])  # pyright: ignore[reportUnknownMemberType]
    assert found.values == pytest.approx(best - best.mean(), abs=1e-5)
    assert found.values.sum() == pytest.approx(0, abs=1e-9)
    assert found.shares == pytest.approx(np.exp(best) / np.exp(best).sum(), abs=1e-5)


def test_errors_are_the_sandwich_with_scores_summed_by_person() -> None:
    choices = random_choices()
    found = best_worst_utilities(choices, 6)
    assert found is not None
    step, count = 1e-4, 6

    def slopes(at: Floats, sets: range | None = None) -> Floats:
        ends = [
            log_likelihood(at + sign * step * np.eye(count)[k], choices, sets) for k in range(count) for sign in (1, -1)
        ]
        return (np.array(ends[::2]) - np.array(ends[1::2])) / (2 * step)

    bread = -np.array(
        [(slopes(found.values + step * row) - slopes(found.values - step * row)) / (2 * step) for row in np.eye(count)]
    )
    people = int(choices.person.max()) + 1
    scores = np.array([slopes(found.values, range(6 * person, 6 * person + 6)) for person in range(people)])
    inverse = np.linalg.pinv(bread, rcond=1e-4)
    covariance = inverse @ scores.T @ scores @ inverse * people / (people - 1)
    assert found.errors == pytest.approx(np.sqrt(np.diag(covariance)), rel=1e-3)


def test_a_weight_of_two_is_the_same_person_twice() -> None:
    choices = random_choices()
    heavy = best_worst_utilities(
        BestWorstChoices(choices.options, choices.best, choices.worst, choices.person, np.full(120, 2.0)), 6
    )
    plain = best_worst_utilities(choices, 6)
    assert heavy is not None
    assert plain is not None
    assert heavy.values == pytest.approx(plain.values)
    assert heavy.errors == pytest.approx(plain.errors)


def test_an_option_that_always_wins_has_no_utility() -> None:
    choices = random_choices()
    best = np.array([int(row.argmin()) for row in choices.options])
    worst = np.array([int(row.argmax()) for row in choices.options])
    always = BestWorstChoices(choices.options, best, worst, choices.person, choices.weight)
    assert best_worst_utilities(always, 6) is None


def test_options_that_never_meet_can_not_be_compared() -> None:
    shown = np.array([[0, 1, 2], [3, 4, 5]] * 20)
    generator = np.random.default_rng(1)
    order = np.array([generator.permutation(3) for _ in range(40)])
    apart = BestWorstChoices(shown, order[:, 0], order[:, 1], np.arange(40) // 2, np.ones(40))
    assert best_worst_utilities(apart, 6) is None
