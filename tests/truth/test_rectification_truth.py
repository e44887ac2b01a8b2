"""Rectified estimates against generators with a known truth, and against ppi-python's formulas written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rates import is_at_least, is_at_most, is_within, noise, number_of_draws
from scipy import stats

from tinytroupe_cli.analysis.humans_needed import (
    TwinModel,
    WidthSearch,
    cautious_correlation,
    humans_alone,
    humans_needed,
)
from tinytroupe_cli.analysis.rectification import (
    PairedSample,
    best_lambda,
    correlation,
    difference,
    human_mean,
    rectified_mean,
)

DRAWS = 5 * number_of_draws(short=300)
BIAS = 1.0
"""How far the simulation is off, in standard deviations."""


def a_sample(generator, r, people=20, further=200, *, weighted=False):
    """Return people with mean 0, and simulated people who correlate r with them and are off by BIAS."""
    human = generator.normal(0, 1, people)
    twin = BIAS + r * human + np.sqrt(1 - r * r) * generator.normal(0, 1, people)
    return PairedSample(
        human,
        twin,
        BIAS + generator.normal(0, 1, further),
        generator.uniform(0.5, 2, people) if weighted else np.ones(people),
        generator.uniform(0.5, 2, further) if weighted else np.ones(further),
    )


@pytest.mark.truth
@pytest.mark.parametrize("r", [0.0, 0.2, 0.6])
@pytest.mark.parametrize(("people", "weighted"), [(20, False), (60, False), (60, True)])
def test_however_wrong_the_simulation_the_estimate_is_unbiased_and_its_interval_covers(r, people, weighted):
    generator = np.random.default_rng(1)
    values, covered = [], []
    for _ in range(DRAWS):
        sample = a_sample(generator, r, people, weighted=weighted)
        found = rectified_mean(sample, best_lambda(sample))
        low, high = found.interval(0.05)
        values.append(found.value)
        covered.append(low <= 0 <= high)
    error = np.std(values) / np.sqrt(DRAWS)
    assert is_at_most(abs(np.mean(values)), 3 * error)
    slack = noise(0.95, DRAWS)
    assert is_within(np.mean(covered), 0.93 - slack, 0.97 + slack)


@pytest.mark.truth
def test_a_good_simulation_is_worth_people_and_a_poor_one_costs_none():
    generator = np.random.default_rng(2)
    worth = {}
    for r in (0.0, 0.8):
        ratios = []
        for _ in range(200):
            sample = a_sample(generator, r, 50, 1000)
            ratios.append(human_mean(sample).variance / rectified_mean(sample, best_lambda(sample)).variance)
        worth[r] = float(np.mean(ratios))
    assert is_at_least(worth[0.8], 2)
    assert is_within(worth[0.0], 0.95, 1.1)


@pytest.mark.truth
@pytest.mark.parametrize("r", [0.0, 0.4, 0.8])
@pytest.mark.parametrize("half_width", [0.15, 0.2])
def test_the_people_that_are_planned_for_give_the_wanted_interval_and_fewer_do_not(r, half_width):
    search = WidthSearch(half_width, 0.05, 20, 1000, seed=5)
    people, _ = humans_needed(TwinModel(1.0, None, r), 600, search)

    def found(size):
        generator = np.random.default_rng(9)
        samples = [a_sample(generator, r, size, 600 - size) for _ in range(DRAWS)]
        return np.mean([np.ptp(rectified_mean(one, best_lambda(one)).interval(0.05)) / 2 for one in samples])

    assert is_within(found(people), 0.98 * half_width, 1.01 * half_width)
    assert is_at_least(found(int(people * 0.93)), half_width)


def test_a_better_simulation_and_more_simulated_people_never_need_more_humans():
    search = WidthSearch(0.2, 0.05, 20, 300, seed=5)
    sizes = [humans_needed(TwinModel(1.0, None, r), 600, search)[0] for r in (0.0, 0.3, 0.6, 0.9)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < sizes[0] / 2
    many = [humans_needed(TwinModel(0.5, 0.5, 0.7), further, search)[0] for further in (60, 200, 800)]
    assert many == sorted(many, reverse=True)
    assert humans_needed(TwinModel(1.0, None, 0.5), 50, search) is None
    alone = humans_alone(TwinModel(1.0, None, 0.0), search)
    assert stats.t.ppf(0.975, alone - 1) / np.sqrt(alone) <= 0.2 < stats.t.ppf(0.975, alone - 2) / np.sqrt(alone - 1)


@given(r=st.floats(0.05, 0.95), people=st.integers(20, 200))
def test_a_pilots_correlation_is_lowered_as_fishers_interval_says(r, people):
    low = cautious_correlation(r, people)
    assert 0 <= low < r
    if low > 0:
        assert (np.arctanh(r) - np.arctanh(low)) * np.sqrt(people - 3) == pytest.approx(stats.norm.ppf(0.9))


@pytest.mark.truth
def test_a_difference_of_two_groups_covers():
    generator = np.random.default_rng(3)
    covered = []
    for _ in range(DRAWS):
        both = [a_sample(generator, 0.6, 25), a_sample(generator, 0.2, 25)]
        found = difference(*(rectified_mean(one, best_lambda(one)) for one in both))
        low, high = found.interval(0.05)
        covered.append(low <= 0 <= high)
    slack = noise(0.95, DRAWS)
    assert is_within(np.mean(covered), 0.93 - slack, 0.97 + slack)


def ppi_python(y, f, further, w, more_w):
    """Return ppi-python's mean, lambda and z interval for a mean (version 0.2.3: ppi_mean_ci), written out."""
    n, many = len(y), len(further)
    w, more_w = w / w.sum() * n, more_w / more_w.sum() * many
    at_one = (more_w * further).mean() + (w * (y - f)).mean()
    grads, grads_hat, grads_more = w * (y - at_one), w * (f - at_one), more_w * (further - at_one)
    cov = 2 / n * ((grads - grads.mean()) @ (grads_hat - grads_hat.mean()))
    lam = np.clip(cov / (2 * (1 + n / many) * np.cov(np.concatenate([grads_hat, grads_more]))), 0, 1)
    mean = (more_w * lam * further).mean() + (w * (y - lam * f)).mean()
    error = np.sqrt((more_w * lam * further).var() / many + (w * (y - lam * f)).var() / n)
    return mean, lam, mean - stats.norm.ppf(0.975) * error, mean + stats.norm.ppf(0.975) * error


@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.3, 0.9]), st.booleans())
def test_mean_and_lambda_are_those_of_ppi_python(seed, r, weighted):
    sample = a_sample(np.random.default_rng(seed), r, 20 + seed % 30, 50, weighted=weighted)
    mean, lam, low, high = ppi_python(sample.human, sample.twin, sample.further, sample.weight, sample.further_weight)
    assert best_lambda(sample) == pytest.approx(lam, abs=1e-9)
    found = rectified_mean(sample, lam)
    assert found.value == pytest.approx(mean, abs=1e-9)
    if not weighted:  # theirs leaves the weights' own variance in
        z = stats.norm.ppf(0.975)
        with_n = np.sqrt(
            lam**2 * sample.further.var() / len(sample.further)
            + (sample.human - lam * sample.twin).var() / len(sample.human)
        )
        assert (mean - z * with_n, mean + z * with_n) == pytest.approx((low, high), abs=1e-9)
        assert found.variance == pytest.approx(with_n**2, rel=0.06)


def test_without_further_people_the_estimate_is_the_peoples():
    sample = a_sample(np.random.default_rng(4), 0.6, 30, 0)
    assert best_lambda(sample) == 0
    assert rectified_mean(sample, 0.0) == human_mean(sample)


def test_simulated_people_who_all_say_the_same_tell_nothing():
    sample = PairedSample(np.arange(30.0), np.ones(30), np.ones(50), np.ones(30), np.ones(50))
    assert best_lambda(sample) == 0
    assert correlation(sample) is None


@given(st.integers(0, 10**6))
def test_shifting_the_simulation_changes_nothing(seed):
    one = a_sample(np.random.default_rng(seed), 0.5, 30, 80)
    other = PairedSample(one.human, one.twin + 7, one.further + 7, one.weight, one.further_weight)
    assert best_lambda(other) == pytest.approx(best_lambda(one))
    ones, others = (rectified_mean(sample, best_lambda(one)) for sample in (one, other))
    assert others.value == pytest.approx(ones.value)
    assert others.variance == pytest.approx(ones.variance)
