"""Answers that are distributions: in summaries, weighted or not, against human answers, and as numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinytroupe_cli.analysis.answer_distributions import entropy, ks_distance, median
from tinytroupe_cli.analysis.answer_points import expected_value, mixture_figures, probability_of
from tinytroupe_cli.analysis.observations import Observation, answer_number, answer_share
from tinytroupe_cli.analysis.unit_distributions import unit_distributions
from tinytroupe_cli.analysis.units import Units
from tinytroupe_cli.analysis.weighted_summaries import weighted_summary
from tinytroupe_cli.plan.types import PlannedField

SCALE = PlannedField(name="f", kind="scale", low=1, high=3)
LIKERT = PlannedField(name="f", kind="likert", options=("bad", "so", "good"))
UNITS = Units("person", {"a": "a", "b": "b"})


def row(person: str, *pmf: float) -> Observation:
    return Observation(
        trial="t",
        condition="c",
        levels={},
        replicate=1,
        person=person,
        query="q",
        field="f",
        sample=0,
        outcome="stated",
        value=1 + max(range(3), key=lambda at: pmf[at]),
        pmf=pmf,
        score=expected_value(SCALE, pmf),
    )


ROWS = [row("a", 1.0, 0.0, 0.0), row("b", 0.0, 0.5, 0.5)]


def test_an_answer_counts_by_its_expected_value_and_its_probabilities() -> None:
    assert answer_number(ROWS[1], SCALE) == 2.5
    assert answer_share(ROWS[1], SCALE, 3) == 0.5
    assert expected_value(LIKERT, (0.0, 0.5, 0.5)) == 2.5
    assert probability_of(LIKERT, (0.0, 0.5, 0.5), "good") == 0.5


def test_the_spread_is_that_of_the_mixture_not_of_expected_values() -> None:
    found = mixture_figures(SCALE, [one.pmf for one in ROWS])
    assert found is not None
    assert found.mean == pytest.approx(1.75)
    assert found.sd**2 == pytest.approx(0.5 * 0.75**2 + 0.25 * 0.25**2 + 0.25 * 1.25**2)
    assert found.median == 1


def test_weights_weigh_the_distributions() -> None:
    found = weighted_summary(SCALE, ROWS, UNITS, {"a": 1.0, "b": 3.0}, [1, 2, 3])
    assert found is not None
    assert found.numbers is not None
    assert [one.share for one in found.shares] == pytest.approx([0.25, 0.375, 0.375])
    assert found.numbers.mean == pytest.approx(0.25 * 1 + 0.75 * 2.5)
    assert all(one.low is None for one in found.shares), "a mean probability is no count"


def test_a_persons_distribution_is_the_mixture_of_their_answers() -> None:
    again = [*ROWS, row("b", 1.0, 0.0, 0.0)]
    found = unit_distributions(again, UNITS, lambda one: dict(enumerate(one.pmf)))
    assert found["b"] == pytest.approx({0: 0.5, 1: 0.25, 2: 0.25})


@given(st.lists(st.floats(0.01, 1), min_size=3, max_size=3), st.lists(st.floats(0.01, 1), min_size=3, max_size=3))
def test_distances_and_medians_have_their_laws(first: list[float], second: list[float]) -> None:
    one, other = ([x / sum(pmf) for x in pmf] for pmf in (first, second))
    assert ks_distance([1, 2, 3], one, one) == 0
    assert ks_distance([1, 2, 3], one, other) == pytest.approx(ks_distance([1, 2, 3], other, one))
    assert 0 <= ks_distance([1, 2, 3], one, other) <= 1
    assert ks_distance([3, 2, 1], one[::-1], other[::-1]) == pytest.approx(ks_distance([1, 2, 3], one, other))
    assert median([1, 2, 3], one) in (1, 2, 3)
    assert 0 <= entropy(one) <= 1.6
