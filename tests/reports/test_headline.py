"""The answer to the title in one sentence: for every kind of field, one person, several, and conditions."""

from __future__ import annotations

from typing import Any

import pytest
from builders import a_member, a_plan, a_question, a_trial

from tinytroupe_cli.events.types import Event, Measured, TrialBegan, TrialEnded
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.reports.character_charts import ASCII, UNICODE, draw
from tinytroupe_cli.reports.headline import Headline, headline
from tinytroupe_cli.reports.results_builder import build_results

NAMES = ("Lisa Carter", "Oscar Brandt", "Ada Lund", "Ben Okri", "Cem Arslan")
FIELDS = {
    "would_order": PlannedField(name="would_order", kind="yes_no"),
    "is_vegan": PlannedField(name="is_vegan", kind="yes_no"),
    "ad": PlannedField(name="best_ad", kind="choice", options=("calm", "loud", "neither")),
    "agrees": PlannedField(name="agrees", kind="likert", options=("no", "partly", "yes")),
    "warmth": PlannedField(name="warmth", kind="scale", low=1, high=5, low_label="cold", high_label="warm"),
    "price": PlannedField(name="fair_price", kind="number", low=0, high=40, unit="dollars"),
    "why": PlannedField(name="why", kind="text"),
    "ideas": PlannedField(name="ideas", kind="list"),
    "order": PlannedField(name="order", kind="rank", options=("speed", "price", "taste")),
}


def answered(
    values: dict[str, list[Any]],
    *fields: str,
    title: str = "Would they order it?",
    how: str = "interview",
    samples: int = 1,
    **changes: Any,
) -> Headline | None:
    """The headline of a run: condition -> everybody's answers, a value or a tuple of them, each once."""
    conditions = tuple(Condition(name=name, levels={"price": name} if len(values) > 1 else {}) for name in values)
    asked = tuple(FIELDS[name] for name in fields)
    trials, events = [], dict[str, list[Event]]()
    for name, answers in values.items():
        cast = tuple(a_member(f"p{number}", NAMES[number]) for number in range(len(answers) // samples))
        ids = tuple(member.id for member in cast)
        query = a_question(ids, name="verdict", fields=asked, procedure=how, samples=samples)
        trial = a_trial(people=cast, id=name, condition=name, queries=(query,))
        trials.append(trial)
        begun = TrialBegan(trial=name, people=ids, names={member.id: member.name for member in cast})
        told = [
            Measured(
                trial=name,
                query="verdict",
                person=ids[number // samples],
                sample=number % samples,
                values=dict(zip((field.name for field in asked), _tuple(answer), strict=True)),
            )
            for number, answer in enumerate(answers)
        ]
        events[name] = [begun, *told, TrialEnded(trial=name)]
    return headline(build_results(a_plan(*trials, title=title, conditions=conditions, **changes), events))


def _tuple(answer: Any) -> tuple[Any, ...]:
    return answer if isinstance(answer, tuple) else (answer,)


def sentence(*arguments: Any, **changes: Any) -> str:
    found = answered(*arguments, **changes)
    assert found is not None
    return found.sentence


ONE = [
    ("would_order", False, "No: Lisa Carter would not order."),
    ("would_order", True, "Yes: Lisa Carter would order."),
    ("would_order", None, "Would order: Lisa Carter did not say."),
    ("is_vegan", True, "Is vegan: Lisa Carter said yes."),
    ("ad", "calm", "Best ad: Lisa Carter said calm."),
    ("agrees", "partly", "Agrees: Lisa Carter said partly."),
    ("warmth", 2, "Warmth: Lisa Carter said 2, on a scale from 1 (cold) to 5 (warm)."),
    ("price", 6.5, "Fair price: Lisa Carter said 6.5 dollars."),
    ("why", "It is dear.", "Why: Lisa Carter said “It is dear.”."),
    ("ideas", ["a test week", "a smaller box"], "Ideas: Lisa Carter said a test week and a smaller box."),
    ("ideas", [], "Ideas: Lisa Carter said nothing."),
    ("order", ["taste", "speed", "price"], "Order: Lisa Carter said taste first, then speed and price."),
]


@pytest.mark.parametrize(("field", "value", "told"), ONE)
def test_one_persons_answer_is_told_as_it_is(field: str, value: Any, told: str) -> None:
    assert sentence({"all": [value]}, field) == told


SEVERAL = [
    ("would_order", [True, False, True], "2 of 3 people would order."),
    ("would_order", [True, True], "Both people would order."),
    ("would_order", [False, False, False], "None of 3 people would order."),
    ("would_order", [True, None, False], "1 of 3 people would order; 1 did not say."),
    ("would_order", [None, None, False], "1 of 3 people would not order; 2 did not say."),
    ("would_order", [None, None], "Would order: none of 2 people answered."),
    ("is_vegan", [True, False, False], "Is vegan: 2 of 3 people said no, 1 yes."),
    ("ad", ["calm", "calm", "loud"], "Best ad: 2 of 3 people said calm, 1 loud."),
    ("ad", ["calm", None, "loud"], "Best ad: 2 of 3 people answered: 1 said calm, 1 loud."),
    ("agrees", ["yes", "yes", "yes"], "Agrees: all 3 people said yes."),
    ("warmth", [2, 5], "Warmth: 2 people said 2 and 5, on a scale from 1 (cold) to 5 (warm)."),
    ("price", [6, 6, 6], "Fair price: 3 people said 6 dollars each."),
    ("price", [9, 5, 6], "Fair price: 3 people said 5, 6 and 9 dollars."),
    ("price", [9, 5, 6, 12], "Fair price: 4 people said 8 dollars on average, from 5 to 12."),
    ("price", [9, None], "Fair price: 1 of 2 people answered: 9 dollars."),
    ("why", ["a", "b"], "Why: 2 people answered in words."),
    ("ideas", [["tea", "milk"], ["Tea"], []], "Ideas: 2 of 3 people named tea, 1 milk."),
    (
        "order",
        [["taste", "speed", "price"], ["taste", "price", "speed"]],
        "Order: in order of mean place, taste (1), speed (2.5) and price (2.5).",
    ),
]


@pytest.mark.parametrize(("field", "values", "told"), SEVERAL)
def test_several_peoples_answers_are_counted(field: str, values: list[Any], told: str) -> None:
    assert sentence({"all": values}, field) == told


CONDITIONS = [
    ("would_order", {"6": [True], "9": [False]}, "Lisa Carter would order with price 6, and would not with price 9."),
    ("would_order", {"6": [False], "9": [False]}, "Lisa Carter would not order with price 6 or with price 9."),
    ("would_order", {"6": [True], "9": [True]}, "Lisa Carter would order with price 6 and with price 9."),
    (
        "would_order",
        {"6": [True], "9": [None]},
        "Would order: with price 6, Lisa Carter said yes; with price 9, Lisa Carter did not say.",
    ),
    (
        "would_order",
        {"6": [True, True, False], "9": [False, None, False]},
        "Would order: with price 6, 2 of 3 people said yes, 1 no; with price 9, 2 of 3 people answered: 2 said no.",
    ),
    ("price", {"6": [6], "9": [8]}, "Fair price: with price 6, Lisa Carter said 6 dollars; with price 9, 8 dollars."),
    (
        "ad",
        {"6": ["calm", "calm"], "9": ["calm", "loud"]},
        "Best ad: with price 6, both people said calm; with price 9, 1 of 2 people said calm, 1 loud.",
    ),
]


@pytest.mark.parametrize(("field", "values", "told"), CONDITIONS)
def test_conditions_are_told_apart_and_nothing_is_made_of_the_difference(
    field: str, values: dict[str, list[Any]], told: str
) -> None:
    found = answered(values, field)
    assert found is not None
    assert found.sentence == told
    assert found.caution == "With so few answers, a difference between conditions can be chance."


def test_many_conditions_are_told_together() -> None:
    values = {str(price): [price < 8, False] for price in range(5, 10)}
    assert sentence(values, "would_order") == "5 conditions together: 3 of 10 answers would order."


def test_a_number_of_the_same_query_is_told_with_it() -> None:
    told = sentence({"all": [(False, 6)]}, "would_order", "price")
    assert told == "No: Lisa Carter would not order; fair price: 6 dollars."
    told = sentence({"all": [(False, 6), (True, None)]}, "would_order", "price")
    assert told == "1 of 2 people would order; fair price: 1 of 2 people answered: 6 dollars."


def test_yes_or_no_stands_first_only_where_the_title_asks_with_the_fields_verb() -> None:
    assert sentence({"all": [True]}, "would_order", title="Which price is right?") == "Lisa Carter would order."
    assert sentence({"all": [True]}, "would_order", title="Is it dear?") == "Lisa Carter would order."


@pytest.mark.parametrize("name", ["would_order_matter", "would_price_matter", "has_car", "should_we_launch"])
def test_a_name_that_may_be_no_predicate_is_not_read_as_one(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FIELDS, "odd", PlannedField(name=name, kind="yes_no"))
    assert sentence({"all": [False]}, "odd").endswith(": Lisa Carter said no.")


def test_what_a_judge_read_is_not_put_into_anybodys_mouth() -> None:
    assert sentence({"all": ["calm"]}, "ad", how="observe") == (
        "Best ad, judged from the transcript: calm for Lisa Carter."
    )
    assert sentence({"all": [True, False]}, "would_order", how="observe") == (
        "1 of 2 people would order, judged from the transcript."
    )


def test_numbers_that_a_judge_read_are_averaged_over_those_they_were_found_for() -> None:
    judged = "Warmth, judged from the transcript"
    ends = "on a scale from 1 (cold) to 5 (warm)."
    told = {
        (1, 2, 3, 4): f"{judged}: 2.5 on average of 4 people, from 1 to 4, {ends}",
        (1, 3): f"{judged}: 1 and 3 for 2 people, {ends}",
        (1, None, 3): f"{judged}: found for 2 of 3 people: 1 and 3, {ends}",
    }
    for values, words in told.items():
        assert sentence({"all": list(values)}, "warmth", how="observe") == words


def test_repeated_answers_of_one_person_are_not_counted_as_people() -> None:
    told = sentence({"all": [True, True, False, False]}, "is_vegan", samples=2)
    assert told == "Is vegan: 2 of 4 answers said yes, 2 no."


def test_the_first_expectation_says_what_the_title_is_about() -> None:
    values = {"all": [("calm", 3), ("loud", 5)]}
    assert sentence(values, "ad", "warmth").startswith("Best ad:")
    assert sentence(values, "ad", "warmth", expect=("verdict.warmth.mean() > 2",)).startswith("Warmth:")
    assert sentence({"all": [("x", 3)]}, "why", "warmth", expect=("verdict.why.count() > 0",)).startswith("Warmth:")


def test_a_run_that_asks_nothing_has_no_headline() -> None:
    trial = a_trial(queries=())
    assert headline(build_results(a_plan(trial), {trial.id: []})) is None


def drawn(found: Headline | None, width: int = 60, characters: Any = ASCII) -> list[str]:
    assert found is not None
    return [line for chart in found.charts for line in draw(chart, width, characters)]


def test_options_are_bars_with_their_counts() -> None:
    assert drawn(answered({"all": ["calm", "calm", "loud", None]}, "ad"), 32) == [
        "best ad (3 of 4 answers)",
        "  calm     2  ############",
        "  loud     1  ######",
        "  neither  0",
    ]


def test_numbers_are_marks_on_a_line() -> None:
    assert drawn(answered({"all": [0, 20, 20, 40]}, "price"), 37) == [
        "fair price",
        "  mean 20  0 o---------2---------o 40",
    ]


def test_each_condition_has_a_bar_of_its_own_and_says_what_is_missing() -> None:
    assert drawn(answered({"6": [True, False], "12": [True, None]}, "would_order"), 45) == [
        "would order: yes",
        "  price 6              1 of 2  #######",
        "  price 12  1 of 1, 1 missing  ##############",
    ]


def test_options_under_each_condition_say_of_how_many_answers_they_are_where_some_are_missing() -> None:
    answers = {"6": ["calm", "loud"], "9": ["calm", None], "12": [None, None]}
    headings = [line for line in drawn(answered(answers, "ad")) if not line.startswith("  ")]
    assert headings == [
        "best ad, with price 6",
        "best ad, with price 9 (1 of 2 answers)",
        "best ad, with price 12: no answer",
    ]


def test_options_of_many_conditions_together_say_of_how_many_answers_they_are() -> None:
    answers = {str(price): ["calm", None] for price in range(6)}
    assert drawn(answered(answers, "ad"))[0] == "best ad, all conditions (6 of 12 answers)"


def test_numbers_under_each_condition_say_of_how_many_answers_they_are_where_some_are_missing() -> None:
    answers = {"6": [10, 30], "9": [10, 30, None], "12": [40, None, None], "15": [None, None]}
    rows = drawn(answered(answers, "price"), 70)[1:]
    told = [row.split("  0 ", maxsplit=1)[0].split(maxsplit=2)[2] for row in rows]
    assert told == ["mean 20", "mean 20 of 2, 1 missing", "40, 2 missing", "no answer"]


def test_conditions_of_numbers_share_one_line_of_values() -> None:
    first, second = drawn(answered({"6": [0, 20], "12": [40]}, "price"), 50)[1:]
    assert first.index("o") < first.rindex("o") < second.index("o", 12)
    assert len(first) == len(second)


def test_many_numbers_are_counted_in_classes() -> None:
    values = [(1 + number) * 2.5 for number in range(15)]
    assert [line.split("  ")[1] for line in drawn(answered({"all": values}, "price", samples=3), 50)[1:]] == [
        "0 to below 5",
        "5 to below 10",
        "10 to below 15",
        "15 to below 20",
        "20 to below 25",
        "25 to below 30",
        "30 to below 35",
        "35 to below 40",
    ]


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("field", ["ad", "price", "warmth", "ideas", "order", "agrees"])
def test_charts_keep_to_the_width(width: int, field: str) -> None:
    value = {"ad": "calm", "ideas": ["a" * 90], "order": ["taste", "price", "speed"], "agrees": "no"}.get(field, 3)
    for values in ({"all": [value, value]}, {"6": [value], "9": [value]}):
        assert max(map(len, drawn(answered(values, field), width, UNICODE)), default=0) <= width
