"""Generators with a known truth for several wordings: rotated over people, or crossed with them."""

from __future__ import annotations

import numpy as np
import pytest
from rates import ALPHA, is_at_least, is_at_most, is_within, noise, number_of_draws, rate
from scipy import stats

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.wording_figures import WordingValues, worded_figures
from tinytroupe_cli.analysis.wording_tests import crossed_test, interval_factor, rotated_test
from tinytroupe_cli.compiler.cast.assignment import block_randomization
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.plan.planned_comparisons import PlannedInference

DRAWS = number_of_draws(short=200)
PEOPLE = 40
KINDS = ["number", "binary", "ordinal"]


SLACK = 0.015 + noise(ALPHA, DRAWS)


def answers(generator, wordings, replicates, *, kind="number", effect=0.0, is_rotated=False):
    """Return people x wordings x conditions, the mean of replicates; wording x condition has an SD of 0.3.

    Rotated: shape (wordings, people of each, conditions).
    """
    own = PEOPLE // wordings if is_rotated else 1
    shape = (wordings, own) if is_rotated else (PEOPLE, wordings)
    person = generator.normal(0, 1, (*shape, 1, 1) if is_rotated else (PEOPLE, 1, 1, 1))
    by_condition = generator.normal(0, 0.5, (*shape, 2, 1) if is_rotated else (PEOPLE, 1, 2, 1))
    of_wordings = generator.normal(0, 0.5, (wordings, 1, 1, 1)) + generator.normal(0, 0.3, (wordings, 1, 2, 1))
    if not is_rotated:
        of_wordings = of_wordings.transpose(1, 0, 2, 3)
    latent = person + by_condition + of_wordings + generator.normal(0, 1, (*shape, 2, replicates))
    latent = latent + effect * np.array([0, 1])[:, None]
    found = {"number": latent, "binary": (latent > 0.5) * 1.0, "ordinal": np.clip(np.round(latent + 3), 1, 5)}[kind]
    return found.mean(axis=-1)


def rotated_effects(generator, wordings, replicates, **settings):
    values = answers(generator, wordings, replicates, is_rotated=True, **settings)
    return (values[..., 1] - values[..., 0]).mean(axis=1)


@pytest.mark.truth
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("replicates", [1, 3])
@pytest.mark.parametrize("wordings", [4, 8, PEOPLE])
def test_rotated_wordings_err_as_often_as_they_say(wordings, replicates, kind):
    found = rate(
        lambda generator, _seed: rotated_test(rotated_effects(generator, wordings, replicates, kind=kind)).p <= ALPHA,
        DRAWS,
    )
    assert is_within(found, ALPHA - SLACK, ALPHA + SLACK)


@pytest.mark.truth
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("replicates", [1, 3])
@pytest.mark.parametrize("wordings", [4, 8])
def test_crossed_wordings_err_as_often_as_they_say(wordings, replicates, kind):
    def is_wrong(generator, _seed):
        values = answers(generator, wordings, replicates, kind=kind)
        return crossed_test([values[..., 1] - values[..., 0]]).p <= ALPHA

    found = rate(is_wrong, DRAWS)
    assert is_within(found, ALPHA - 0.005 - SLACK, ALPHA + SLACK)


@pytest.mark.truth
@pytest.mark.parametrize("kind", KINDS)
def test_crossed_wordings_of_separate_people_err_as_often_as_they_say(kind):
    def is_wrong(generator, _seed):
        values = answers(generator, 8, 1, kind=kind)
        return crossed_test([values[:20, :, 0], values[20:, :, 1]]).p <= ALPHA

    found = rate(is_wrong, DRAWS)
    assert is_within(found, ALPHA - 0.005 - SLACK, ALPHA + SLACK)


@pytest.mark.truth
def test_with_gaps_crossed_wordings_do_not_err_more_often():
    def is_wrong(generator, _seed):
        values = answers(generator, 8, 1)
        effects = values[..., 1] - values[..., 0]
        effects[generator.random(effects.shape) < 0.15] = np.nan
        return crossed_test([effects]).p <= ALPHA

    assert is_at_most(rate(is_wrong, DRAWS), ALPHA + SLACK)


@pytest.mark.truth
@pytest.mark.parametrize("is_rotated", [True, False])
def test_wordings_averaged_away_as_if_they_were_people_err_far_too_often(is_rotated):
    def p_values(generator):
        values = answers(generator, 4, 3, is_rotated=is_rotated)
        effects = values[..., 1] - values[..., 0]
        people = effects.ravel() if is_rotated else effects.mean(axis=1)
        rows = effects.ravel()
        return stats.ttest_1samp(people, 0).pvalue, stats.ttest_1samp(rows, 0).pvalue

    found = np.array([p_values(np.random.default_rng(seed)) for seed in range(DRAWS)]) <= ALPHA
    assert is_at_least(found[:, 0].mean(), 0.12)
    assert is_rotated or is_at_least(
        found[:, 1].mean(), 0.15
    )  # rotated and averaged over replicates, a row is a person


@pytest.mark.truth
def test_with_a_wording_for_each_person_the_test_of_people_is_right_again():
    def is_wrong(generator, _seed):
        return stats.ttest_1samp(rotated_effects(generator, PEOPLE, 3), 0).pvalue <= ALPHA

    assert is_within(rate(is_wrong, DRAWS), ALPHA - SLACK, ALPHA + SLACK)


@pytest.mark.truth
@pytest.mark.parametrize("cross", ["rotate", "all"])
@pytest.mark.parametrize("wordings", [4, 8])
def test_intervals_over_wordings_cover(wordings, cross):
    inference = PlannedInference(permutations=999, resamples=999)

    def is_covered(generator, _seed):
        values = answers(generator, wordings, 1, effect=0.5, is_rotated=cross == "rotate")
        by_wording = values if cross == "rotate" else values.transpose(1, 0, 2)
        sides = tuple(
            tuple({str(unit): float(one) for unit, one in enumerate(own[:, place])} for place in (0, 1))
            for own in by_wording
        )
        asked = ComparisonResult(measure="q.f", by="x", levels=(1, 2), design="within", scale="number", unit="person")
        both = values[..., 0].ravel(), values[..., 1].ravel()
        found = worded_figures(WordingValues(cross, sides), both, asked, np.inf, AnalysisSettings(inference, 1))
        assert found["wordings"] == wordings
        return found["low"] <= 0.5 <= found["high"]

    assert is_at_least(rate(is_covered, DRAWS), 0.93 - noise(0.95, DRAWS))


@pytest.mark.truth
def test_versions_are_dealt_evenly_in_all_and_in_each_cell():
    people = [f"p{number}" for number in range(37)]
    cells = {"a": people[:19], "b": people[19:]}
    for seed in range(max(DRAWS, 1_000)):
        versions = block_randomization(people, [1] * 8, stream=Stream(seed, "wordings"), blocks=cells)
        for own in (people, *cells.values()):
            counts = [len(set(version) & set(own)) for version in versions]
            assert max(counts) - min(counts) <= 1


def test_four_wordings_make_the_interval_1_6_times_as_wide():
    assert round(interval_factor(4), 1) == 1.6
    assert interval_factor(20) < 1.1
