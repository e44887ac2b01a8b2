"""Comparisons where texts have several wordings."""

import numpy as np
import pytest
from builders import a_cast, a_plan, a_question, a_trial

from tinytroupe_cli.analysis.comparisons import comparisons
from tinytroupe_cli.analysis.effect_sizes import cohens_h, hedges_g_av
from tinytroupe_cli.analysis.observations import measured_rows
from tinytroupe_cli.analysis.scores import with_score_rows, with_scores
from tinytroupe_cli.analysis.wording_tests import crossed_test, rotated_test
from tinytroupe_cli.events.types import Measured
from tinytroupe_cli.plan.outputs import PlannedOutputs
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison, PlannedInference
from tinytroupe_cli.plan.planned_scores import PlannedScore, ScoreItem
from tinytroupe_cli.plan.planned_weights import PlannedWeights
from tinytroupe_cli.plan.planned_wordings import PlannedWordings
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.plan.world import WorldPlan

FIELDS = (PlannedField(name="pays", kind="number"), PlannedField(name="buys", kind="yes_no"))
ALONE = WorldPlan(type="interviews", start="2026-01-05T09:00", steps=1)
PAYS = PlannedComparison(query="choice", field="pays", factor="price")


def found(people=24, count=6, *, cross="rotate", drawn="random", skips=lambda *_: False, answers=None, **changes):
    """Return the comparisons of a within design, in which wording w has an effect of its own."""
    arms = tuple(Condition(name=f"p{price}", levels={"price": price}) for price in (1, 2))
    cast = tuple(
        member.model_copy(update={"persona": {**member.persona, "age": 20 + place}})
        for place, member in enumerate(a_cast(people))
    )
    versions = [cast[number::count] if cross == "rotate" else cast for number in range(count)]
    chance, trials, events = np.random.default_rng(5), [], {}
    of_wording = chance.normal(0, 0.5, count)
    for place, arm in enumerate(arms):
        for number, own in enumerate(versions):
            name, ids = f"{arm.name}-w{number + 1}", tuple(member.id for member in own)
            queries = (a_question(ids, fields=FIELDS),)
            trials.append(a_trial(own, id=name, condition=arm.name, wording=number + 1, world=ALONE, queries=queries))
            events[name] = [
                Measured(
                    trial=name,
                    query="choice",
                    person=person,
                    values={
                        "pays": answers or 10 + place * (1 + of_wording[number]) + chance.normal(0, 1),
                        "buys": bool(chance.random() < 0.5),
                    },
                )
                for person in ids
                if not skips(number, person)
            ]
    ids = tuple(tuple(member.id for member in own) for own in versions)
    plan = a_plan(
        *trials,
        conditions=arms,
        factors={"price": (1, 2)},
        wordings=PlannedWordings(count=count, cross=cross, drawn=drawn, people=ids if cross == "rotate" else ()),
        comparisons=changes.pop("wanted", (PAYS,)),
        **changes,
    )
    scored = with_scores(plan)
    return comparisons(scored, with_score_rows(scored, measured_rows(plan, events)))


def test_rotated_wordings_are_the_units_of_the_test():
    [one] = found()
    assert (one.test, one.interval) == ("t over wordings", "Student's t")
    assert (one.n, one.wordings, one.wordings_are) == ((24, 24), 6, "random")
    assert one.low < one.estimate < one.high
    assert one.values[1] - one.values[0] == one.estimate
    assert one.wordings_p in {number / 64 for number in range(2, 65, 2)}
    assert found(count=4)[0].wordings_p is None


def test_a_score_of_one_item_is_tested_over_wordings_like_the_item():
    of_score = PAYS.model_copy(update={"query": "spending", "field": "score"})
    score = PlannedScore(
        name="spending",
        items=(ScoreItem(query="choice", field="pays"),),
        min_items=1,
        low=0,
        high=99,
    )
    item, whole = found(wanted=(PAYS, of_score), outputs=PlannedOutputs(scores=(score,)))
    assert (whole.measure, whole.why_not) == ("spending.score", "")
    assert (whole.wordings, whole.test) == (6, "t over wordings")
    assert (whole.estimate, whole.p) == pytest.approx((item.estimate, item.p))


def test_with_a_wording_for_each_person_people_are_the_units():
    [one] = found(12, 12)
    assert (one.test, one.wordings, one.wordings_are) == ("sign flips", 12, "random")


def test_fixed_wordings_are_tested_as_one():
    [one] = found(drawn="fixed")
    assert (one.test, one.wordings, one.wordings_are) == ("sign flips", 6, "fixed")
    [crossed] = found(drawn="fixed", cross="all")
    assert (crossed.test, crossed.n) == ("sign flips", (24, 24))


def test_crossed_wordings_are_units_beside_people():
    [one] = found(cross="all")
    assert one.test == "quasi-F over people and wordings"
    assert one.n == (24, 24)
    assert one.planned == (144, 144)
    [fixed] = found(cross="all", drawn="fixed")
    assert one.estimate == pytest.approx(fixed.estimate)
    assert one.p > fixed.p  # wordings averaged away as if they were people


def test_with_missing_answers_errors_are_clustered_by_people_and_wordings():
    *_, one = found(cross="all", skips=lambda number, person: (number, person) in {(0, "person-3"), (4, "person-9")})
    assert one.test == "t, clustered by people and wordings"
    assert one.missing == (2, 2)
    assert one.values[1] - one.values[0] == one.estimate


def test_a_wording_without_answers_is_left_out_and_not_counted():
    *_, one = found(skips=lambda number, _: number == 2)
    assert one.wordings == 5
    *_, none = found(skips=lambda number, _: number > 0, people=48)
    assert none.p is None
    assert none.why_not == "fewer than 2 wordings have answers at both levels"


def test_where_everybody_agrees_in_all_wordings_the_interval_has_a_width():
    wanted = (PlannedComparison(query="choice", field="buys", factor="price"),)
    [one] = found(answers=3.0)
    assert (one.estimate, one.p) == (0, 1)
    assert "no interval" in one.why_not
    [share] = found(wanted=wanted)
    assert -1 <= share.low < share.high <= 1


def test_groups_of_people_are_compared_over_wordings_as_well():
    wanted = (PlannedComparison(query="choice", field="pays", attribute="age", bands=(32.0,)),)
    [one] = found(wanted=wanted)
    assert (one.design, one.test, one.wordings) == ("description", "t over wordings", 6)


def test_about_the_cast_a_wording_is_still_one_wording():
    [one] = found(24, 24, inference=PlannedInference(about="cast"))
    assert one.p is None  # one replicate
    assert "fewer than 6 replicates" in one.why_not


def test_equivalence_uses_the_interval_over_wordings():
    wanted = (PAYS.model_copy(update={"equivalence": (-50.0, 50.0)}),)
    assert found(wanted=wanted)[0].verdict in {"equivalent", "different_but_negligible"}


def test_what_has_no_test_over_wordings_says_so():
    for changes in ({"estimand": "median"}, {"test": "sign"}):
        *_, one = found(wanted=(PAYS.model_copy(update=changes),))
        assert "wordings" in one.why_not or "wordings" in one.named_why_not


def test_max_t_is_holm_over_wordings():
    wanted = (PAYS, PAYS.model_copy(update={"field": "buys"}))
    one, other = found(wanted=wanted, inference=PlannedInference(correction="max_t"))
    assert [one.p_corrected, other.p_corrected] == [
        row.p_corrected for row in found(wanted=wanted, inference=PlannedInference(correction="holm"))
    ]


def test_quasi_f_equals_the_formulas_of_clark():
    values = np.random.default_rng(3).normal(0, 1, (9, 5)) + np.arange(5) + np.arange(9)[:, None]
    people, wordings = values.shape
    by_person, by_wording, mean = values.mean(axis=1), values.mean(axis=0), values.mean()
    of_people = wordings * np.square(by_person - mean).sum() / (people - 1)
    of_wordings = people * np.square(by_wording - mean).sum() / (wordings - 1)
    rest = np.square(values - by_person[:, None] - by_wording + mean).sum() / ((people - 1) * (wordings - 1))
    above = of_people + of_wordings - rest
    below = of_people**2 / (people - 1) + of_wordings**2 / (wordings - 1) + rest**2 / ((people - 1) * (wordings - 1))
    assert above > max(of_people, of_wordings)
    one = crossed_test([values])
    assert one.estimate == pytest.approx(mean)
    assert one.error**2 == pytest.approx(above / values.size)
    assert one.freedom == pytest.approx(above**2 / below)


def test_where_wordings_do_not_differ_the_test_is_that_of_people():
    values = np.random.default_rng(3).normal(0, 1, (9, 1)) + np.zeros(5)
    one = crossed_test([values])
    assert one.freedom == pytest.approx(8)
    assert one.error == pytest.approx(values[:, 0].std(ddof=1) / 3)


@pytest.mark.parametrize("swap", [1, -1])
def test_swapped_levels_mirror_the_estimate_and_keep_p(swap):
    first, second = np.random.default_rng(3).normal(0, 1, (2, 9, 5))
    one, other = crossed_test([first, second]), crossed_test([second, first])
    assert one.estimate == pytest.approx(-other.estimate)
    assert one.p == pytest.approx(other.p)
    effects = swap * first[:, 0]
    assert rotated_test(effects).p == pytest.approx(rotated_test(-effects).p)


def test_one_wording_has_no_variance():
    with pytest.raises(ValueError, match="two of them"):
        rotated_test(np.array([1.0]))
    with pytest.raises(ValueError, match="two of each"):
        crossed_test([np.ones((5, 1))])


@pytest.mark.parametrize("cross", ["rotate", "all"])
def test_weights_travel_with_the_person_in_every_wording(cross):
    weights = PlannedWeights(to={"age": {"under 30": 0.9, "30+": 0.1}})
    [one] = found(cross=cross, weights=weights)
    [plain] = found(cross=cross)
    assert one.test == ("t over wordings" if cross == "rotate" else "t, clustered by people and wordings")
    assert one.estimate != pytest.approx(plain.estimate)
    assert one.values[1] - one.values[0] == one.estimate
    assert one.unweighted is not None


def test_equal_weights_change_nothing():
    values = np.random.default_rng(3).normal(0, 1, (9, 5))
    values[2, 3] = np.nan
    one, other = crossed_test([values]), crossed_test([values], [np.full(9, 2.0)])
    assert (one.estimate, one.error, one.freedom) == pytest.approx((other.estimate, other.error, other.freedom))


def test_effect_sizes_are_those_of_the_values_beside_them():
    """With unequal numbers of people per wording, means over wordings are not means over people."""
    of_shares, *_ = found(people=23, count=5, wanted=(PAYS.model_copy(update={"field": "buys"}),))
    assert of_shares.effect_size == pytest.approx(cohens_h(*of_shares.values))
    within, *_ = found(people=23, count=5)
    first, second = np.array([0.0, 1.0, 3.0]), np.array([1.0, 2.0, 3.0])
    assert within.effect == "Hedges' g_av"
    assert hedges_g_av(first, second, gap=1.0) == pytest.approx(hedges_g_av(first, second) * 3 / 2)
