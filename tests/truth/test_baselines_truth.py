"""Baselines against generators with a known truth: how often is it said that personas add nothing?"""

from __future__ import annotations

import numpy as np
import pytest
from rates import is_at_least, is_at_most, is_near, number_of_draws
from scipy import stats

from tinytroupe_cli.analysis.answer_sets import answer_set
from tinytroupe_cli.analysis.baseline_figures import (
    BootstrapDraws,
    baseline_distances,
    contrast_estimate,
    is_same_conclusion,
    person_share,
    verdict_of,
)
from tinytroupe_cli.analysis.fidelity_figures import AnswerScale
from tinytroupe_cli.analysis.human_sampling import Sides

DRAWS = max(40, number_of_draws(short=200) // 5)
"""Draws of each generator; each draws thousands of samples itself."""
PEOPLE, CONDITIONS, REPLICATES = 600, 2, 3
POINTS = np.arange(1.0, 6.0)
SCALES = {
    "points": AnswerScale(POINTS, is_ordered=True, has_categories=True, width=4.0),
    "choice": AnswerScale(None, is_ordered=False, has_categories=True, width=1.0),
}
NO_PAIRS = np.zeros((0, 2), dtype=np.int64)
CUTS = {"points": [-1.2, -0.4, 0.4, 1.2], "choice": [-0.3, 0.5]}


def answers(generator, icc, kind, shift=0.0):
    """Return places of answers, people x conditions x replicates: a latent value of variance 1, cut into categories.

    `icc` of the variance is the person's, `shift` is added to everybody.
    """
    person = generator.normal(0, np.sqrt(icc), (PEOPLE, 1, 1))
    noise = generator.normal(0, np.sqrt(1 - icc), (PEOPLE, CONDITIONS, REPLICATES))
    return np.searchsorted(CUTS[kind], person + noise + shift)


def units(places, size):
    """Return each person's answers over conditions and replicates as a distribution."""
    share = 1 / (CONDITIONS * REPLICATES)
    return answer_set([[(int(one), share) for one in own.ravel()] for own in places], [1.0] * len(places), size)


def verdict(simulated, baseline, kind, seed, *, with_people=True):
    draws, size = BootstrapDraws(300, seed), len(CUTS[kind]) + 1
    sides = Sides(units(simulated, size), units(baseline, size), NO_PAIRS)
    distance = baseline_distances(sides, SCALES[kind], draws)["total_variation"]
    columns = np.stack([simulated == place for place in range(size)], axis=-1).astype(float)
    if kind == "points":
        columns = simulated[..., None].astype(float)
    is_same = True
    for column in range(columns.shape[-1]):
        gaps = np.diff(columns[..., column].mean(axis=2), axis=1)[:, 0]
        other = (baseline if kind == "points" else baseline == column).mean(axis=2)
        tests = columns.shape[-1]
        found = contrast_estimate(other, np.array([-1.0, 1.0]), np.ones(PEOPLE), draws, tests=tests)
        is_shown = stats.ttest_1samp(gaps, 0).pvalue < draws.alpha / tests
        is_same &= is_same_conclusion(gaps.mean(), found, is_shown=bool(is_shown))
    people = person_share(columns, draws.alpha) if with_people else None
    return verdict_of(distance, is_same=is_same, alpha=draws.alpha, people=people)


def rates(icc, kind, *, shift=0.0, with_people=True):
    """Return verdict -> how often it is given."""
    found = []
    for seed in range(DRAWS):
        generator = np.random.default_rng(seed)
        simulated, baseline = answers(generator, icc, kind), answers(generator, 0.0, kind, shift)
        found.append(verdict(simulated, baseline, kind, seed, with_people=with_people))
    return {name: found.count(name) / DRAWS for name in set(found)}


@pytest.mark.truth
@pytest.mark.parametrize("kind", sorted(SCALES))
def test_a_model_that_ignores_the_persona_is_said_to_gain_nothing_from_it(kind):
    assert is_at_least(rates(0.0, kind).get("adds_nothing", 0), 0.9)


@pytest.mark.truth
@pytest.mark.parametrize("kind", sorted(SCALES))
def test_personas_that_account_for_a_third_of_the_variance_are_hardly_ever_said_to_add_nothing(kind):
    assert is_at_most(rates(0.3, kind).get("adds_nothing", 0), 0.05)


@pytest.mark.truth
def test_the_shares_alone_would_not_find_it():
    """Without the second question, the same answers given by other people would pass for nothing added."""
    found = rates(0.3, "choice", with_people=False)
    assert is_at_least(found.get("adds_nothing", 0), 0.5)


@pytest.mark.truth
def test_a_baseline_with_other_answers_differs():
    assert is_at_least(rates(0.0, "points", shift=0.6).get("differ", 0), 0.95)


@pytest.mark.truth
def test_the_interval_of_the_person_share_covers():
    """ICC(1) of normal answers, in one condition, where its F interval is exact (McGraw and Wong, 1996)."""
    inside = []
    for seed in range(10 * DRAWS):
        generator = np.random.default_rng(seed)
        person = generator.normal(0, np.sqrt(0.3), (60, 1, 1, 1))
        found = person_share(person + generator.normal(0, np.sqrt(0.7), (60, 1, 3, 1)), 0.05)
        inside.append(found.low <= 0.3 <= found.high)
    assert is_near(np.mean(inside), 0.95, slack=0.01, draws=len(inside))
