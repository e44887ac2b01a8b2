"""Do the figures of price ladders, budgets and best-worst tasks cover what they estimate, and err as they say?"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from rates import ALPHA, ARRANGEMENTS, is_at_least, is_at_most, is_near, is_within, noise, number_of_draws, rate

from tinytroupe_cli.analysis.best_worst_logit import BestWorstChoices, Utilities, best_worst_utilities
from tinytroupe_cli.analysis.demand_curve import demand_band, greatest_revenue
from tinytroupe_cli.analysis.differences import student
from tinytroupe_cli.analysis.mean_intervals import mean_interval
from tinytroupe_cli.analysis.omnibus import anova_type, repeated_measures_f
from tinytroupe_cli.compiler.measures.block_designs import versions_of_sets

Floats = NDArray[np.float64]
DRAWS = number_of_draws(short=300)
PRICES = np.array([199.0, 299.0, 399.0, 499.0, 599.0])
BAND: dict[str, Any] = {"resamples": 400, "alpha": ALPHA}


def ladders(generator: np.random.Generator, people: int, mean: float, sd: float) -> Floats:
    """Return who accepts which price: highest prices are normal over people."""
    return (generator.normal(mean, sd, people)[:, None] >= PRICES).astype(np.float64)


def demand(mean: float, sd: float) -> Floats:
    return np.array([1 - NormalDist(mean, sd).cdf(price) for price in PRICES])


@pytest.mark.truth
@pytest.mark.parametrize(("people", "mean", "sd"), [(20, 390, 120), (40, 480, 60), (40, 390, 300), (100, 390, 120)])
def test_the_band_covers_the_demand_at_all_prices_together(people: int, mean: float, sd: float) -> None:
    truth = demand(mean, sd)

    def is_covered(generator: np.random.Generator, seed: int) -> bool:
        band = demand_band(ladders(generator, people, mean, sd), np.ones(people), seed=seed, **BAND)
        return all(low <= share <= high for (low, high), share in zip(band, truth, strict=True))

    # Exact intervals cover more often where an expected count is below 5.
    is_rare = min(people * min(share, 1 - share) for share in truth) < 5
    allowed = noise(0.95, DRAWS)
    assert is_within(rate(is_covered, DRAWS), 0.94 - allowed, 1.0 if is_rare else 0.98 + allowed)


@pytest.mark.truth
def test_the_band_covers_demand_with_weights_and_several_answers_of_a_person() -> None:
    """Half of the people are drawn four times too rarely and weigh more; each answers three times."""
    truth = (demand(330, 100) + demand(450, 100)) / 2

    def is_covered(generator: np.random.Generator, seed: int) -> bool:
        is_rare = generator.random(60) < 0.2
        person = np.where(is_rare, 330, 450) + generator.normal(0, 80, 60)
        answers = person[:, None] + generator.normal(0, 60, (60, 3))
        accepted = (answers[:, :, None] >= PRICES).mean(axis=1)
        weights = np.where(is_rare, 4.0, 1.0)
        band = demand_band(accepted, weights, seed=seed, **BAND)
        return all(low <= share <= high for (low, high), share in zip(band, truth, strict=True))

    assert is_at_least(rate(is_covered, DRAWS), 0.93 - noise(0.93, DRAWS))


@pytest.mark.truth
@pytest.mark.parametrize(("people", "mean", "sd"), [(20, 390, 120), (40, 390, 300), (40, 480, 60)])
def test_the_price_of_greatest_revenue_is_among_the_candidates(people: int, mean: float, sd: float) -> None:
    best = int(np.argmax(PRICES * demand(mean, sd)))

    def is_covered(generator: np.random.Generator, seed: int) -> bool:
        accepted = ladders(generator, people, mean, sd)
        return best in greatest_revenue(accepted, PRICES, np.ones(people), seed=seed, **BAND).candidates

    assert is_at_least(rate(is_covered, DRAWS), 0.95 - noise(0.95, DRAWS))


@pytest.mark.truth
def test_two_prices_of_equal_revenue_are_both_candidates() -> None:
    """The least favorable truth: two prices are the best, and either may be excluded in 5% of draws."""
    prices = np.array([200.0, 400.0])

    def is_covered(generator: np.random.Generator, seed: int) -> bool:
        highest = generator.random(80)
        accepted = np.column_stack([highest < 0.8, highest < 0.4]).astype(np.float64)
        return greatest_revenue(accepted, prices, np.ones(80), seed=seed, **BAND).candidates == (0, 1)

    # Each of the two is excluded with a probability of 5%.
    assert is_near(rate(is_covered, DRAWS), 0.90, slack=0.03, draws=DRAWS)


@pytest.mark.truth
def test_a_clearly_best_price_is_the_only_candidate_with_many_people() -> None:
    def is_alone(generator: np.random.Generator, seed: int) -> bool:
        accepted = ladders(generator, 200, 390, 120)
        return greatest_revenue(accepted, PRICES, np.ones(200), seed=seed, **BAND).candidates == (1,)

    assert is_at_least(rate(is_alone, DRAWS), 0.8)


OPTIONS, SETS, SIZE = 8, 6, 4
TRUE = np.linspace(1.5, -1.5, OPTIONS)
VERSIONS = [version for version, _ in zip(versions_of_sets(OPTIONS, SETS, SIZE, seed=1, purpose=("t",)), range(30))]  # noqa: B905 - endless


def best_and_worst(generator: np.random.Generator, people: int, *, taste: float, times: int = 1) -> BestWorstChoices:
    """Return choices by the sequential model; `taste`: how much utilities differ between people."""
    options = np.array([version for number in range(people) for version in VERSIONS[number % 30] for _ in range(times)])
    person = np.repeat(np.arange(people), SETS * times)
    utility = (TRUE + generator.normal(0, taste, (people, OPTIONS)))[person[:, None], options]
    best = (utility + generator.gumbel(size=utility.shape)).argmax(axis=1)
    dislike = -utility + generator.gumbel(size=utility.shape)
    dislike[np.arange(len(best)), best] = -np.inf
    return BestWorstChoices(options, best, dislike.argmax(axis=1), person, np.ones(len(best)))


def covered(found: Utilities | None, people: int, truth: Floats) -> list[bool]:
    assert found is not None
    ends = [
        student(value, error, people - 1, ALPHA, np.inf)
        for value, error in zip(found.values.tolist(), found.errors.tolist(), strict=True)
    ]
    return [low <= value <= high for (low, high), value in zip(ends, truth, strict=True)]


@pytest.mark.truth
@pytest.mark.parametrize("people", [40, 100])
def test_utilities_are_recovered_without_bias_and_covered(people: int) -> None:
    draws = number_of_draws(short=150)
    found = [
        best_worst_utilities(best_and_worst(np.random.default_rng(seed), people, taste=0.0), OPTIONS)
        for seed in range(draws)
    ]
    values = np.array([one.values for one in found if one is not None])
    assert len(values) == draws
    bias = np.abs(values.mean(axis=0) - TRUE).max()
    error = float(values.std(axis=0, ddof=1).max() / np.sqrt(draws))
    assert is_at_most(float(bias), 0.05 + 3 * error)  # maximum likelihood is off by a few percent with 40 people
    hits = [hit for one in found for hit in covered(one, people, TRUE)]
    assert is_within(float(np.mean(hits)), 0.93 - noise(0.95, draws), 0.97 + noise(0.95, draws))


@pytest.mark.truth
def test_people_who_differ_are_covered_too_and_unclustered_errors_are_too_small() -> None:
    """With tastes that differ, the logit estimates what it would find with everybody; sets of a person are alike."""
    draws, people = number_of_draws(short=150), 50
    everybody = best_worst_utilities(best_and_worst(np.random.default_rng(99), 20_000, taste=1.5), OPTIONS)
    assert everybody is not None
    clustered: list[bool] = []
    alone: list[bool] = []
    for seed in range(draws):
        choices = best_and_worst(np.random.default_rng(seed), people, taste=1.5, times=2)
        clustered += covered(best_worst_utilities(choices, OPTIONS), people, everybody.values)
        each = BestWorstChoices(
            choices.options, choices.best, choices.worst, np.arange(len(choices.best)), choices.weight
        )
        alone += covered(best_worst_utilities(each, OPTIONS), people, everybody.values)
    assert is_within(float(np.mean(clustered)), 0.92 - noise(0.95, draws), 0.97 + noise(0.95, draws))
    assert is_at_most(float(np.mean(alone)), 0.90)


def budgets(generator: np.random.Generator, people: int, mean: Floats, strength: float) -> Floats:
    """Return amounts that add up to 100; less `strength` makes people differ more."""
    return 100 * generator.dirichlet(strength * mean, people)


MEAN = np.array([0.4, 0.3, 0.2, 0.1])


@pytest.mark.truth
def test_mean_amounts_are_covered() -> None:
    def hits(generator: np.random.Generator, seed: int) -> bool:
        amounts = budgets(generator, 40, MEAN, 6)[:, seed % 4]
        interval = mean_interval(amounts.tolist(), resamples=400, seed=seed, alpha=ALPHA, bounds=(0, 100))
        return interval is not None and interval.low <= 100 * MEAN[seed % 4] <= interval.high

    assert is_near(rate(hits, 2 * DRAWS), 0.95, slack=0.02, draws=2 * DRAWS)


@pytest.mark.truth
def test_budgets_of_unlike_groups_err_as_often_as_they_say() -> None:
    """A small group that differs much, and a large one that doesn't: without its divisor, the sum errs too often."""

    def groups(generator: np.random.Generator) -> list[Floats]:
        return [budgets(generator, 12, MEAN, 1.0), budgets(generator, 48, MEAN, 20)]

    def is_found(generator: np.random.Generator, seed: int) -> bool:
        return anova_type(groups(generator), draws=ARRANGEMENTS, seed=seed).p <= ALPHA

    def is_found_by_the_sum(generator: np.random.Generator, seed: int) -> bool:
        first, second = groups(generator)
        both = np.concatenate([first, second])
        shuffled = np.random.default_rng(seed).permuted(np.tile(np.arange(60), (ARRANGEMENTS, 1)), axis=1)
        drawn = [np.square(both[order[:12]].mean(axis=0) - both[order[12:]].mean(axis=0)).sum() for order in shuffled]
        observed = np.square(first.mean(axis=0) - second.mean(axis=0)).sum()
        return (1 + int((np.array(drawn) >= observed).sum())) / (ARRANGEMENTS + 1) <= ALPHA

    assert is_near(rate(is_found, DRAWS), ALPHA, slack=0.02, draws=DRAWS)
    assert is_at_least(rate(is_found_by_the_sum, DRAWS), 0.10)


@pytest.mark.truth
@pytest.mark.parametrize("is_paired", [True, False])
def test_equal_budgets_are_rarely_and_shifted_ones_often_told_apart(is_paired: bool) -> None:
    shifted = np.array([0.53, 0.23, 0.16, 0.08])

    def p_of(generator: np.random.Generator, seed: int, second: Floats) -> float:
        first, other = budgets(generator, 40, MEAN, 8), budgets(generator, 40, second, 8)
        if is_paired:
            return repeated_measures_f(
                np.stack([first, other], axis=2).transpose(1, 0, 2), draws=ARRANGEMENTS, seed=seed
            ).p
        return anova_type([first, other], draws=ARRANGEMENTS, seed=seed).p

    assert is_near(rate(lambda generator, seed: p_of(generator, seed, MEAN) <= ALPHA, DRAWS), ALPHA, draws=DRAWS)
    assert is_at_least(rate(lambda generator, seed: p_of(generator, seed, shifted) <= ALPHA, DRAWS), 0.8)
