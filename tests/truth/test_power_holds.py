"""Power by simulation against brute force: rows drawn one by one, and tested by other code."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from rates import is_near, is_within, number_of_draws
from scipy import stats

from tinytroupe_cli.analysis.pilot_people import checked, pilot_sampler
from tinytroupe_cli.analysis.power import AnswerModel, Layout, PowerSettings, model_sampler, simulated_power

DRAWS = number_of_draws(short=150)
SLACK = 0.03
MODEL = AnswerModel(person=0.7, interaction=0.4, noise=0.8, wording=0.25, effect=0.5)
SHARE = AnswerModel(person=0.6, interaction=0.4, noise=np.sqrt(1 - 0.52), wording=0.25, effect=0.25, share=0.4)
HOW = PowerSettings(draws=DRAWS)
LAYOUTS = {
    "within": Layout((30, 30)),
    "within, replicates": Layout((20, 20), replicates=3, conditions=2),
    "between": Layout((40, 40), is_within=False, replicates=2),
    "between, unequal": Layout((60, 20), is_within=False),
    "rotated wordings": Layout((48, 48), wordings=8),
    "rotated wordings, between": Layout((60, 60), is_within=False, wordings=6, replicates=2),
}


def by_brute_force(model, layout, *, alpha=0.05, seed=99):
    """Return the power of a t test on units (or wordings), every answer drawn on its own."""
    generator, found = np.random.default_rng(seed), 0
    scale = np.sqrt(1 + model.wording**2) if layout.wordings > 1 else 1
    cuts = [scale * stats.norm.isf(model.share + model.effect * one) for one in (0, 1)] if model.share else []
    for _ in range(DRAWS):
        shifts = generator.normal(0, model.wording, (2, layout.wordings)) if layout.wordings > 1 else np.zeros((2, 1))
        people = {number: generator.normal(0, model.person) for number in range(layout.people[0])}
        sides = [[], []]
        for level, count in enumerate(layout.people):
            for number in range(count):
                own = people[number] if layout.is_within else generator.normal(0, model.person)
                answers = []
                for _ in range(layout.conditions):
                    cell = own + shifts[level, number % layout.wordings] + generator.normal(0, model.interaction)
                    answers += [cell + generator.normal(0, model.noise) for _ in range(layout.replicates)]
                if model.share is not None:
                    answers = [float(one > cuts[level]) for one in answers]
                sides[level].append(np.mean(answers) + (model.effect * level if model.share is None else 0))
        found += _p(sides, layout, generator) < alpha
    return found / DRAWS


def _p(sides, layout, generator):
    first, second = (np.array(side) for side in sides)
    if layout.wordings > 1:
        dealt = [np.arange(len(side)) % layout.wordings for side in (first, second)]
        apart = [second[dealt[1] == one].mean() - first[dealt[0] == one].mean() for one in range(layout.wordings)]
        return 1.0 if np.ptp(apart) == 0 else stats.ttest_1samp(apart, 0).pvalue
    if not np.isin(2 * np.concatenate(sides), range(3)).all():
        return (stats.ttest_rel if layout.is_within else partial(stats.ttest_ind, equal_var=False))(first, second)[1]
    return _p_of_few_values(first, second, generator)  # ties make a permutation test stricter than a t test


def _p_of_few_values(first, second, generator):
    values = np.concatenate([first, second])
    orders = np.argsort(generator.random((1_999, len(values))), axis=1)
    rows = np.vstack([values, values[orders]])
    ones, others = rows[:, : len(first)], rows[:, len(first) :]
    errors = np.sqrt(ones.var(axis=1, ddof=1) / len(first) + others.var(axis=1, ddof=1) / len(second))
    t = np.abs(others.mean(axis=1) - ones.mean(axis=1)) / np.maximum(errors, 1e-12)
    return float((t >= t[0] - 1e-9).mean())


def agree(found, wanted):
    """Return whether two rates agree but for the bar's slack and three standard errors of their difference."""
    allowed = SLACK + 3 * np.sqrt(2 * max(wanted * (1 - wanted), 0.02) / DRAWS)
    return is_within(found, wanted - allowed, wanted + allowed)


@pytest.mark.truth
@pytest.mark.parametrize("name", LAYOUTS)
def test_power_of_a_number_is_that_of_brute_force(name):
    layout = LAYOUTS[name]
    assert agree(simulated_power(model_sampler(MODEL, layout), layout, HOW).power, by_brute_force(MODEL, layout))


@pytest.mark.truth
@pytest.mark.parametrize("name", ["within, replicates", "between", "rotated wordings"])
def test_power_of_a_share_is_that_of_brute_force(name):
    layout = LAYOUTS[name]
    assert agree(simulated_power(model_sampler(SHARE, layout), layout, HOW).power, by_brute_force(SHARE, layout))


@pytest.mark.truth
@pytest.mark.parametrize("design", [{"is_within": True}, {"is_within": False}, {"wordings": 8}])
def test_power_grows_with_the_people(design):
    layouts = [Layout((people, people), **design) for people in (16, 32, 64, 128)]
    found = [simulated_power(model_sampler(MODEL, layout), layout, HOW) for layout in layouts]
    powers = [one.power for one in found]
    assert all(more >= less - 2 / DRAWS for less, more in pairwise(powers)), powers
    detectable = [one.detectable for one in found]
    assert detectable == sorted(detectable, reverse=True)


@pytest.mark.truth
def test_the_detectable_effect_has_a_power_of_80_percent():
    for layout in (LAYOUTS["within"], LAYOUTS["between"], LAYOUTS["rotated wordings"]):
        least = simulated_power(model_sampler(MODEL, layout), layout, HOW).detectable
        effect = AnswerModel(**{**{name: getattr(MODEL, name) for name in MODEL.__slots__}, "effect": least})
        assert agree(simulated_power(model_sampler(effect, layout), layout, HOW).power, 0.8)


@pytest.mark.truth
@pytest.mark.parametrize("name", LAYOUTS)
def test_without_an_effect_the_power_is_the_significance_level(name):
    none = AnswerModel(person=0.7, interaction=0.4, noise=0.8, wording=0.25, effect=0)
    found = simulated_power(model_sampler(none, LAYOUTS[name]), LAYOUTS[name], HOW).power
    assert is_near(found, 0.05, draws=DRAWS)


@pytest.mark.truth
@pytest.mark.parametrize("replicates", [1, 2, 4])
@pytest.mark.parametrize("is_within", [True, False])
def test_a_large_pilot_gives_the_power_of_its_population(is_within, replicates):
    generator = np.random.default_rng(5)
    values = (
        generator.normal(0, 0.7, (2_000, 1, 1, 1))
        + generator.normal(0, 0.4, (2_000, 2, 1, 1))
        + generator.normal(0, 0.8, (2_000, 2, 1, 2))
        + np.array([0, 0.3])[None, :, None, None]
    )
    layout = Layout((30, 30), is_within=is_within, replicates=replicates)
    pilot = checked(values, is_share=False)
    found = simulated_power(pilot_sampler(pilot, layout, effect=0.5, wording=0), layout, HOW).power
    assert agree(found, simulated_power(model_sampler(MODEL, layout), layout, HOW).power)


@pytest.mark.truth
def test_a_large_pilot_of_a_share_gives_the_power_of_its_population():
    generator = np.random.default_rng(5)
    latent = generator.normal(0, 0.6, (4_000, 1)) + generator.normal(0, 0.8, (4_000, 2))
    values = (latent > stats.norm.isf(0.4))[:, :, None, None] * 1.0
    layout = Layout((60, 60), is_within=False)
    found = simulated_power(pilot_sampler(checked(values, is_share=True), layout, effect=0.2, wording=0), layout, HOW)
    same = AnswerModel(person=0.6, interaction=0, noise=0.8, wording=0, effect=0.2, share=0.4)
    assert agree(found.power, simulated_power(model_sampler(same, layout), layout, HOW).power)
