"""A generator with a known truth for the multiverse's joint test: many related analyses of the same answers."""

from __future__ import annotations

import numpy as np
import pytest
from rates import ALPHA, ARRANGEMENTS, is_near, rate

from tinytroupe_cli.analysis.joint_test import JointTable, paired_joint_test, separate_joint_test

PEOPLE = 40
HOW = {"draws": ARRANGEMENTS, "alpha": ALPHA}


def answers(generator, effect=0.0):
    """Points of a scale from 1 to 5 at two levels, for people who differ, and who is to be left out."""
    person = generator.normal(0, 0.7, PEOPLE)
    points = [3 + person + shift + generator.normal(0, 0.8, PEOPLE) for shift in (0.0, effect)]
    first, second = (np.clip(np.round(one), 1, 5) for one in points)
    left_out = np.abs(person) > 1.0  # it depends on the person, not on the level of an answer
    return first, second, left_out


def columns(first, second, left_out):
    """Return all combinations of mean or top two, everybody or some, weighted or not: values and weights."""
    weight = 0.5 + np.arange(len(first)) % 4
    for count in (lambda x: x, lambda x: (x >= 4).astype(float)):
        for kept in (np.ones(len(first)), (~left_out).astype(float)):
            for weights in (np.ones(len(first)), weight):
                yield count(first), count(second), kept * weights


def within(generator, seed, effect=0.0):
    found = [weights * (second - first) for first, second, weights in columns(*answers(generator, effect))]
    return paired_joint_test(np.stack(found, axis=1), seed=seed, **HOW)


def between(generator, seed, effect=0.0):
    first, second, left_out = answers(generator, effect)
    met = np.arange(PEOPLE) >= PEOPLE // 2
    found = list(columns(np.where(met, second, first), np.zeros(PEOPLE), left_out))
    values, weights = (np.stack([one[place] for one in found], axis=1) for place in (0, 2))
    return separate_joint_test(JointTable(values, weights), PEOPLE // 2, seed=seed, **HOW)


def adjusted(generator, seed, effect=0.0):
    """Mean or top two, everybody or some; each as it is, and adjusted for two numbers that are known of a person."""
    age, other = generator.normal(0, 1, (2, PEOPLE))
    met = np.arange(PEOPLE) >= PEOPLE // 2
    points = np.clip(np.round(3 + age + effect * met + generator.normal(0, 0.8, PEOPLE)), 1, 5)
    kept = [np.ones(PEOPLE, dtype=bool), np.abs(other) < 1.5]
    found = [(one, part) for one in (points, (points >= 4).astype(float)) for part in kept]
    values, weights = (np.stack([one[place] for one in found] * 2, axis=1).astype(float) for place in (0, 1))
    covariates = np.column_stack([age, other])
    fitted = {len(found) + place: covariates[part] for place, (_, part) in enumerate(found)}
    return separate_joint_test(JointTable(values, weights, fitted), PEOPLE // 2, seed=seed, **HOW)


@pytest.mark.truth
@pytest.mark.parametrize("design", [within, between, adjusted])
def test_without_an_effect_the_joint_test_rarely_finds_one(design):
    assert is_near(rate(lambda generator, seed: design(generator, seed).median_p <= ALPHA), ALPHA)
    assert rate(lambda generator, seed: design(generator, seed).share_p <= ALPHA) <= ALPHA + 0.015 + 3 * 0.0126


@pytest.mark.truth
@pytest.mark.parametrize(("design", "effect"), [(within, 0.6), (between, 1.0), (adjusted, 1.0)])
def test_an_effect_is_found(design, effect):
    assert rate(lambda generator, seed: design(generator, seed, effect).median_p <= ALPHA) > 0.6


@pytest.mark.truth
def test_counting_the_analyses_that_find_something_is_wrong_more_often():
    """The reason for the test: any of eight analyses finds an effect that is not there far too often."""

    def any_finds(generator, seed):
        return within(generator, seed).share > 0

    assert rate(any_finds) > 0.08
