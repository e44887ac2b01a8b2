"""Ladders, budgets and best-worst tasks as answers come in: under a key each, in a list, or by name."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import JsonValue

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.fields.reading import InvalidAnswer, Value
from tinytroupe_cli.measurement.instruments import instrument

LADDER = PlannedField(name="pays", kind="ladder", options=(5, 7, 9), low=0, high=9, unit="dollars")
BUDGET = PlannedField(name="split", kind="budget", options=("red", "blue"), low=0, high=100, unit="points")
SETS: list[JsonValue] = [["a", "b", "c"], ["b", "d", "a"]]
MAXDIFF = PlannedField(name="best", kind="maxdiff", options=("a", "b", "c", "d"), low=-1, high=1, set_size=3, sets=2)


def read(field: PlannedField, answers: dict[str, Any], options: Any = None) -> Value | InvalidAnswer:
    return instrument(field, key="item_1", procedure="interview", options=options).read(answers)


@pytest.mark.parametrize(
    ("answers", "options", "value"),
    [
        ({"item_1_price_1": "yes", "item_1_price_2": "Yes, sure", "item_1_price_3": "no"}, None, [5, 7]),
        ({"item_1_price_1": "yes", "item_1_price_2": "no", "item_1_price_3": "no"}, (9, 5), [9]),
        ({"item_1": ["yes", "no", "no"]}, None, [5]),
        ({"item_1": {"5": True, "7": False, "9": False}}, None, [5]),
        ({"item_1": ["no", "no", "no"]}, None, []),
        ({"item_1": "not stated"}, None, None),
        ({f"item_1_price_{number}": "not stated" for number in (1, 2, 3)}, None, None),
    ],
)
def test_a_ladder_is_the_list_of_accepted_prices(answers: dict[str, Any], options: Any, value: JsonValue) -> None:
    assert read(LADDER, answers, options) == Value(value)


@pytest.mark.parametrize(
    ("field", "answers", "why"),
    [
        (LADDER, {"item_1": ["yes", "no"]}, "it does not have 3 parts"),
        (LADDER, {"item_1": {"5": "yes", "9": "no"}}, "it has nothing for 7"),
        (LADDER, {"item_1": ["yes", "perhaps", "no"]}, "'perhaps' is not one of the options"),
        (LADDER, {"item_1": ["yes", None, "no"]}, "some prices were left open"),
        (LADDER, {"item_1_price_1": "yes"}, "no answer was given"),
        (BUDGET, {"item_1": [60, 60]}, "the amounts make 120, not 100"),
        (BUDGET, {"item_1": [0, 0]}, "the amounts make 0, not 100"),
        (BUDGET, {"item_1": [110, -10]}, "-10 is below 0"),
        (BUDGET, {"item_1": [100, None]}, "some options have no number"),
        (BUDGET, {"item_1": ["most", "little"]}, "'most' is not a number"),
    ],
)
def test_an_unusable_answer_says_why(field: PlannedField, answers: dict[str, Any], why: str) -> None:
    found = read(field, answers)
    assert isinstance(found, InvalidAnswer)
    assert why in found.why


@pytest.mark.parametrize(
    ("answers", "value"),
    [
        ({"item_1_part_1": 70, "item_1_part_2": 30}, {"red": 70, "blue": 30}),
        ({"item_1_part_1": "about 70", "item_1_part_2": "30 points"}, {"red": 70, "blue": 30}),
        ({"item_1": {"Blue": 25, "red": 75}}, {"red": 75, "blue": 25}),
        ({"item_1": [52, 52]}, {"red": 50, "blue": 50}),
        ({"item_1_part_1": None, "item_1_part_2": None}, None),
    ],
)
def test_a_budget_has_an_amount_for_each_option(answers: dict[str, Any], value: JsonValue) -> None:
    assert read(BUDGET, answers) == Value(value)


def both(*ends: JsonValue) -> dict[str, Any]:
    keys = [f"item_1_set_{number}_{end}" for number in (1, 2) for end in ("best", "worst")]
    return dict(zip(keys, ends, strict=True))


def test_best_and_worst_are_kept_with_their_sets() -> None:
    wanted: JsonValue = [
        {"set": ["a", "b", "c"], "best": "c", "worst": "a"},
        {"set": ["b", "d", "a"], "best": "d", "worst": "a"},
    ]
    assert read(MAXDIFF, both("c", "a", "d", "a"), SETS) == Value(wanted)
    listed = {"item_1": [{"best": "c", "worst": "a"}, {"best": "d", "worst": "a"}]}
    assert read(MAXDIFF, listed, SETS) == Value(wanted)
    kind = type_of(MAXDIFF)
    assert [kind.as_number(MAXDIFF, wanted, option) for option in "abcd"] == [-1, 0, 1, 1]
    assert read(MAXDIFF, both(*["not stated"] * 4), SETS) == Value(None)


@pytest.mark.parametrize(
    ("ends", "why"),
    [
        (("c", "c", "d", "a"), "set 1: 'c' is both the best and the worst"),
        (("c", "a", "c", "a"), "set 2: 'c' is not one of the options"),
        (("c", "a", "d", None), "some sets were left open"),
    ],
)
def test_a_bad_set_makes_the_answer_unusable(ends: tuple[JsonValue, ...], why: str) -> None:
    found = read(MAXDIFF, both(*ends), SETS)
    assert isinstance(found, InvalidAnswer)
    assert why in found.why


def test_exact_answers_have_no_raw_form() -> None:
    asked = instrument(LADDER, key="item_1", procedure="interview", options=(9, 5))
    answers: dict[str, JsonValue] = {"item_1_price_1": "no", "item_1_price_2": "yes", "item_1_price_3": "yes"}
    assert asked.raw(answers, asked.read(answers)) is None
    loose = answers | {"item_1_price_2": "I would, yes"}
    assert asked.raw(loose, asked.read(loose)) == ["no", "I would, yes", "yes"]
