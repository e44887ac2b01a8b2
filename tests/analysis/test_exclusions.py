"""Rules for leaving people out: what counts as a repetition, and that conditions don't matter."""

import pytest

from tinytroupe_cli.analysis.exclusions import excluded_people, without_people
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.units import units_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.plan.types import (
    CastMember,
    Condition,
    ModelConfig,
    Models,
    Plan,
    PlannedQuery,
    Tie,
    Trial,
    WorldPlan,
)

PEOPLE = ("ann", "ben", "cat")
FIELDS = (PlannedField(name="why", kind="text"), PlannedField(name="also", kind="text"))
SAME = "it is much too dear"


def a_plan(world=None):
    people = tuple(CastMember(id=one, name=one.title(), persona={}) for one in PEOPLE)
    query = PlannedQuery(name="q", how="interview", people=PEOPLE, questions={}, fields=FIELDS)
    place = world or WorldPlan(type="interviews", start="2026-01-01T09:00", steps=1)
    trials = tuple(
        Trial(id=name, condition=name, replicate=1, seed=1, world=place, people=people, stimuli=(), queries=(query,))
        for name in "xy"
    )
    use = ModelConfig(use="openai/m")
    return Plan(
        name="p",
        seed=1,
        replicates=1,
        conditions=tuple(Condition(name=name, levels={"f": name}) for name in "xy"),
        models=Models(people=use, judge=use, author=use),
        trials=trials,
    )


def rows(answers):
    """Answers as (person, condition, field) -> text."""
    return [
        Observation(
            trial=condition,
            condition=condition,
            levels={"f": condition},
            replicate=1,
            person=person,
            query="q",
            field=field,
            sample=0,
            outcome="stated",
            value=text,
        )
        for (person, condition, field), text in answers.items()
    ]


def found(answers):
    return {one.person for one in excluded_people(a_plan(), rows(answers), ["repeats"])}


@pytest.mark.parametrize(
    ("answers", "gone"),
    [
        ({("ann", "x", "why"): SAME, ("ben", "x", "why"): f"  {SAME.upper()} "}, {"ann", "ben"}),
        ({("ann", "x", "why"): SAME, ("ben", "y", "why"): SAME}, {"ann", "ben"}),  # conditions don't matter
        ({("ann", "x", "why"): SAME, ("ben", "x", "also"): SAME}, set()),  # another question
        ({("ann", "x", "why"): SAME, ("ann", "x", "also"): SAME}, {"ann"}),  # the same person, another question
        ({("ann", "x", "why"): SAME, ("ann", "y", "why"): SAME}, set()),  # the same person, asked again
        ({("ann", "x", "why"): "too dear for me", ("ben", "x", "why"): "too dear for me"}, {"ann", "ben"}),
        ({("ann", "x", "why"): "too dear", ("ben", "x", "why"): "too dear"}, set()),  # short texts agree by chance
        (
            {("ann", "x", "why"): SAME, ("ann", "y", "why"): "a reason of my own", ("ben", "x", "why"): SAME},
            {"ben"},  # half of ann's are not more than half
        ),
    ],
)
def test_who_repeats(answers, gone):
    assert found(answers) == gone


def test_exchanging_a_persons_conditions_excludes_the_same_people():
    answers = {
        ("ann", "x", "why"): SAME,
        ("ann", "y", "why"): "something of my own here",
        ("ann", "y", "also"): SAME,
        ("ben", "x", "why"): SAME,
        ("cat", "y", "why"): "and another thing altogether",
    }
    other = {"x": "y", "y": "x"}
    swapped = {(who, other[cond] if who == "ann" else cond, what): text for (who, cond, what), text in answers.items()}
    assert found(answers) == found(swapped) == {"ann", "ben"}


def test_people_who_were_connected_through_someone_left_out_remain_one_unit():
    ties = (Tie(a="ann", b="ben"), Tie(a="ben", b="cat"))
    world = WorldPlan(type="network", start="2026-01-01T09:00", steps=1, ties=ties)
    kept = without_people(a_plan(world), ["ben"])
    assert [member.id for member in kept.cast] == ["ann", "cat"]
    assert len(set(units_of(kept, "people").of.values())) == 1
