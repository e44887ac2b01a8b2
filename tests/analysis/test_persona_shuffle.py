"""Shuffled personas: whom each person's answers are held against, and what is said of generators with a known truth."""

from __future__ import annotations

import numpy as np
import pytest

from tinytroupe_cli.analysis.shuffle_figures import shuffle_figures
from tinytroupe_cli.plan.baseline_trials import persona_givers

PEOPLE, CONDITIONS = 40, ("a", "b")


def triples(generator, *, persona=0.0, seat=0.0):
    """Return answers whose shares of variance come from the persona's owner and from the seat."""
    owners, seats = (np.add(generator.normal(0, 1, (PEOPLE, 1)), [[0.0, 2.0]]) for _ in range(2))
    rest = np.sqrt(1 - persona - seat)
    answers = np.sqrt(persona) * owners + np.sqrt(seat) * seats + rest * generator.normal(0, 1, (PEOPLE, 2))
    return [
        (str(person), name, answers[person, at], owners[person, at], seats[person, at])
        for person in range(PEOPLE)
        for at, name in enumerate(CONDITIONS)
    ]


def figures(seed, **truth):
    return shuffle_figures(triples(np.random.default_rng(seed), **truth), draws=300, seed=seed, alpha=0.05)


@pytest.mark.parametrize("count", [2, 3, 7, 40])
def test_nobody_keeps_their_persona_and_each_is_given_once(count):
    people = [f"p{number}" for number in range(count)]
    for seed in range(50):
        givers = persona_givers(people, seed)
        assert set(givers) == set(givers.values()) == set(people)
        assert all(person != giver for person, giver in givers.items())
    assert persona_givers(people, 1) == persona_givers(people, 1)


@pytest.mark.parametrize(
    ("truth", "verdict"),
    [({"persona": 0.5}, "persona"), ({"seat": 0.5}, "seat"), ({"persona": 0.45, "seat": 0.45}, "both")],
)
def test_what_answers_follow_is_found(truth, verdict):
    said = [figures(seed, **truth)["verdict"] for seed in range(20)]
    assert said.count(verdict) >= 17


def test_a_difference_between_conditions_is_no_correlation():
    """Answers that follow nobody are rarely said to: at most twice alpha, for the two tests."""
    said = [figures(seed)["verdict"] for seed in range(200)]
    assert said.count("neither") >= 200 * (0.95 - 3 * np.sqrt(0.05 * 0.95 / 200))


def test_a_correlation_is_that_of_deviations_from_the_conditions_mean():
    found = figures(3, persona=0.5)
    rows = triples(np.random.default_rng(3), persona=0.5)
    deviations = [np.array([[row[at] for row in rows if row[1] == name] for name in CONDITIONS]) for at in (2, 3)]
    first, second = (one - one.mean(axis=1, keepdims=True) for one in deviations)
    assert found["persona"] == pytest.approx(np.corrcoef(first.ravel(), second.ravel())[0, 1])
    assert found["persona_low"] < found["persona"] < found["persona_high"]


def test_equal_answers_tell_nothing():
    same = [(str(person), "a", 1.0, 1.0, float(person)) for person in range(8)]
    assert shuffle_figures(same, draws=100, seed=1, alpha=0.05) == {"why_not": "every answer is the same"}
