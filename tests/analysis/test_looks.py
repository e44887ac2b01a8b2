import pytest
from builders import a_cast, a_plan, a_question, a_trial

from tinytroupe_cli.analysis.comparisons import comparisons
from tinytroupe_cli.analysis.looks import LookedAt
from tinytroupe_cli.analysis.observations import measured_rows
from tinytroupe_cli.events.types import Measured
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.planned_stopping import PlannedStopping
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.plan.world import WorldPlan

ALONE = WorldPlan(type="interviews", start="2026-01-05T09:00", steps=1)
ARMS = tuple(Condition(name=name, levels={"ad": name}) for name in ("calm", "loud", "odd"))
CAST = a_cast(24)
FIELDS = (
    PlannedField(name="buys", kind="yes_no"),
    PlannedField(name="brand", kind="choice", options=("A", "B", "C")),
    PlannedField(name="pays", kind="number"),
)


def a_run(values, *, field="buys", played=4, **rule):
    """Return looks and comparisons; `values`: of a person's number and an ad, the three answers."""
    blocks = [CAST[start : start + 6] for start in range(0, 24, 6)]
    trials, events = [], {}
    for number, block in enumerate(blocks[:played], start=1):
        for arm in ARMS:
            ids = tuple(one.id for one in block)
            name = f"{arm.name}-b{number}"
            trials.append(
                a_trial(
                    block,
                    id=name,
                    condition=arm.name,
                    block=number,
                    world=ALONE,
                    queries=(a_question(ids, fields=FIELDS),),
                )
            )
            events[name] = [
                Measured(trial=name, query="choice", person=one, values=found)
                for one in ids
                if (found := values(int(one.split("-")[1]), arm.name)) is not None
            ]
    ids = tuple(tuple(one.id for one in block) for block in blocks)
    told = {"half_width": 0.2, "method": "confidence_sequence", **rule}
    stopping = PlannedStopping(query="choice", field=field, factor="ad", blocks=ids, **told)
    compared = (PlannedComparison(query="choice", field=field, factor="ad"),)
    factors = {"ad": ("calm", "loud", "odd")}
    plan = a_plan(*trials, conditions=ARMS, factors=factors, stopping=stopping, comparisons=compared)
    rows = measured_rows(plan, events)
    return LookedAt(plan, stopping, rows), comparisons(plan, rows)


def mixed(number, ad):
    return {
        "buys": (number * 7 + len(ad)) % 3 == 0,
        "brand": "ABC"[(number + len(ad)) % 3],
        "pays": number * ord(ad[0]) % 7 + 3.0 * (ad == "loud"),
    }


def test_alpha_is_divided_by_pairs_and_options():
    assert a_run(mixed)[0].alpha == pytest.approx(0.05 / 3)
    assert a_run(mixed, field="brand")[0].alpha == pytest.approx(0.05 / 9)


def test_pairs_have_the_intervals_of_the_last_look_and_levels_together_are_not_tested():
    looked_at, compared = a_run(mixed, field="pays", half_width=1.0)
    last = looked_at.result().looks[-1]
    whole, *pairs = compared
    assert (whole.kind, whole.p) == ("omnibus", None)
    assert "people were added until" in whole.why_not
    assert [(one.low, one.high) for one in pairs] == [(one.low, one.high) for one in last.pairs]
    assert {one.test for one in pairs} == {"confidence sequence"}


def test_a_look_is_made_only_once_its_block_is_complete():
    looked_at, compared = a_run(lambda number, ad: None if (number, ad) == (20, "odd") else mixed(number, ad))
    result = looked_at.result()
    assert [look.people for look in result.looks] == [6, 12, 18]
    assert result.stopped == ""
    assert {one.n for one in compared if one.kind == "pair"} == {(18, 18)}


def test_people_who_were_not_needed_are_counted_as_such():
    result = a_run(mixed, field="pays", half_width=9.0, played=2)[0].result()
    assert (result.stopped, result.people, result.not_needed) == ("narrow", 12, 12)


@pytest.mark.parametrize("method", ["confidence_sequence", "alpha_spending"])
def test_answers_that_all_agree_have_the_exact_bound_and_show_no_difference(method):
    same = {"buys": True, "brand": "A", "pays": 3.0}
    looked_at, compared = a_run(lambda *_: same, method=method)
    looks = looked_at.result().looks
    alpha = 0.05 / 3 / 4  # three pairs, and four looks at each
    exact = [1 - (alpha / 2) ** (1 / people) for people in (6, 12, 18, 24)]
    assert [look.half_width for look in looks] == pytest.approx(exact)
    assert {one.p for one in compared if one.kind == "pair"} == {1.0}
    unbounded, _ = a_run(lambda *_: same, field="pays", method=method)
    assert {look.half_width for look in unbounded.result().looks} == {None}
    assert unbounded.result().stopped == "limit"


def test_differences_that_are_equal_but_for_rounding_are_no_certainty():
    def shifted(number, ad):
        return {**mixed(number, ad), "pays": number / 10 + {"calm": 0.1, "loud": 0.3, "odd": 0.7}[ad]}

    looked_at, _ = a_run(shifted, field="pays")
    assert {look.half_width for look in looked_at.result().looks} == {None}


def test_repeated_intervals_are_wide_at_first():
    looks = a_run(mixed, field="pays", method="alpha_spending")[0].result().looks
    widths = [look.half_width for look in looks]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 5 * widths[-1]
