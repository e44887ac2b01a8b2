"""The accuracy of a logistic regression, out of fold: what attributes tell, and what they don't."""

from __future__ import annotations

import numpy as np
import pytest

from tinytroupe_cli.analysis.attribute_ceiling import attribute_ceiling
from tinytroupe_cli.plan.human_data import HumanAnswers


def people(answers, **attributes):
    return HumanAnswers(data="x.csv", hash="", column="x", answers=tuple(answers), attributes=attributes)


def test_an_attribute_that_decides_the_answer_is_found_and_noise_is_not():
    generator = np.random.default_rng(1)
    towns = tuple(generator.choice(["A", "B", "C"], 200).tolist())
    ages = tuple(generator.integers(20, 80, 200).tolist())
    sure = attribute_ceiling(people(["yes" if town == "A" else "no" for town in towns], town=towns, age=ages), 1)
    coin = attribute_ceiling(people(generator.choice(["yes", "no"], 200).tolist(), town=towns, age=ages), 1)
    assert sure.accuracy == 1
    assert sure.attributes == ("town", "age")
    assert coin.accuracy == pytest.approx(0.5, abs=0.12)
    assert coin.majority >= 0.5


@pytest.mark.parametrize(
    ("answers", "attributes", "why"),
    [
        (["yes", "no"] * 10, {"age": tuple(range(20))}, "fewer than 30 people"),
        (["yes"] * 40, {"age": tuple(range(40))}, "everyone gave the same answer"),
        (["yes", "no"] * 20, {"town": ("A",) * 40}, "no column that people have as a field"),
        (["yes", "no"] * 20, {"town": tuple(f"t{n}" for n in range(40))}, "no column that people have as a field"),
    ],
)
def test_where_nothing_can_be_predicted_it_says_why(answers, attributes, why):
    found = attribute_ceiling(people(answers, **attributes), 1)
    assert found.accuracy is None
    assert why in found.why_not


def test_missing_answers_are_left_out_and_missing_attributes_are_a_value_of_their_own():
    answers = ["yes", None, "no", "no"] * 15
    found = attribute_ceiling(people(answers, age=(30, 40, None, None) * 15), 1)
    assert found.n == 45
    assert found.accuracy == 1
