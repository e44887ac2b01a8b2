import pytest
from builders import a_plan, a_question, a_trial
from hypothesis import given
from hypothesis import strategies as st

from tinytroupe_cli.analysis.descriptive import summaries, wilson
from tinytroupe_cli.analysis.observations import measured_rows
from tinytroupe_cli.events.types import Failed, Measured, Refused
from tinytroupe_cli.plan.types import Condition, PlannedField

PEOPLE = ("person-1", "person-2", "person-3", "person-4")


def an_experiment(field, *conditions, samples=1):
    names = conditions or ("all",)
    query = a_question(PEOPLE, fields=(field,), samples=samples)
    trials = [a_trial(people=4, id=f"{name}-r1", condition=name, queries=(query,)) for name in names]
    return a_plan(*trials, conditions=tuple(Condition(name=name, levels={"price": name}) for name in names))


def answered(field, *values, trial="all-r1", sample=0):
    """One event per person: a value, None, an event type; `...` is nobody asked yet."""
    events = []
    for person, value in zip(PEOPLE, values, strict=False):
        where = {"trial": trial, "query": "choice", "person": person, "sample": sample}
        if value is Refused:
            events.append(Refused(**where, text="I'd rather not."))
        elif value is Failed:
            events.append(Failed(**where, field=field.name, reason="bad_output", text="9 is above 7"))
        elif value is not ...:
            events.append(Measured(**where, values={field.name: value}, shown={field.name: ["B", "A"]}))
    return events


def summed_up(field, *values):
    plan = an_experiment(field)
    return summaries(plan, measured_rows(plan, {"all-r1": answered(field, *values)}))[0]


CHOICE = PlannedField(name="ad", kind="choice", options=("A", "B", "neither"))


def test_every_planned_value_is_a_row_whatever_came_of_it():
    plan = an_experiment(CHOICE, "a", "b")
    rows = measured_rows(plan, {"a-r1": answered(CHOICE, "A", None, Refused, Failed, trial="a-r1")})
    assert [row.outcome for row in rows] == ["stated", "not_stated", "refused", "failed", *["unasked"] * 4]
    assert rows[0].shown == ["B", "A"]
    assert [row.why for row in rows[2:4]] == ["I'd rather not.", "9 is above 7"]
    assert {row.condition for row in rows[4:]} == {"b"}
    assert rows[0].levels == {"price": "a"}


def test_shares_are_of_stated_answers_and_missing_is_counted_by_reason():
    summary = summed_up(CHOICE, "A", "A", Refused, None)
    assert (summary.planned, summary.stated, summary.refused, summary.not_stated) == (4, 2, 1, 1)
    assert [(share.value, share.count, share.share) for share in summary.shares] == [
        ("A", 2, 1.0),
        ("B", 0, 0.0),
        ("neither", 0, 0.0),
    ]


def test_nobody_answered_is_no_share_of_zero():
    summary = summed_up(CHOICE, None, Refused, Failed, ...)
    assert summary.stated == 0
    assert [share.share for share in summary.shares] == [None, None, None]
    assert summary.numbers is None


def test_a_likert_answer_counts_as_its_point():
    field = PlannedField(name="intent", kind="likert", options=("No", "Perhaps", "Yes"))
    summary = summed_up(field, "No", "Yes", "Yes", "Yes")
    assert summary.numbers is not None
    assert (summary.numbers.mean, summary.numbers.median, summary.numbers.sd) == (2.5, 3, 1.0)
    assert [share.count for share in summary.shares] == [1, 0, 3]


def test_numbers_have_mean_spread_and_ends():
    field = PlannedField(name="pays", kind="number")
    summary = summed_up(field, 10, 20, 60, None)
    assert summary.numbers is not None
    assert (summary.numbers.mean, summary.numbers.median) == (30, 20)
    assert (summary.numbers.min, summary.numbers.max) == (10, 60)
    assert summary.numbers.sd == pytest.approx(26.457, abs=0.001)
    assert summed_up(field, 10).numbers.sd is None


def test_yes_is_counted_before_no():
    summary = summed_up(PlannedField(name="buys", kind="yes_no"), True, False, False, None)
    assert [(share.value, share.count) for share in summary.shares] == [(True, 1), (False, 2)]


def test_rankings_give_mean_places_and_firsts():
    field = PlannedField(name="order", kind="rank", options=("speed", "price"))
    summary = summed_up(field, ["speed", "price"], ["price", "speed"], ["price", "speed"], None)
    assert [(place.option, round(place.mean, 2), place.first_places) for place in summary.places] == [
        ("speed", 1.67, 1),
        ("price", 1.33, 2),
    ]


def test_list_entries_are_counted_alike_whatever_their_case():
    summary = summed_up(PlannedField(name="ideas", kind="list"), ["Colour", "tabs"], ["colour"], [], None)
    assert [(share.value, share.count) for share in summary.shares] == [("Colour", 2), ("tabs", 1)]
    assert summary.stated == 3


def test_each_condition_is_summed_up_after_all_of_them():
    plan = an_experiment(CHOICE, "a", "b")
    events = {"a-r1": answered(CHOICE, "A", "A", trial="a-r1"), "b-r1": answered(CHOICE, "B", trial="b-r1")}
    found = [(one.condition, one.stated) for one in summaries(plan, measured_rows(plan, events))]
    assert found == [("", 3), ("a", 2), ("b", 1)]


def test_repeated_answers_of_one_person_get_no_interval():
    plan = an_experiment(CHOICE, samples=2)
    events = [*answered(CHOICE, "A"), *answered(CHOICE, "B", sample=1)]
    summary = summaries(plan, measured_rows(plan, {"all-r1": events}))[0]
    assert (summary.stated, summary.people) == (2, 1)
    assert all(share.low is None for share in summary.shares)


@given(st.integers(1, 500).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_an_interval_holds_its_share_and_stays_between_nothing_and_all(case):
    count, total = case
    low, high = wilson(count, total)
    assert 0 <= low <= count / total <= high <= 1


def test_an_interval_is_as_published():
    low, high = wilson(81, 263)  # Newcombe 1998, table I, method 3
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


@pytest.mark.parametrize(("world", "is_given"), [("interviews", True), ("room", False)])
def test_people_who_talk_are_not_independent_and_get_no_interval(world, is_given):
    plan = an_experiment(CHOICE)
    [trial] = plan.trials
    trial = trial.model_copy(update={"world": trial.world.model_copy(update={"type": world})})
    plan = plan.model_copy(update={"trials": (trial,)})
    summary = summaries(plan, measured_rows(plan, {"all-r1": answered(CHOICE, "A", "B", "A", "A")}))[0]
    assert all((share.low is not None) == is_given for share in summary.shares)
