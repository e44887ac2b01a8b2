"""Generators with known variance components: are they found, and does the persona test err as often as it says?"""

from __future__ import annotations

import numpy as np
import pytest
from rates import is_at_least, is_at_most, is_near, noise, number_of_draws

from tinytroupe_cli.analysis.nested_components import nested_components, nested_persona_test
from tinytroupe_cli.analysis.variance_components import (
    components,
    intraclass_correlation,
    percentile_interval,
    persona_test,
    resampled_components,
    same_condition_tests,
    share_intervals,
)
from tinytroupe_cli.analysis.wording_components import (
    contrast_errors_with_wordings,
    rescaled,
    without_wordings,
    wording_components,
)

DRAWS = number_of_draws(short=200)
PEOPLE, CONDITIONS, REPLICATES = 40, 3, 3


def answers(generator, *, person=1.0, interaction=0.5, noise=1.0):
    """Return people x conditions x replicates; the conditions' means are 0, 0.3 and 0.6."""
    return (
        generator.normal(0, person, (PEOPLE, 1, 1))
        + generator.normal(0, interaction, (PEOPLE, CONDITIONS, 1))
        + generator.normal(0, noise, (PEOPLE, CONDITIONS, REPLICATES))
        + np.array([0.0, 0.3, 0.6])[None, :, None]
    )


def over_draws(of):
    return np.array([of(np.random.default_rng(seed), seed) for seed in range(DRAWS)])


@pytest.mark.truth
def test_components_and_their_correlation_are_unbiased():
    def estimates(generator, _seed):
        values = answers(generator)
        found = components(values)
        parts = (found.people, found.conditions, found.interaction, found.noise)
        return [*(float(part[0]) for part in parts), intraclass_correlation(values)]

    drawn = over_draws(estimates)
    errors = drawn.std(axis=0, ddof=1) / np.sqrt(DRAWS)
    assert np.all(np.abs(drawn.mean(axis=0)[:4] - [1.0, 0.09, 0.25, 1.0]) < 4 * errors[:4])
    assert drawn.mean(axis=0)[4] == pytest.approx(1.25 / 2.25, abs=0.03)


@pytest.mark.truth
def test_the_interval_of_the_share_of_people_covers():
    def is_covered(generator, seed):
        drawn = resampled_components(answers(generator), seed=seed, resamples=500).shares["people"]
        low, high = percentile_interval(drawn)
        return low <= 1 / 2.34 <= high

    assert is_at_least(over_draws(is_covered).mean(), 0.9 - noise(0.9, DRAWS))


@pytest.mark.truth
def test_personas_that_do_not_matter_are_said_to_matter_in_five_of_a_hundred():
    def is_wrong(generator, seed):
        return persona_test(answers(generator, person=0, interaction=0), seed=seed, draws=199) <= 0.05

    assert is_at_most(over_draws(is_wrong).mean(), 0.065 + noise(0.05, DRAWS))


@pytest.mark.truth
def test_personas_that_matter_are_found():
    def is_found(generator, seed):
        return persona_test(answers(generator, person=0.65, interaction=0), seed=seed, draws=199) <= 0.05

    assert is_at_least(over_draws(is_found).mean(), 0.95)


SIZES = (14, 20, 30)


def nested(generator, conditions, *, person=1.0):
    """Return the answers of people who are nested in three cells, whose means are 0, 0.3 and 0.6."""
    return [
        generator.normal(0, person, (size, 1, 1))
        + generator.normal(0, 0.5 * person, (size, conditions, 1))
        + generator.normal(0.3 * place, 1, (size, conditions, REPLICATES))
        + np.linspace(0, 0.4, conditions)[None, :, None]
        for place, size in enumerate(SIZES)
    ]


@pytest.mark.truth
@pytest.mark.parametrize("conditions", [1, 2])
def test_components_of_people_nested_in_cells_are_unbiased(conditions):
    means = np.concatenate([0.3 * place + np.linspace(0, 0.4, conditions) for place in range(len(SIZES))])
    known = [1.25, means.var(ddof=1), 1.0] if conditions == 1 else [1.0, means.var(ddof=1), 1.0, 0.25]

    def estimates(generator, _seed):
        found = nested_components(nested(generator, conditions))
        parts = (found.people, found.conditions, found.noise, found.interaction)
        return [float(part[0]) for part in parts if part is not None]

    drawn = over_draws(estimates)
    errors = drawn.std(axis=0, ddof=1) / np.sqrt(DRAWS)
    assert np.all(np.abs(drawn.mean(axis=0) - known) < 4 * errors)


@pytest.mark.truth
def test_nested_personas_that_do_not_matter_are_said_to_matter_in_five_of_a_hundred():
    def is_wrong(generator, seed):
        return nested_persona_test(nested(generator, 2, person=0), seed=seed, draws=199) <= 0.05

    assert over_draws(is_wrong).mean() < 0.065 + 3 * np.sqrt(0.05 / DRAWS)


@pytest.mark.truth
def test_the_upper_end_of_a_small_share_of_people_is_above_it():
    def is_covered(generator, seed):
        values = generator.normal(0, 1, (14, 2, 2)) + generator.normal(0, 0.25, (14, 1, 1))
        both = components(values), resampled_components(values, seed=seed, resamples=400)
        found, drawn = ({"people": one.people, "rest": one.noise} for one in both)
        return share_intervals(found, drawn)["people"].high >= 0.0625 / 1.0625

    assert over_draws(is_covered).mean() > 0.95 - 3 * np.sqrt(0.05 / DRAWS)


@pytest.mark.truth
def test_one_cell_is_split_as_without_cells():
    values = answers(np.random.default_rng(1))
    one, other = components(values), nested_components([values])
    assert np.allclose([*one], [*other])


@pytest.mark.truth
def test_a_condition_differs_from_itself_in_five_of_a_hundred():
    def wrong(generator, seed):
        return np.mean([p <= 0.05 for p in same_condition_tests(answers(generator), draws=299, seed=seed)])

    assert is_near(over_draws(wrong).mean(), 0.05, draws=DRAWS * CONDITIONS)


@pytest.mark.truth
def test_components_with_crossed_wordings_are_unbiased():
    def estimates(generator, _seed):
        values = generator.normal(0, 1, (PEOPLE, CONDITIONS, 4, 2)) + generator.normal(0, 1, (PEOPLE, 1, 1, 1))
        values = values + generator.normal(0, 0.5, (PEOPLE, CONDITIONS, 1, 1))
        values = values + generator.normal(0, 0.5, (4, 1)) + generator.normal(0, 0.4, (CONDITIONS, 4, 1))
        plain = without_wordings(values)
        found = rescaled(components(plain), values.shape)
        own = wording_components(values, np.ones((1, PEOPLE)), found.noise)
        parts = (found.people, found.interaction, own.wordings, own.interaction, found.noise)
        return [float(part[0]) for part in parts]

    drawn = over_draws(estimates)
    errors = drawn.std(axis=0, ddof=1) / np.sqrt(DRAWS)
    assert np.all(np.abs(drawn.mean(axis=0) - [1.0, 0.25, 0.25, 0.16, 1.0]) < 4 * errors)


@pytest.mark.truth
def test_the_standard_error_with_wordings_is_that_of_the_difference():
    def difference(generator, _seed):
        values = generator.normal(0, 1, (PEOPLE, 2, 8, 2)) + generator.normal(0, 0.5, (PEOPLE, 2, 1, 1))
        values = values + generator.normal(0, 0.4, (1, 2, 8, 1))
        found = rescaled(components(without_wordings(values)), values.shape)
        own = wording_components(values, np.ones((1, PEOPLE)), found.noise)
        gap = float((values[:, 1] - values[:, 0]).mean())
        return gap, contrast_errors_with_wordings(found, own, values.shape)["now"] ** 2

    drawn = over_draws(difference)
    assert drawn[:, 1].mean() == pytest.approx(drawn[:, 0].var(ddof=1), rel=5 / np.sqrt(DRAWS))
