import numpy as np
import pytest
from builders import a_cast, a_plan, a_question, a_trial

from tinytroupe_cli.analysis.answer_quality import answer_quality
from tinytroupe_cli.analysis.observations import measured_rows
from tinytroupe_cli.core.text_similarity import word_cosine, words_in
from tinytroupe_cli.events.types import Measured, Refused
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.plan.world import WorldPlan
from tinytroupe_cli.reports.markdown import details
from tinytroupe_cli.reports.results_builder import build_results
from tinytroupe_cli.reports.sentences import text_template

ALONE = WorldPlan(type="interviews", start="2026-01-05T09:00", steps=1)
ITEMS = tuple(PlannedField(name=f"item{number}", kind="scale", low=1, high=5) for number in range(1, 5))
WHY = PlannedField(name="why", kind="text")
AD = PlannedField(name="ad", kind="choice", options=("A", "B", "C"))
WORDS = ("price", "comfort", "taste", "speed", "trust", "habit", "colour", "size", "noise", "smell")


def a_run(fields, answer, *, people=20, refusing=0):
    cast = a_cast(people)
    ids = tuple(member.id for member in cast)
    chance = np.random.default_rng(4)
    trial = a_trial(cast, world=ALONE, queries=(a_question(ids, fields=fields),))
    measured = [
        Measured(trial="r1", query="choice", person=one, values=answer(at, chance)) for at, one in enumerate(ids)
    ]
    refused = [Refused(trial="r1", query="choice", person=one, text="I can't.") for one in ids[:refusing]]
    return a_plan(trial), {"r1": [*refused, *measured[refusing:]]}


def checks(fields, answer, **how):
    plan, events = a_run(fields, answer, **how)
    return {one.check: one for one in answer_quality(plan, measured_rows(plan, events))}


def own_words(at, chance):
    return {"why": f"It is about {' and '.join(chance.permutation(WORDS)[:5])}, number {at}."}


def test_texts_that_differ_are_no_alarm():
    found = checks((WHY,), own_words)
    assert not any(one.is_alarm for one in found.values())
    assert found["repeated_between_people"].value == 0


def test_a_text_that_others_gave_too_is_an_alarm_with_the_text():
    def copied(at, chance):
        return {"why": "It  costs too much." if at % 2 else own_words(at, chance)["why"]} | {}

    found = checks((WHY,), copied)["repeated_between_people"]
    assert (found.value, found.is_alarm, found.example) == (0.5, True, "It costs too much.")
    plan, events = a_run((WHY,), copied)
    text = details(build_results(plan, events)).decode()
    assert "50% of 20 texts repeat another person's word for word, most often “It costs too much.”" in text


def test_the_most_frequent_text_is_counted_in_texts_not_in_people():
    plan, events = a_run((WHY,), lambda at, _: {"why": "By three." if at < 3 else f"By two, {at // 2}."}, people=6)
    rows = measured_rows(plan, events)
    again = [row.model_copy(update={"replicate": 2}) for row in rows if row.value == "By two, 2."]
    found = {one.check: one for one in answer_quality(plan, [*rows, *again])}
    assert len(again) == 2
    assert found["repeated_between_people"].example == "By two, 2."


def test_texts_given_equally_often_are_all_named():
    def answer(at, _):
        return {"why": "By three, 3." if at < 3 else "Also by 3." if at < 6 else f"Only number {at} says this."}

    found = checks((WHY,), answer)["repeated_between_people"]
    assert (found.example, found.as_often) == ("By three, 3.", ("Also by 3.",))
    told = text_template("quality.jinja").module.frequent(found)
    assert " ".join(told.split()) == "most often “By three, 3.” and “Also by 3.” (equally often)"


def test_texts_that_differ_by_one_word_are_near_copies():
    def nearly(at, _chance):
        return {"why": f"I would buy it because it is cheap and my family likes the taste of it, says number {at}"}

    found = checks((WHY,), nearly)
    assert found["near_copies"].value == 1
    assert not found["repeated_between_people"].is_alarm


def test_straight_lining_is_held_against_independent_answers():
    def straight(at, chance):
        point = int(chance.integers(1, 6))
        return {item.name: point if at % 2 else int(chance.integers(1, 6)) for item in ITEMS}

    found = checks(ITEMS, straight, people=60)["straight_lining"]
    assert found.is_alarm
    assert found.value == pytest.approx(0.5, abs=0.05)
    assert found.expected < 0.05
    honest = checks(ITEMS, lambda _at, chance: {item.name: int(chance.integers(1, 6)) for item in ITEMS}, people=60)
    assert not honest["straight_lining"].is_alarm


def test_everybody_in_the_middle_has_no_spread_and_only_middle_answers():
    found = checks(ITEMS[:1], lambda at, _chance: {"item1": 2 if at == 0 else 3})
    assert found["middle_answers"].is_alarm
    assert found["little_spread"].is_alarm
    wide = checks(ITEMS[:1], lambda _at, chance: {"item1": int(chance.integers(1, 6))}, people=200)
    assert wide["little_spread"].value == pytest.approx(1, abs=0.1)
    assert not wide["middle_answers"].is_alarm


def test_a_choice_everybody_makes_alike_has_no_spread():
    assert checks((AD,), lambda _at, _chance: {"ad": "A"})["little_spread"].value == 0
    assert checks((AD,), lambda at, _chance: {"ad": "ABC"[at % 3]})["little_spread"].value > 0.99


def test_refusals_are_an_alarm():
    found = checks((WHY,), own_words, refusing=3)["refusals"]
    assert (found.value, found.is_alarm) == (0.15, True)


def test_a_few_people_are_not_checked():
    assert checks((WHY,), own_words, people=5) == {}


def test_word_cosine_is_one_for_equal_words_and_zero_for_none():
    assert word_cosine(words_in("a b b"), words_in("B a")) == pytest.approx(1)
    assert word_cosine(words_in("a"), words_in("")) == 0
