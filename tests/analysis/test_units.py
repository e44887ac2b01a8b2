"""Which people are one unit, and what it takes to find out."""

from __future__ import annotations

import tracemalloc

import pytest
from builders import a_cast, a_plan, a_trial

from tinytroupe_cli.analysis.units import units_of
from tinytroupe_cli.plan.types import Plan


def a_plan_of_groups(*groups: tuple[int, int]) -> Plan:
    """Return a plan with a trial for each range of people, who are in one room."""
    people = a_cast(max(end for _, end in groups))
    trials = [
        a_trial(people[begin:end], queries=()).model_copy(update={"id": f"t{begin}-{end}"}) for begin, end in groups
    ]
    return a_plan(*trials)


@pytest.mark.parametrize(
    ("groups", "sizes"),
    [
        (((0, 4), (4, 6)), [4, 2]),
        (((0, 4), (3, 6)), [6]),  # the fourth was in both rooms
        (((0, 2), (2, 4), (1, 3)), [4]),
        (((0, 1), (1, 2)), [1, 1]),
    ],
)
def test_people_who_could_reach_each_other_in_any_trial_are_one_unit(
    groups: tuple[tuple[int, int], ...], sizes: list[int]
) -> None:
    plan = a_plan_of_groups(*groups)
    units = units_of(plan, "people")
    found = list(units.of.values())
    assert sorted((found.count(unit) for unit in set(found)), reverse=True) == sizes
    firsts = [trial.people[0].id for trial in plan.trials]
    assert set(found) <= set(firsts)
    assert units.kind == ("person" if max(sizes) == 1 else "group")


def test_a_crowd_in_one_room_takes_little_memory() -> None:
    plan = a_plan_of_groups((0, 2_000))
    tracemalloc.start()
    try:
        units = units_of(plan, "people")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert set(units.of.values()) == {plan.trials[0].people[0].id}
    assert peak < 20_000_000  # every pair of them: more than 130 MB
