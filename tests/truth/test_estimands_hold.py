"""Generators with a known truth for estimands other than a difference of means or shares."""

from __future__ import annotations

import numpy as np
import pytest
from rates import ALPHA, is_at_least, is_near, noise, rate

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.distribution_figures import distance_figures
from tinytroupe_cli.analysis.estimand_figures import estimand_figures
from tinytroupe_cli.analysis.rank_statistics import brunner_munzel
from tinytroupe_cli.analysis.robust_means import centers_test, medians, trimmed_means
from tinytroupe_cli.plan.planned_comparisons import PlannedInference

PEOPLE = 50
INFERENCE = PlannedInference(permutations=999, resamples=999)


@pytest.mark.truth
def test_the_permuted_brunner_munzel_test_errs_as_often_as_it_says_where_variances_differ():
    def is_wrong(generator, seed):
        first, second = generator.normal(0, 1, 24), generator.normal(0, 3, 12)
        return brunner_munzel(first, second, draws=199, seed=seed).p <= ALPHA

    assert is_near(rate(is_wrong), ALPHA, slack=0.025)


@pytest.mark.truth
@pytest.mark.parametrize("center", [medians, trimmed_means])
@pytest.mark.parametrize("is_paired", [True, False])
def test_tests_of_centres_err_as_often_as_they_say(center, is_paired):
    def is_wrong(generator, seed):
        first, second = generator.exponential(1, (2, 20))
        return centers_test(first, second, center, is_paired=is_paired, draws=199, seed=seed).p <= ALPHA

    assert is_near(rate(is_wrong), ALPHA)


@pytest.mark.truth
@pytest.mark.parametrize(
    ("estimand", "truth"), [("ratio", 0.6 / 0.4), ("odds", (0.6 / 0.4) / (0.4 / 0.6)), ("delta", 0.2)]
)
def test_bca_intervals_of_shares_cover(estimand, truth):
    def is_covered(generator, seed):
        first, second = (generator.random(PEOPLE) < 0.4) * 1.0, (generator.random(PEOPLE) < 0.6) * 1.0
        how = AnalysisSettings(INFERENCE.model_copy(update={"permutations": 99}), seed)
        found = estimand_figures(first, second, estimand, how, is_paired=estimand == "delta")
        return found["low"] <= truth <= found["high"]

    assert is_at_least(rate(is_covered), 0.92 - noise(0.95))


def drawn_shares(generator, chances):
    return generator.multinomial(3, chances, size=PEOPLE) / 3  # three answers per person


@pytest.mark.truth
@pytest.mark.parametrize("is_paired", [True, False])
def test_equal_distributions_are_found_apart_as_often_as_stated(is_paired):
    def is_wrong(generator, seed):
        first, second = (drawn_shares(generator, [0.3, 0.1, 0.2, 0.4]) for _ in range(2))
        how = AnalysisSettings(INFERENCE.model_copy(update={"permutations": 299, "resamples": 50}), seed)
        return distance_figures(first, second, np.arange(4.0), how, is_paired=is_paired)["p"] <= ALPHA

    assert is_near(rate(is_wrong), ALPHA)


@pytest.mark.truth
@pytest.mark.parametrize("is_paired", [True, False])
def test_the_interval_of_a_distance_covers(is_paired):
    first, second = [0.5, 0.3, 0.1, 0.1], [0.1, 0.2, 0.3, 0.4]
    truth = np.abs(np.cumsum(np.subtract(first, second)))[:-1].sum()

    def is_covered(generator, seed):
        how = AnalysisSettings(INFERENCE.model_copy(update={"permutations": 99}), seed)
        shares = [drawn_shares(generator, chances) for chances in (first, second)]
        found = distance_figures(*shares, np.arange(4.0), how, is_paired=is_paired)
        return found["low"] <= truth <= found["high"]

    assert is_at_least(rate(is_covered), 0.93 - noise(0.95))
