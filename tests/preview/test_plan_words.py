"""The templates of `troupe plan` where the shipped experiments do not reach."""

from itertools import product
from typing import get_args

import pytest
from builders import a_member, a_plan, a_question, a_trial
from snapshots import assert_snapshot

from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.plan.outputs import PlannedOutputs
from tinytroupe_cli.plan.planned_assignment import PlannedAssignment, PlannedCell
from tinytroupe_cli.plan.planned_interventions import PlannedQuiet
from tinytroupe_cli.plan.planned_polls import PlannedPoll
from tinytroupe_cli.plan.planned_systems import HttpPlan, PlannedSystem
from tinytroupe_cli.plan.types import (
    Condition,
    Pace,
    PlannedEndTrial,
    PlannedIntervention,
    PlannedPopulation,
    PlannedQuery,
    PlannedStimulus,
    PlannedTool,
    PopulationDraw,
    Tie,
    WorldPlan,
)
from tinytroupe_cli.preview.describe import describe, describe_margins, describe_trial, opening
from tinytroupe_cli.preview.estimate.estimate import Estimate, EstimateRange, Money, RoleEstimate

WRITING = PlannedTool(name="write_document", kind="write_document", enrich="a table of costs")
REMINDER = PlannedTool(name="calendar", kind="calendar", remind=30)
CALENDAR = REMINDER.model_copy(update={"remind": 0})
NOTHING = {"prompt": EstimateRange(), "completion": EstimateRange()}
LOOKUP = PlannedTool(name="look_up", kind="function", function="shop.py:look_up")


def with_(person, name, **changes):
    return a_member(person, name).model_copy(update=changes)


PEOPLE = (
    with_("ann", "Ann", documents=("brief",), tools=(WRITING, REMINDER), place="Garden"),
    with_("bob", "Bob", documents=("brief",), tools=(LOOKUP,)),
    with_("cy", "Cy", documents=("brief",), tools=(CALENDAR,)),
)
SYSTEMS = (
    PlannedSystem(name="bot", http=HttpPlan(url="http://localhost:8000"), start=("serve",), people=("ann",)),
    PlannedSystem(name="clerk", model=ModelConfig(name="openai/fake"), people=("ann", "bob", "cy")),
    PlannedSystem(name="shell", command=("python", "bot.py")),
    PlannedSystem(name="code", python="bot.py:reply", people=("ann", "bob", "cy")),
)
TOWN = WorldPlan(
    type="network",
    start="2026-01-05T09:00",
    step_length=Pace(amount=2, unit="hour"),
    steps=1,
    order="shuffled",
    activation="when_stimulated",
    place="Square",
    places={"Square": "", "Garden": "Roses.", "Attic": ""},
    ties=(Tie(a="ann", b="bob", name="colleagues"),),
    reach_out="friends_of_friends",
)
SHOWN = PlannedStimulus(step=1, verb="show", text="A car.", to=("bob",), to_everyone=False, images=("car.png",))


def a_town(**changes):
    quiet = PlannedIntervention(name="bell", when=PlannedQuiet(steps=2), then=(PlannedEndTrial(),), limit=3)
    judged = a_question(("ann",), name="claim", procedure="judge", questions={"ann": "Ann is polite."})
    town = a_trial(PEOPLE, world=TOWN, systems=SYSTEMS, stimuli=(SHOWN,), interventions=(quiet,), queries=(judged,))
    return town.model_copy(update=changes)


def test_a_trial_with_something_of_every_kind():
    assert_snapshot(describe_trial(a_town()), "plan/town.txt")


def test_a_plan_with_more_than_is_listed():
    conditions = tuple(Condition(name=f"c{n}", levels={"price": n, "is_new": n > 9}) for n in range(1, 19))
    crowd = tuple(with_(f"p{n}", f"Person {n}", sources=("a.yaml", "b.yaml")) for n in range(1, 15))
    trials = [a_trial(crowd, id=one.name, condition=one.name) for one in conditions]
    drawn = PlannedPopulation(
        name="town", source="town.yaml", context="", size=1200, draw="x", generated_fields=("occupation",), margins=()
    )
    unpriced, here = (
        RoleEstimate(role="people", model=model, calls=EstimateRange(low=1, high=1), **NOTHING,
                     longest=1, usd=usd)
        for model, usd in (("openai/fake", None), ("local/small", Money(low=0, high=0)))
    )  # fmt: skip
    cells = tuple(
        PlannedCell(levels={"price": n}, conditions=(f"c{n}",), people=(f"p{n}",) * (n < 15)) for n in range(1, 19)
    )
    blocks = {f"block {n}": (f"p{n}",) for n in range(1, 19)}
    assignment = PlannedAssignment(between=("price",), cells=cells, block_by=("age",), blocks=blocks)
    changes = {"conditions": conditions, "design": "between", "populations": (drawn,), "assignment": assignment}
    plan = a_plan(*trials, **changes)

    assert_snapshot(describe(plan, Estimate(roles=(unpriced, here), shared=1, again=1500)), "plan/crowd.txt")


def test_whoever_is_drawn_is_not_listed_beside_their_population():
    drawn = with_("x-1", "Somebody", drawn=PopulationDraw(population="x", number=1))
    plan = a_plan(a_trial((drawn,)))

    assert "\nPeople\n" not in describe(plan, Estimate(roles=(), shared=0))
    assert list(describe_margins(())) == []


@pytest.mark.parametrize("field", ["type", "order", "activation", "reach_out"])
def test_every_world_has_words(field):
    for value, place in product(get_args(WorldPlan.model_fields[field].annotation), ("", "Square")):
        world = TOWN.model_copy(update={field: value, "place": place, "places": {}})
        trial = a_town(world=world)
        assert "1 step of 2 hours from 2026-01-05 09:00" in describe_trial(trial)
        assert " for 1 step; 1 question is answered from the transcript." in opening(a_plan(trial))


@pytest.mark.parametrize("how", get_args(PlannedQuery.model_fields["procedure"].annotation))
def test_every_way_to_ask_has_words(how):
    who = "1 person" if how == "interview" else "for 1 person"
    assert f"\n  choice  {who}, " in describe_trial(a_trial(queries=(a_question(("person-1",), procedure=how),)))


def two_prices(design="within"):
    return {"conditions": tuple(Condition(name=n, levels={"the_price": n}) for n in ("5", "6")), "design": design}


@pytest.mark.parametrize(
    ("people", "world", "sentence"),
    [
        (1, "room", "Person 1 is alone in a room for 2 steps, then answers 1 question."),
        (1, "interviews", "Person 1 is interviewed alone for 2 steps, then answers 1 question."),
        (1, "network", "Person 1 is alone in a network for 2 steps, then answers 1 question."),
        (2, "room", "Person 1 and Person 2 meet in a room for 2 steps; then each answers 1 question."),
        (4, "network", "4 people are connected in a network for 2 steps; then each answers 1 question."),
        (4, "interviews", "4 people are interviewed individually for 2 steps; then each answers 1 question."),
    ],
)
def test_a_run_is_told_in_one_sentence(people, world, sentence):
    trial = a_trial(people)
    played = trial.model_copy(update={"world": trial.world.model_copy(update={"type": world})})

    assert opening(a_plan(played)) == sentence


@pytest.mark.parametrize(
    ("design", "count", "words"),
    [
        ("within", 2, ", under each of 2 conditions (the price 1; the price 2), 3 times; then"),
        ("between", 2, ", in groups under 2 conditions (the price 1; the price 2), 3 times; then"),
        ("within", 5, ", under each of 5 conditions, 3 times; then"),
        ("within", 1, " for 2 steps, 3 times; then"),
    ],
)
def test_the_sentence_tells_the_conditions(design, count, words):
    conditions = tuple(Condition(name=f"c{n}", levels={"the_price": n}) for n in range(1, count + 1))

    assert words in opening(a_plan(conditions=conditions, design=design, replicates=3))


def test_what_is_read_from_the_transcript_is_counted_apart():
    ids = ("person-1", "person-2")
    one_read = a_question((), name="mood", procedure="observe", fields=a_question(ids).fields[:1])
    trial = a_trial(queries=(a_question(ids), one_read))

    assert opening(a_plan(trial)).endswith(
        "then each answers 1 question; 1 more question is answered from the transcript."
    )


def test_polls_are_counted_beside_the_questions_at_the_end():
    ids = ("person-1", "person-2")
    asked = a_question(ids)
    trial = a_trial(queries=(asked,))
    field = asked.fields[0].name
    trial = trial.model_copy(update={"world": trial.world.model_copy(update={"steps": 3})})
    poll = PlannedPoll(query=asked.name, field=field, at_steps=True)
    plan = a_plan(trial, outputs=PlannedOutputs(polls=(poll,)))

    assert opening(plan).endswith(f"then each answers 1 question; polls ask each for {poll.measure} 4 more times.")
    once = poll.model_copy(update={"at_steps": False, "alone": False})
    plan = a_plan(trial, outputs=PlannedOutputs(polls=(once,)))
    assert opening(plan).endswith(f"polls ask each for {poll.measure} 1 more time.")
    none = once.model_copy(update={"at_start": False})
    assert "polls" not in opening(a_plan(trial, outputs=PlannedOutputs(polls=(none,))))
