import pytest
from builders import a_plan, a_question, a_trial

from tinytroupe_cli.analysis.expectations import expectations
from tinytroupe_cli.analysis.observations import measured_rows
from tinytroupe_cli.events.types import Measured, Refused
from tinytroupe_cli.plan.types import Condition, PlannedField

PEOPLE = ("person-1", "person-2")
FIELDS = (
    PlannedField(name="ad", kind="choice", options=("calm", "loud")),
    PlannedField(name="buys", kind="yes_no"),
    PlannedField(name="pays", kind="number"),
    PlannedField(name="intent", kind="likert", options=("No", "Perhaps", "Yes")),
    PlannedField(name="ideas", kind="list"),
    PlannedField(name="order", kind="rank", options=("speed", "price")),
    PlannedField(name="empty", kind="number"),
)
CHEAP = {"ad": "calm", "buys": True, "pays": 100, "intent": "Yes", "ideas": ["Tabs"], "order": ["speed", "price"]}
DEAR = {"ad": "loud", "buys": False, "pays": 50, "intent": "No", "ideas": [], "order": ["price", "speed"]}


def judged(*texts, events=None):
    query = a_question(PEOPLE, fields=FIELDS)
    conditions = tuple(Condition(name=f"p{price}", levels={"price": price}) for price in (399, 559))
    trials = [a_trial(id=f"{arm.name}-r1", condition=arm.name, queries=(query,)) for arm in conditions]
    plan = a_plan(*trials, conditions=conditions, expect=texts)
    if events is None:
        events = {
            "p399-r1": [Measured(trial="p399-r1", query="choice", person=person, values=CHEAP) for person in PEOPLE],
            "p559-r1": [
                Measured(trial="p559-r1", query="choice", person="person-1", values={**DEAR, "empty": None}),
                Refused(trial="p559-r1", query="choice", person="person-2"),
            ],
        }
    return expectations(plan, measured_rows(plan, events))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("choice.ad.share('calm')", 2 / 3),
        ("choice.ad.share('CALM')", 2 / 3),
        ("choice.ad.at(price=559).share('calm')", 0),
        ("choice.ad.at(price=399).share('calm')", 1),
        ("choice.buys.share('yes')", 2 / 3),
        ("choice.buys.share(false)", 1 / 3),
        ("choice.buys.count()", 3),
        ("choice.buys.count('no')", 1),
        ("choice.pays.mean()", 250 / 3),
        ("choice.pays.median()", 100),
        ("choice.pays.sd()", 28.867513459481287),
        ("choice.pays.min()", 50),
        ("choice.pays.max()", 100),
        ("choice.intent.mean()", 7 / 3),
        ("choice.intent.share('yes')", 2 / 3),
        ("choice.ideas.share('tabs')", 2 / 3),
        ("choice.order.share('speed')", 2 / 3),
        ("choice.order.mean('price')", 5 / 3),
        ("choice.ad.missing()", 1),
        ("choice.ad.at(price=399).missing()", 0),
        ("choice.empty.missing()", 4),
        ("choice.empty.count()", 0),
    ],
)
def test_a_figure_is_over_stated_answers(text, value):
    (expected,) = judged(f"{text} >= {value - 1e-9}")
    assert expected.outcome == "held"
    assert expected.observed[0].value == pytest.approx(value)
    assert expected.observed[0].what.casefold() == text.casefold()


def test_a_false_expectation_is_broken_and_tells_what_was_seen():
    (expected,) = judged("choice.ad.share('loud') > 0.5 and choice.ad.missing() == 0")
    assert expected.outcome == "broken"
    assert [(seen.what, seen.value) for seen in expected.observed] == [
        ("choice.ad.share('loud')", pytest.approx(1 / 3)),
        ("choice.ad.missing()", 1),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("choice.empty.mean() > 0", "choice.empty.mean(): none of 4 answers was stated"),
        ("not (choice.empty.mean() > 0)", "choice.empty.mean(): none of 4 answers was stated"),
        ("choice.empty.mean() != 3", "choice.empty.mean(): none of 4 answers was stated"),
        (
            "choice.pays.at(price=559).sd() < 9",
            "choice.pays.at(price=559).sd(): a single answer has no standard deviation",
        ),
        ("choice.pays.at(price=1).mean() < 9", "choice.pays was not asked in these conditions"),
        ("choice.gone.mean() < 9", "'choice.gone' was not measured"),
        ("choice.pays > 3", "'choice.pays' refers to many answers"),
        ("choice.pays.mean() / choice.ad.at(price=399).missing() > 1", "can't be evaluated"),
        ("choice.pays.mean() >", "is incomplete"),
    ],
)
def test_what_has_no_answer_to_work_with_is_never_a_pass(text, reason):
    (expected,) = judged(text)
    assert expected.outcome == "not_evaluable"
    assert reason in expected.reason


def test_an_unplayed_run_counts_nothing_and_misses_everything():
    count, missing = judged("choice.ad.count() == 0", "choice.ad.missing() == 4", events={})
    assert count.outcome == "not_evaluable"
    assert missing.outcome == "held"


def test_what_is_never_reached_does_not_matter():
    (expected,) = judged("choice.ad.count() > 0 or choice.empty.mean() > 3")
    assert expected.outcome == "held"
    assert [seen.value for seen in expected.observed] == [3, None]
