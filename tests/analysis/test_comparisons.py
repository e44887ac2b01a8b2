import numpy as np
import pytest
from builders import a_cast, a_plan, a_question, a_trial

from tinytroupe_cli.analysis.comparisons import comparisons
from tinytroupe_cli.analysis.observations import measured_rows
from tinytroupe_cli.events.types import Measured, Refused
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison, PlannedInference
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.plan.world import WorldPlan

FIELDS = (
    PlannedField(name="buys", kind="yes_no"),
    PlannedField(name="pays", kind="number"),
    PlannedField(name="ad", kind="choice", options=("A", "B")),
    PlannedField(name="order", kind="rank", options=("A", "B")),
    PlannedField(name="why", kind="text"),
)
ALONE = WorldPlan(type="interviews", start="2026-01-05T09:00", steps=1)
ROOM = WorldPlan(type="room", start="2026-01-05T09:00", steps=1)
BUYS = PlannedComparison(query="choice", field="buys", factor="price")


def found(people=12, *, world=ALONE, wanted=(BUYS,), answers=None, replicates=1, design="within", levels=2, **changes):
    prices = tuple(range(1, levels + 1))
    arms = tuple(Condition(name=f"p{price}", levels={"price": price}) for price in prices)
    cast = tuple(
        member.model_copy(update={"persona": {**member.persona, "age": 20 + 2 * place}})
        for place, member in enumerate(a_cast(people))
    )
    chance = np.random.default_rng(5)
    trials, events = [], {}
    for place, arm in enumerate(arms):
        for replicate in range(1, replicates + 1):
            name = f"{arm.name}-r{replicate}"
            own = cast if design == "within" else cast[place::levels]
            ids = tuple(member.id for member in own)
            queries = (a_question(ids, fields=FIELDS),)
            trials.append(a_trial(own, id=name, condition=arm.name, replicate=replicate, world=world, queries=queries))
            events[name] = [
                Measured(trial=name, query="choice", person=person, values=(answers or drawn)(arm.name, person, chance))
                for person in ids
            ]
    plan = a_plan(
        *trials,
        conditions=arms,
        factors={"price": prices},
        design=design,
        replicates=replicates,
        comparisons=wanted,
        **changes,
    )
    return comparisons(plan, measured_rows(plan, events))


def drawn(arm, _person, chance):
    high = arm == "p2"
    return {
        "buys": bool(chance.random() < (0.9 if high else 0.2)),
        "pays": chance.normal(12 if high else 10, 1),
        "ad": str(chance.choice(["A", "B"])),
        "order": ["B", "A"] if high else ["A", "B"],
        "why": "So.",
    }


def test_a_difference_within_people_is_found_on_people():
    [one] = found(20)
    assert (one.design, one.unit, one.n) == ("within", "person", (20, 20))
    assert one.p < 0.01
    assert one.low < one.estimate < one.high
    assert one.interval == "Tango"
    assert one.values[1] - one.values[0] == one.estimate


def test_asking_everybody_three_times_makes_no_more_units():
    [one] = found(20, replicates=3)
    assert one.n == (20, 20)
    assert one.planned == (60, 60)
    assert one.interval == "Student's t"


def test_between_people_each_has_one_condition():
    [one] = found(30, design="between")
    assert (one.design, one.n, one.interval) == ("between", (15, 15), "Newcombe")
    assert one.p < 0.01


def test_a_discussion_is_one_unit_and_not_tested():
    [one] = found(8, world=ROOM)
    assert (one.unit, one.n) == ("group", (1, 1))
    assert one.p is None
    assert one.low is None
    assert "fewer than 6 groups" in one.why_not


def test_about_the_cast_replicates_are_the_units():
    [one] = found(4, world=ROOM, replicates=8, inference=PlannedInference(about="cast"))
    assert (one.unit, one.n) == ("replicate", (8, 8))
    assert one.p is not None


def test_every_option_of_a_choice_and_every_place_of_a_ranking_is_compared():
    wanted = tuple(PlannedComparison(query="choice", field=name, factor="price") for name in ("ad", "order", "pays"))
    rows = found(12, wanted=wanted)
    assert [(one.measure, one.option, one.scale) for one in rows] == [
        ("choice.ad", "A", "share"),
        ("choice.ad", "B", "share"),
        ("choice.order", "A", "place"),
        ("choice.order", "B", "place"),
        ("choice.pays", None, "number"),
    ]
    assert rows[2].estimate == 1  # from first to second place
    assert all(one.p_corrected >= one.p for one in rows)


def test_where_everybody_agrees_the_interval_has_a_width():
    [one] = found(12, answers=lambda *_: {"buys": True, "pays": 1, "ad": "A", "order": ["A", "B"], "why": ""})
    assert one.estimate == 0
    assert one.p == 1
    assert one.low == pytest.approx(-one.high)
    assert 0.2 < one.high < 0.3
    assert one.interval == "exact bound"


def test_without_a_wish_each_measure_is_compared_and_called_exploratory():
    rows = found(12, wanted=None)
    assert {one.measure for one in rows} == {"choice.buys", "choice.pays", "choice.ad", "choice.order"}
    assert {one.family for one in rows} == {"exploratory"}
    assert found(5, wanted=None) == []


def test_groups_of_people_are_described_as_a_family_of_their_own():
    by_age = PlannedComparison(query="choice", field="pays", attribute="age", bands=(35,))
    rows = found(20, wanted=(BUYS, by_age))
    assert rows[0].p == rows[0].p_corrected
    assert rows[1].design == rows[1].family == "description"


def test_equivalence_is_decided_by_two_one_sided_tests():
    same = PlannedComparison(query="choice", field="pays", factor="price", equivalence=(-1, 1))

    def alike(_arm, _person, chance):
        return {"buys": True, "pays": chance.normal(10, 0.3), "ad": "A", "order": ["A", "B"], "why": ""}

    assert found(30, wanted=(same,), answers=alike)[0].verdict == "equivalent"
    assert found(30, wanted=(same,))[0].verdict == "different"


def test_the_bounds_of_a_measure_are_none_for_the_share_of_its_missing_answers():
    same = PlannedComparison(query="choice", field="pays", factor="price", equivalence=(-1, 1))

    def some_say_nothing(arm, person, chance):
        return drawn(arm, person, chance) | ({"pays": None} if chance.random() < 0.1 else {})

    missing, pays = found(30, wanted=(same,), answers=some_say_nothing)
    assert (missing.kind, missing.equivalence, missing.verdict) == ("missing", None, "")
    assert pays.equivalence == (-1, 1)
    assert pays.verdict


def test_a_refusal_leaves_the_pair_and_is_counted():
    plan_rows = found(12)
    assert plan_rows[0].missing == (0, 0)
    arms = tuple(Condition(name=f"p{price}", levels={"price": price}) for price in (1, 2))
    cast = a_cast(8)
    ids = tuple(member.id for member in cast)
    trials = [
        a_trial(cast, id=arm.name, condition=arm.name, world=ALONE, queries=(a_question(ids, fields=FIELDS[:1]),))
        for arm in arms
    ]
    events = {
        arm.name: [
            Measured(trial=arm.name, query="choice", person=person, values={"buys": arm.name == "p2"})
            if (arm.name, person) != ("p1", ids[0])
            else Refused(trial=arm.name, query="choice", person=person)
            for person in ids
        ]
        for arm in arms
    }
    plan = a_plan(*trials, conditions=arms, factors={"price": (1, 2)}, comparisons=(BUYS,))
    missing, one = comparisons(plan, measured_rows(plan, events))
    assert (missing.kind, missing.family, missing.values) == ("missing", "missing", (1 / 8, 0))
    assert one.n == (7, 7)
    assert one.missing == (1, 0)
    assert one.estimate == 1
    assert one.worst == (1 - 1 / 8, 1)  # had the one who was refused bought at the lower price, or not


def test_groups_within_one_discussion_are_described_and_each_by_its_own_people():
    by_age = PlannedComparison(query="choice", field="pays", attribute="age", bands=(35,))

    def young_pay_less(_arm, person, _chance):
        young = int(person.split("-")[1]) <= 8
        return {"buys": True, "pays": 1 if young else 5, "ad": "A", "order": ["A", "B"], "why": ""}

    [one] = found(20, world=ROOM, wanted=(by_age,), answers=young_pay_less)
    assert one.values == (1, 5)
    assert one.p is None
    assert "talked with each other" in one.why_not


def test_people_dealt_anew_in_each_replicate_are_not_two_groups():
    arms = tuple(Condition(name=f"p{price}", levels={"price": price}) for price in (1, 2))
    cast = a_cast(16)
    trials, events = [], {}
    for replicate in (1, 2):
        for place, arm in enumerate(arms):
            own = cast[(place + replicate) % 2 :: 2]
            ids = tuple(member.id for member in own)
            name, queries = f"{arm.name}-r{replicate}", (a_question(ids, fields=FIELDS[:1]),)
            trials.append(a_trial(own, id=name, condition=arm.name, replicate=replicate, world=ALONE, queries=queries))
            events[name] = [Measured(trial=name, query="choice", person=one, values={"buys": True}) for one in ids]
    changes = {"conditions": arms, "factors": {"price": (1, 2)}, "design": "between", "comparisons": (BUYS,)}
    plan = a_plan(*trials, replicates=2, **changes)
    [one] = comparisons(plan, measured_rows(plan, events))
    assert one.p is None
    assert "people are reassigned in each replicate" in one.why_not


def test_an_answer_about_a_whole_room_has_the_room_as_its_unit():
    arms = tuple(Condition(name=f"p{price}", levels={"price": price}) for price in (1, 2))
    cast = a_cast(24)
    rooms = [cast[place : place + 2] for place in range(0, 24, 2)]
    trials, events = [], {}
    for number, room in enumerate(rooms):
        arm, name = arms[number % 2], f"{arms[number % 2].name}-r1-g{number + 1}"
        query = a_question((), fields=FIELDS[:1], procedure="observe")
        trials.append(a_trial(room, id=name, condition=arm.name, group=number + 1, world=ROOM, queries=(query,)))
        events[name] = [Measured(trial=name, query="choice", values={"buys": arm.name == "p2"})]
    plan = a_plan(*trials, conditions=arms, factors={"price": (1, 2)}, design="between", comparisons=(BUYS,))
    [one] = comparisons(plan, measured_rows(plan, events))
    assert (one.unit, one.n, one.values) == ("group", (6, 6), (0.0, 1.0))
    assert one.p < 0.01


def test_what_can_not_be_compared_is_a_result_with_its_reason():
    wanted = (
        PlannedComparison(query="choice", field="sorted_later", factor="price"),
        PlannedComparison(query="choice", field="buys", attribute="shoe_size"),
        BUYS.model_copy(update={"at": {"tone": "loud"}}),
    )
    rows = found(8, wanted=wanted)
    assert [one.why_not for one in rows] == [
        "its answers were not sorted into categories",
        "there are no two groups of people",
        "no two conditions differ in this factor alone",
    ]
    assert all(one.estimate is None for one in rows)


def test_options_are_compared_among_the_same_units_whatever_the_conditions():
    wanted = tuple(PlannedComparison(query="choice", field=name, options=True) for name in ("ad", "order"))

    def mostly_a(_arm, person, _chance):
        return {"buys": True, "pays": 1, "ad": "B" if person == "person-1" else "A", "order": ["B", "A"], "why": ""}

    ad, order = found(12, wanted=wanted, answers=mostly_a)
    assert (ad.kind, ad.by, ad.levels, ad.n, ad.planned) == ("options", "options", ("A", "B"), (12, 12), (24, 24))
    assert ad.values == pytest.approx((11 / 12, 1 / 12))
    assert ad.p == 2 * 13 / 2**12  # of 12 people 1 at most prefers B, or 1 at most A
    assert order.values == (2, 1)
    assert order.high < 0


def test_two_options_of_one_choice_between_people_are_the_same_units():
    [ad] = found(30, design="between", wanted=(PlannedComparison(query="choice", field="ad", options=True),))
    assert (ad.design, ad.n, ad.interval) == ("within", (30, 30), "Tango")


def test_where_all_put_one_option_first_those_that_could_put_the_other_first_count_twice():
    everybody = {"buys": True, "pays": 1, "ad": "B", "order": ["A", "B"], "why": ""}
    wanted = (PlannedComparison(query="choice", field="order", options=True),)
    [order] = found(12, wanted=wanted, answers=lambda *_: everybody)
    bound = 1 - 0.025 ** (1 / 12)
    assert (order.low, order.high) == pytest.approx((1 - 2 * bound, 1))


@pytest.mark.parametrize(
    ("design", "tests"),
    [
        (
            "within",
            [
                "levels permuted within units, F over options",
                "levels permuted within units, F",
                "levels permuted within units, Friedman",
            ],
        ),
        ("between", ["labels permuted, chi-square", "labels permuted, Welch's F", "labels permuted, Welch's F"]),
    ],
)
def test_more_than_two_levels_are_tested_together_and_then_in_pairs(design, tests):
    wanted = tuple(PlannedComparison(query="choice", field=name, factor="price") for name in ("ad", "pays", "order"))
    rows = found(24, wanted=wanted, design=design, levels=3)
    together = [one for one in rows if one.kind == "omnibus"]
    assert [(one.measure, one.option) for one in together] == [
        ("choice.ad", None),
        ("choice.pays", None),
        ("choice.order", "A"),
        ("choice.order", "B"),
    ]
    assert [one.test for one in together[:3]] == tests
    assert all(one.levels == (1, 2, 3) and len(one.n) == 3 for one in together)
    assert together[1].p < 0.01
    assert len([one for one in rows if one.kind == "pair" and one.measure == "choice.pays"]) == 3
    assert all(one.p_corrected is not None for one in rows)


def test_named_contrasts_take_the_place_of_the_test_of_all_levels():
    pays = PlannedComparison(query="choice", field="pays", factor="price", pairs=((1, 3),))
    assert [(one.kind, one.levels) for one in found(12, wanted=(pays,), levels=3)] == [("pair", (1, 3))]


def test_a_choice_of_three_is_also_compared_as_a_whole():
    ad = PlannedField(name="ad", kind="choice", options=("A", "B", "C"))
    arms = tuple(Condition(name=f"p{price}", levels={"price": price}) for price in (1, 2))
    cast = a_cast(20)
    ids = tuple(member.id for member in cast)
    answers = {"p1": "AAAAAAAAAABBBBBBBBBB", "p2": "AAAAABBBBBBBBBCCCCCC"}
    trials = [
        a_trial(cast, id=arm.name, condition=arm.name, world=ALONE, queries=(a_question(ids, fields=(ad,)),))
        for arm in arms
    ]
    events = {
        arm.name: [
            Measured(trial=arm.name, query="choice", person=person, values={"ad": said})
            for person, said in zip(ids, answers[arm.name], strict=True)
        ]
        for arm in arms
    }
    wanted = (PlannedComparison(query="choice", field="ad", factor="price"),)
    plan = a_plan(*trials, conditions=arms, factors={"price": (1, 2)}, comparisons=wanted)
    whole, *options = comparisons(plan, measured_rows(plan, events))
    assert (whole.kind, whole.estimand, whole.interval) == ("whole", "total variation", "BCa")
    assert whole.estimate == pytest.approx((5 + 1 + 6) / 2 / 20)
    assert whole.low < whole.estimate < whole.high
    assert [one.option for one in options] == ["A", "B", "C"]


def test_families_are_corrected_apart():
    wanted = tuple(PlannedComparison(query="choice", field=name, factor="price") for name in ("buys", "pays", "ad"))
    inference = PlannedInference(families={"primary": ("choice.buys",)}, rest="others")
    buys, pays, *ads = found(12, wanted=wanted, inference=inference)
    assert [one.family for one in (buys, pays, *ads)] == ["primary", "others", "others", "others"]
    assert buys.p_corrected == buys.p
    assert pays.p_corrected == min(1, 3 * pays.p)


def test_max_t_takes_into_account_that_measures_are_related():
    wanted = tuple(PlannedComparison(query="choice", field="ad", factor="price") for _ in range(3))
    holm = found(20, wanted=wanted)
    joint = found(20, wanted=wanted, inference=PlannedInference(correction="max_t"))
    for one, other in zip(holm, joint, strict=True):
        assert one.p == other.p
        assert other.p_corrected == pytest.approx(other.p, abs=0.01)  # all six are the same comparison
        assert one.p_corrected > 3 * one.p or one.p_corrected == 1


def test_a_number_without_bounds_has_no_worst_case():
    def some_say_nothing(arm, person, chance):
        return drawn(arm, person, chance) | ({"pays": None} if chance.random() < 0.3 else {})

    pays = PlannedComparison(query="choice", field="pays", factor="price")
    missing, one = found(30, wanted=(pays,), answers=some_say_nothing)
    assert missing.kind == "missing"
    assert missing.values == tuple(count / 30 for count in one.missing)
    assert one.worst is None
    assert "no bound possible" in one.worst_why_not
