"""Weights of a plan's people: who is at which level, what is refused, and what weighted figures say."""

from __future__ import annotations

import numpy as np
import pytest
from builders import a_cast, a_plan, a_question, a_trial

from tinytroupe_cli.analysis.comparisons import comparisons
from tinytroupe_cli.analysis.descriptive import summaries
from tinytroupe_cli.analysis.effect_sizes import hedges_g, hedges_g_av, weighted_hedges_g, weighted_hedges_g_av
from tinytroupe_cli.analysis.observations import measured_rows
from tinytroupe_cli.analysis.permutation import label_test
from tinytroupe_cli.analysis.score_intervals import wilson
from tinytroupe_cli.analysis.weighted_permutation import weighted_label_test
from tinytroupe_cli.analysis.weighted_summaries import effective_wilson, weighted_median
from tinytroupe_cli.analysis.weights import weigh, weighed_people
from tinytroupe_cli.events.types import Measured
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison, PlannedInference
from tinytroupe_cli.plan.planned_weights import PlannedWeights
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.plan.world import WorldPlan
from tinytroupe_cli.reports.results_builder import build_results

ALONE = WorldPlan(type="interviews", start="2026-01-05T09:00", steps=1)
ROOM = WorldPlan(type="room", start="2026-01-05T09:00", steps=1)
FIELDS = (
    PlannedField(name="buys", kind="yes_no"),
    PlannedField(name="pays", kind="number"),
    PlannedField(name="ad", kind="choice", options=("A", "B")),
    PlannedField(name="order", kind="rank", options=("A", "B")),
    PlannedField(name="ideas", kind="list"),
)
WANTED = tuple(PlannedComparison(query="choice", field=name, factor="price") for name in ("buys", "pays", "ad"))
HALF = PlannedWeights(to={"gender": {"female": 0.5, "male": 0.5}})


def people(*values, count=None):
    """Return people with these fields, each `(gender, age)`, or of `count` people every fourth a woman."""
    known = values or [("female" if place % 4 == 0 else "male", 20 + place) for place in range(count)]
    return tuple(
        member.model_copy(update={"persona": {**member.persona, "gender": gender, "age": age}})
        for member, (gender, age) in zip(a_cast(len(known)), known, strict=True)
    )


def played(weights, cast, *, design="within", world=ALONE, replicates=1, about="people"):
    """Return plan and events of people of whom women buy and pay more; price 2 makes all buy and pay more."""
    arms = tuple(Condition(name=f"p{price}", levels={"price": price}) for price in (1, 2))
    trials, events, chance = [], {}, np.random.default_rng(3)
    for place, arm in enumerate(arms):
        for replicate in range(1, replicates + 1):
            name = f"{arm.name}-{replicate}"
            own = cast if design == "within" else cast[place::2]
            ids = tuple(member.id for member in own)
            queries = (a_question(ids, fields=FIELDS),)
            trials.append(a_trial(own, id=name, condition=arm.name, replicate=replicate, world=world, queries=queries))
            events[name] = []
            for member in own:
                lift = 0.5 * (member.persona["gender"] == "female") + 0.3 * place
                values = {
                    "buys": bool(chance.random() < 0.2 + lift / 2),
                    "pays": 10 + 10 * lift + chance.normal(),
                    "ad": "A" if member.persona["gender"] == "female" else "B",
                    "order": ["A", "B"] if member.persona["gender"] == "female" else ["B", "A"],
                    "ideas": ["Tabs"] if member.persona["gender"] == "female" else [],
                }
                events[name].append(Measured(trial=name, query="choice", person=member.id, values=values))
    plan = a_plan(
        *trials,
        conditions=arms,
        factors={"price": (1, 2)},
        design=design,
        replicates=replicates,
        comparisons=WANTED,
        weights=weights,
        inference=PlannedInference(about=about, permutations=999, resamples=999),
    )
    return plan, events


def test_a_level_is_a_value_or_a_band():
    planned = PlannedWeights(to={"gender": {"Female": 0.5, "male": 0.5}, "age": {"18-34": 0.4, "35+": 0.6}})
    found = weigh(people(("female", 18), ("male", 34), ("female", 35), ("male", 70), ("male", 40)), planned)
    assert [(one.attribute, one.level, one.people) for one in found.weighting.margins] == [
        ("gender", "Female", 2),
        ("gender", "male", 3),
        ("age", "18-34", 2),
        ("age", "35+", 3),
    ]
    assert [one.after for one in found.weighting.margins] == pytest.approx([0.5, 0.5, 0.4, 0.6])
    assert sum(found.weights.values()) == pytest.approx(5)
    own = np.array(list(found.weights.values()))
    assert found.weighting.effective == pytest.approx(own.sum() ** 2 / np.square(own).sum())
    assert found.weighting.design_effect == pytest.approx(5 / found.weighting.effective)
    assert (found.weighting.cells, found.weighting.empty, found.weighting.is_low) == (4, 0, False)


def test_combinations_without_people_are_named():
    planned = PlannedWeights(to={"gender": {"female": 0.3, "male": 0.7}, "age": {"18-34": 0.6, "35+": 0.4}})
    found = weigh(people(("female", 18), ("male", 34), ("male", 40)), planned)
    assert found.weighting.empty_cells == ({"gender": "female", "age": "35+"},)


def test_few_effective_people_are_marked():
    cast = people(*[("female", 30)] + [("male", 30)] * 19)
    assert weigh(cast, HALF).weighting.is_low
    assert not weigh(cast, HALF.model_copy(update={"trim": (0.3, 3)})).weighting.is_low


@pytest.mark.parametrize(
    ("weights", "codes", "words"),
    [
        (
            PlannedWeights(to={"gender": {"female": 0.5, "other": 0.5}}),
            {"E551", "E553"},
            "the level 'other' of 'gender' has no people",
        ),
        (
            PlannedWeights(to={"nose": {"long": 1}}),
            {"E551", "E553"},
            "'nose' is missing for Person 1, Person 2, Person 3 and 1 more",
        ),
        (
            PlannedWeights(base="gender"),
            {"E553"},
            "'gender' of Person 1, Person 2, Person 3 and 1 more is not a number",
        ),
        (
            PlannedWeights(to={"gender": {"female": 0.5, "male": 0.5}, "age": {"20": 0.2, "21+": 0.8}}),
            {"E552"},
            "no weights fit all margins",
        ),
    ],
)
def test_what_cannot_be_weighted_has_a_reason_and_changes_no_figure(weights, codes, words):
    cast = people(("female", 20), ("female", 20), ("male", 21), ("male", 22))
    found = weigh(cast, weights)
    assert {problem.code for problem in found.problems} == codes
    assert words in found.weighting.why_not
    assert found.weights == {}
    with_, without = (build_results(*played(one, cast)) for one in (weights, None))
    assert with_.summaries == without.summaries
    assert with_.comparisons == without.comparisons
    assert {person.weight for person in with_.participants} == {None}


def test_weights_begin_with_the_base():
    planned = PlannedWeights(base="age")
    assert list(weigh(people(("female", 20), ("male", 60)), planned).weights.values()) == pytest.approx([0.5, 1.5])


@pytest.mark.parametrize("design", ["within", "between"])
@pytest.mark.parametrize("world", [ALONE, ROOM])
def test_equal_weights_change_no_byte(design, world):
    cast = people(count=16)
    equal = PlannedWeights(to={"gender": {"female": 0.25, "male": 0.75}})
    with_, without = (build_results(*played(one, cast, design=design, world=world)) for one in (equal, None))
    blank = {"weights": None, "participants": without.participants, "rows": without.rows}
    kept = with_.model_copy(update={**blank, "provenance": without.provenance})
    assert kept.model_dump_json() == without.model_dump_json()
    assert {person.weight for person in with_.participants} == {1.0}


def test_summaries_stand_weighted_beside_unweighted():
    plan, events = played(HALF, people(count=12))
    whole = {one.field: one for one in summaries(plan, measured_rows(plan, events)) if not one.condition}
    ad = whole["ad"]
    assert [share.share for share in ad.shares] == [0.25, 0.75]
    assert [share.share for share in ad.weighted.shares] == pytest.approx([0.5, 0.5])
    assert [place.mean for place in whole["order"].weighted.places] == pytest.approx([1.5, 1.5])
    assert whole["ideas"].weighted.shares[0].share == pytest.approx(0.5)
    assert whole["pays"].weighted.numbers.mean > whole["pays"].numbers.mean
    assert ad.weighted.effective < 12
    parts = [one for one in summaries(plan, measured_rows(plan, events)) if one.condition and one.field == "ad"]
    low, high = parts[0].weighted.shares[0].low, parts[0].weighted.shares[0].high
    assert (low, high) == pytest.approx(wilson(ad.weighted.effective / 2, ad.weighted.effective))


@pytest.mark.parametrize(("design", "test"), [("within", "sign flips"), ("between", "labels permuted")])
def test_comparisons_are_weighted_and_keep_the_unweighted_values(design, test):
    plan, events = played(HALF, people(count=24), design=design)
    plain = plan.model_copy(update={"weights": None})
    rows = comparisons(plan, measured_rows(plan, events))
    others = comparisons(plain, measured_rows(plain, events))
    for one, other in zip(rows, others, strict=True):
        assert one.unweighted == other.values
        assert one.effective[0] < one.n[0]
        assert one.low <= one.estimate <= one.high
        assert test in one.test
        assert "weighted" in one.test
        assert other.unweighted is None
    pays = rows[1]
    weights = weighed_people(plan).weights
    values = {event.person: event.values["pays"] for event in events["p1-1"]}
    mean = sum(weights[person] * value for person, value in values.items()) / sum(weights[one] for one in values)
    assert pays.values[0] == pytest.approx(mean)
    assert pays.interval == "jackknife t"
    assert rows[0].interval in {"Tango with effective n", "Newcombe with effective n"}


def test_replicates_count_the_same_but_their_people_are_weighted():
    plan, events = played(HALF, people(count=8), replicates=7, about="cast")
    rows = comparisons(plan, measured_rows(plan, events))
    assert {one.unit for one in rows} == {"replicate"}
    assert rows[1].unweighted is None
    assert rows[2].values == pytest.approx((0.5, 0.5))


def test_a_discussion_is_weighted_by_its_people():
    plan, events = played(HALF, people(count=8), world=ROOM)
    [*_, first, _] = comparisons(plan, measured_rows(plan, events))
    assert first.unit == "group"
    assert first.values == pytest.approx((0.5, 0.5))
    assert "fewer than 6" in first.why_not


def test_with_equal_weights_every_weighted_method_is_the_unweighted_one():
    chance = np.random.default_rng(2)
    first, second = chance.normal(0, 1, 9), chance.normal(1, 2, 9)
    ones = np.ones(9)
    assert weighted_hedges_g((first, ones), (second, ones)) == pytest.approx(hedges_g(first, second))
    assert weighted_hedges_g_av((first, ones), (second, ones)) == pytest.approx(hedges_g_av(first, second))
    assert effective_wilson(0.25, 12) == pytest.approx(wilson(3, 12))
    one, other = (
        weighted_label_test((first, 2 * ones), (second, 2 * ones), draws=999, seed=1),
        label_test(first, second, draws=999, seed=1),
    )
    assert one.p == other.p
    assert one.statistic == pytest.approx(other.statistic)
    blocks = ["a", "b", "c"] * 6
    one, other = (
        weighted_label_test((first, ones), (second, ones), draws=999, seed=1, blocks=blocks),
        label_test(first, second, draws=999, seed=1, blocks=blocks),
    )
    assert one.p == other.p


def test_weights_that_follow_from_an_attribute_are_no_evidence_of_a_difference():
    few, many = (np.eye(1, 15)[0], np.full(15, 0.8)), (np.zeros(23), np.full(23, 1.3))
    found = weighted_label_test(few, many, draws=9_999, seed=1, is_assigned=False)
    assert found.p == pytest.approx(label_test(few[0], many[0], draws=9_999, seed=1).p, abs=0.02)
    assert found.p > 15 / 38 - 0.02
    chance = np.random.default_rng(5)
    small = [
        weighted_label_test(
            (chance.normal(0, 1, 12), chance.uniform(0.5, 0.7, 12)),
            (chance.normal(0, 1, 20), chance.uniform(1.4, 2.6, 20)),
            draws=199,
            seed=1,
            is_assigned=False,
        ).p
        for _ in range(600)
    ]
    assert 0.03 < np.mean(np.array(small) <= 0.05) < 0.075


@pytest.mark.parametrize(
    ("values", "weights", "median"),
    [([1, 2, 3], [1, 1, 1], 2), ([1, 2], [1, 1], 1.5), ([1, 2, 9], [1, 1, 5], 9), ([5], [2], 5)],
)
def test_the_weighted_median_is_where_half_of_the_weight_lies(values, weights, median):
    assert weighted_median(values, weights) == median
