"""Generators with a known truth: do tests err as often as they say, and do intervals cover as often as they say?

`pytest -m truth` runs the long form, `TROUPE_TRUTH=2000` draws each; CI runs a short one.
"""

from __future__ import annotations

import numpy as np
import pytest
from rates import ALPHA, ARRANGEMENTS, is_at_least, is_near, noise, rate
from scipy import stats

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.bootstrap import bootstrap_t, bootstrap_t_difference
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.differences import figures
from tinytroupe_cli.analysis.permutation import label_test, sign_flip_test
from tinytroupe_cli.analysis.score_intervals import newcombe, tango, wilson
from tinytroupe_cli.plan.planned_comparisons import PlannedInference

PEOPLE, REPLICATES = 40, 3


def answers(generator, *, effect=0.0, kind="number"):
    """Return people x conditions x replicates: person, person x condition and noise are random."""
    person = generator.normal(0, 1, (PEOPLE, 1, 1))
    by_condition = generator.normal(0, 0.5, (PEOPLE, 2, 1))
    noise = generator.normal(0, 1, (PEOPLE, 2, REPLICATES))
    latent = person + by_condition + noise + effect * np.array([0, 1])[None, :, None]
    return {"number": latent, "binary": (latent > 0.5) * 1.0, "ordinal": np.clip(np.round(latent + 3), 1, 5)}[kind]


@pytest.mark.truth
@pytest.mark.parametrize("kind", ["number", "binary", "ordinal"])
def test_within_people_the_sign_flips_err_as_often_as_they_say(kind):
    def is_wrong(generator, seed):
        means = answers(generator, kind=kind).mean(axis=2)
        return sign_flip_test(means[:, 1] - means[:, 0], draws=ARRANGEMENTS, seed=seed).p <= ALPHA

    assert is_near(rate(is_wrong), ALPHA)


@pytest.mark.truth
def test_rows_as_units_err_far_too_often():
    def is_wrong(generator, _seed):
        rows = answers(generator)[:20, 0].ravel(), answers(generator)[20:, 1].ravel()
        return stats.ttest_ind(*rows, equal_var=False).pvalue <= ALPHA

    assert is_at_least(rate(is_wrong), 0.15)


@pytest.mark.truth
@pytest.mark.parametrize(("sizes", "spreads"), [((20, 20), (1, 1)), ((30, 10), (1, 3)), ((12, 28), (2, 1))])
def test_between_people_the_labels_err_as_often_as_they_say(sizes, spreads):
    def is_wrong(generator, seed):
        groups = [generator.normal(0, spread, size) for size, spread in zip(sizes, spreads, strict=True)]
        return label_test(*groups, draws=ARRANGEMENTS, seed=seed).p <= ALPHA

    assert is_near(rate(is_wrong), ALPHA, slack=0.02)


@pytest.mark.truth
def test_a_planted_effect_is_found():
    def is_found(generator, seed):
        means = answers(generator, effect=0.6).mean(axis=2)
        return sign_flip_test(means[:, 1] - means[:, 0], draws=ARRANGEMENTS, seed=seed).p <= ALPHA

    assert is_at_least(rate(is_found), 0.7)


@pytest.mark.truth
@pytest.mark.parametrize("people", [12, 30])
def test_bootstrap_intervals_of_means_cover(people):
    def paired(generator, seed):
        low, high = bootstrap_t(generator.exponential(1, people), resamples=999, seed=seed)
        return low <= 1 <= high

    def apart(generator, seed):
        groups = generator.normal(0, 1, people), generator.normal(1, 2, people)
        low, high = bootstrap_t_difference(*groups, resamples=999, seed=seed)
        return low <= 1 <= high

    assert is_near(rate(paired), 0.95, slack=0.025)
    assert is_near(rate(apart), 0.95, slack=0.025)


@pytest.mark.truth
@pytest.mark.parametrize("shares", [(0.1, 0.1), (0.5, 0.7), (0.02, 0.1)])
def test_score_intervals_of_shares_cover(shares):
    first, second = shares

    def apart(generator, _seed):
        low, high = newcombe((generator.binomial(30, first), 30), (generator.binomial(30, second), 30))
        return low <= second - first <= high

    def paired(generator, _seed):
        chances = [second / 2, first / 2, 1 - (first + second) / 2]
        only_second, only_first, _ = generator.multinomial(40, chances)
        low, high = tango(int(only_second), int(only_first), 40)
        return low <= (second - first) / 2 <= high

    def alone(generator, _seed):
        low, high = wilson(generator.binomial(40, second), 40)
        return low <= second <= high

    assert is_at_least(rate(apart), 0.925 - noise(0.95))
    assert is_at_least(rate(paired), 0.925 - noise(0.95))
    assert is_at_least(rate(alone), 0.925 - noise(0.95))


@pytest.mark.truth
@pytest.mark.parametrize("people", [8, 20])
@pytest.mark.parametrize("design", ["within", "between"])
def test_intervals_of_shares_with_several_answers_a_person_cover(people, design):
    def is_covered(generator, seed):
        first, second = generator.binomial(3, 0.2, people) / 3, generator.binomial(3, 0.4, people) / 3
        asked = ComparisonResult(
            measure="q.f",
            by="x",
            levels=(1, 2),
            design=design,
            scale="share",
            unit="person",
            n=(people, people),
            missing=(0, 0),
            planned=(people, people),
        )
        found = figures(
            list(first), list(second), asked, 1.0, AnalysisSettings(PlannedInference(permutations=999), seed)
        )
        return found["low"] <= 0.2 <= found["high"]

    assert is_at_least(rate(is_covered), 0.93 - noise(0.95))
