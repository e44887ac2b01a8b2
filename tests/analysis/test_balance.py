"""The balance table: standardized differences (Austin, 2009), and what chance alone marks."""

import math

import numpy as np
import pytest
from builders import a_member, a_plan, a_trial

from tinytroupe_cli.analysis.balance import (
    share_marked_by_chance,
    standardized_difference,
    standardized_share_difference,
)
from tinytroupe_cli.analysis.balance_table import balance_table, share_marked
from tinytroupe_cli.plan.planned_assignment import PlannedAssignment, PlannedCell


def test_the_standardized_difference_is_the_formula():
    first, second = [20.0, 30.0, 40.0], [25.0, 45.0]
    assert standardized_difference(first, second) == pytest.approx((35 - 30) / math.sqrt((100 + 200) / 2))
    assert standardized_share_difference(0.2, 0.5) == pytest.approx(0.3 / math.sqrt((0.16 + 0.25) / 2))


def test_where_nobody_differs_there_is_none_or_no_figure():
    assert standardized_difference([1.0, 1.0], [1.0]) == 0
    assert standardized_difference([1.0, 1.0], [2.0]) is None
    assert standardized_difference([], [2.0]) is None
    assert standardized_share_difference(0, 0) == 0
    assert standardized_share_difference(0, 1) is None


@pytest.mark.parametrize("sizes", [(20, 20), (12, 30), (15, 15, 15), (200, 200)])
def test_chance_alone_marks_as_many_as_it_says(sizes):
    chance = np.random.default_rng(2)
    groups = [chance.normal(0, 1, (4_000, size)) for size in sizes]
    means, spreads = [group.mean(axis=1) for group in groups], [group.var(axis=1, ddof=1) for group in groups]
    largest = np.max(
        [
            np.abs(means[one] - means[other]) / np.sqrt((spreads[one] + spreads[other]) / 2)
            for one in range(len(sizes))
            for other in range(one)
        ],
        axis=0,
    )
    assert share_marked_by_chance(sizes) == pytest.approx(np.mean(largest > 0.1), abs=0.03)


def test_one_cell_or_an_empty_one_marks_nothing():
    assert share_marked_by_chance([20]) == share_marked_by_chance([20, 0]) == 0


def people():
    towns = ["Rome", "Rome", "Bern", None, "Rome", "Bern", "Oslo", "Oslo"]
    return [
        a_member(
            f"p{place}",
            f"Person {place}",
            age=20 + place,
            town=towns[place],
            smokes=place % 4 == 0,
            motto=f"Motto {place}",
            occupation={"title": "Nurse" if place < 4 else "Cook", "organization": "Microsoft"},
        )
        for place in range(8)
    ]


def test_every_single_attribute_has_its_rows():
    own = people()
    cells = tuple(
        PlannedCell(levels={"price": price}, conditions=(f"p{price}",), people=ids)
        for price, ids in ((1, ("p0", "p1", "p2", "p3")), (2, ("p4", "p5", "p6", "p7")))
    )
    plan = a_plan(a_trial(tuple(own)), assignment=PlannedAssignment(between=("price",), cells=cells))
    rows = {(row.attribute, row.category): row for row in balance_table(plan)}
    assert set(rows) == {
        ("age", ""),
        *(("town", name) for name in ("Rome", "Bern", "Oslo", "no value")),
        *(("motto", f"Motto {place}") for place in range(8)),
        ("occupation.title", "Cook"),
        ("smokes", "yes"),
    }
    assert rows["age", ""].values == (21.5, 25.5)
    assert rows["age", ""].cells == ("price 1", "price 2")
    assert rows["age", ""].is_notable
    assert rows["town", "Rome"].values == (0.5, 0.25)
    assert rows["town", "Rome"].n == (3, 4)
    assert rows["occupation.title", "Cook"].difference is None
    assert rows["occupation.title", "Cook"].why_not == "people differ between cells but not within them"


def assigned(blocks):
    """Return a plan of 40 people of different ages, in two cells and in some blocks."""
    cast = tuple(a_member(f"p{place}", f"P {place}", age=20 + place) for place in range(40))
    ids = tuple(member.id for member in cast)
    cells = tuple(PlannedCell(levels={"price": at}, conditions=(f"p{at}",), people=ids[at::2]) for at in (0, 1))
    own = {str(at): ids[at * 40 // blocks : (at + 1) * 40 // blocks] for at in range(blocks)} if blocks else {}
    return a_plan(a_trial(cast), assignment=PlannedAssignment(people=ids, between=("price",), cells=cells, blocks=own))


def test_blocks_make_chance_mark_less():
    assert share_marked(assigned(0)) == share_marked_by_chance([20, 20])
    assert share_marked(assigned(1)) == pytest.approx(share_marked_by_chance([20, 20]), abs=0.08)
    assert 0.3 < share_marked(assigned(2)) < 0.65
    assert share_marked(assigned(20)) == 0  # the two people of each block are a year apart


def test_without_a_between_factor_there_is_no_table():
    assert balance_table(a_plan()) == []


def test_words_that_everybody_has_for_themselves_are_named_and_not_compared():
    own = tuple(a_member(f"p{place}", f"P {place}", motto=f"Motto {place}") for place in range(14))
    cells = tuple(
        PlannedCell(levels={"price": at}, conditions=(f"p{at}",), people=tuple(f"p{n}" for n in range(at, 14, 2)))
        for at in (0, 1)
    )
    plan = a_plan(a_trial(own), assignment=PlannedAssignment(between=("price",), cells=cells))
    [row] = balance_table(plan)
    assert (row.attribute, row.difference, row.why_not) == ("motto", None, "14 different values in 14 people")
