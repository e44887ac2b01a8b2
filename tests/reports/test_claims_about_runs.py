"""What reports claim about a run with several comparisons of one measure, a judged score, and codes."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from three_packs import BY_PACK, CODED, CODING, REFUSED, a_row, a_run, results_of, written

from tinytroupe_cli.analysis.answer_quality import AnswerCheck
from tinytroupe_cli.analysis.coded_answers import with_coded_rows
from tinytroupe_cli.analysis.observations import measured_rows
from tinytroupe_cli.analysis.poll_result import GroupFigure, PollResult, PollRound
from tinytroupe_cli.analysis.price_ladders import LadderFigures, PriceDemand
from tinytroupe_cli.events.postprocessing import AnswersCoded
from tinytroupe_cli.plan.outputs import PlannedOutputs
from tinytroupe_cli.reports.balance_figures import balance_figures
from tinytroupe_cli.reports.breakdowns import main_breakdown
from tinytroupe_cli.reports.codebook_markdown import codebook_markdown
from tinytroupe_cli.reports.formats import render
from tinytroupe_cli.reports.headline import headline
from tinytroupe_cli.reports.sentences import changed_by_exclusions, comparison_sentence, one_line, text_template
from tinytroupe_cli.reports.templating import environment


@pytest.fixture(scope="module")
def results():
    return results_of(missing=1)


def test_the_chart_and_the_table_are_of_the_measure_that_the_answer_is_about(results):
    answer = headline(results)
    assert "rated liking higher" in answer.sentence
    assert {chart.heading.split(",")[0] for chart in answer.charts} == {"liking"}
    assert main_breakdown(results).name == "liking"
    text = render(results, "markdown").decode()
    assert "| liking | pack plain |" in text
    assert "| score |" not in text


def test_the_first_entry_is_the_answer_whatever_the_p_of_a_later_one_is(results):
    rows = tuple(
        one.model_copy(update={"p": 1e-9, "p_corrected": 1e-8}) if one.estimand != "difference" else one
        for one in results.comparisons
    )
    sentence = headline(results.model_copy(update={"comparisons": rows})).sentence
    assert "Cliff" not in sentence
    assert "a difference of" in sentence


def test_of_several_significant_pairs_the_first_one_declared_is_the_answer(results):
    pairs = [one for one in results.comparisons if one.kind == "pair" and one.estimand == "difference"]
    assert [one.levels for one in pairs if one.is_significant] == [("plain", "green"), ("plain", "thrift")]
    rows = tuple(
        one.model_copy(update={"p": 1e-9}) if one.levels == ("plain", "thrift") else one for one in results.comparisons
    )
    assert "with pack green than" in headline(results.model_copy(update={"comparisons": rows})).sentence


def test_without_a_significant_pair_the_answer_is_the_one_with_the_smallest_p():
    found = results_of((BY_PACK,), gap=0)
    pairs = [one for one in found.comparisons if one.kind == "pair"]
    assert not any(one.is_significant for one in pairs)
    assert comparison_sentence(min(pairs, key=lambda one: one.p)) in headline(found).sentence


def test_missing_answers_that_two_entries_ask_about_are_tested_once(results):
    tested = [one.levels for one in results.comparisons if one.kind == "missing"]
    assert tested == [("plain", "green"), ("plain", "thrift"), ("green", "thrift")]


def test_explanations_of_verdicts_are_not_counted_as_answers(results):
    assert "105 of 108 answers were stated" in written(results, "markdown")
    assert "108 planned answers: 105 stated, 3 not stated" in written(results, "methods")
    assert "How the stated answers were obtained: 105 in the form" in written(results, "methods")


def test_methods_say_how_each_measure_was_obtained(results):
    assert "**in_character**: a judge scored how far this claim holds, for each person." in written(results, "methods")
    queries = [
        query.model_copy(update={"procedure": "score", "questions": ()}) if query.query == "in_character" else query
        for query in results.queries
    ]
    text = written(results.model_copy(update={"queries": tuple(queries)}), "methods")
    assert "**in_character**: made of other answers, not asked." in text
    assert "judge" not in text.split("## Data")[0]


def test_a_judged_score_is_called_by_the_name_of_its_claim(results):
    rows = tuple(one.model_copy(update={"measure": "in_character.score"}) for one in results.comparisons)
    text = written(results.model_copy(update={"comparisons": rows}), "details")
    assert "rated in character (score) higher" in text
    assert "| in character | pack plain |" in text


def a_coded_run():
    return results_of(outputs=PlannedOutputs(codings=(CODING,)), after=(CODED,))


def test_codes_are_not_said_to_have_been_asked():
    for form in ("methods", "details"):
        text = written(a_coded_run(), form).replace("_", " ")
        assert "theme taste: coded by the judge from why, not asked: yes if it mentions the taste" in text
        assert "theme cost: coded by the judge from why, not asked: yes or no" in text
        assert "theme taste: yes or no" not in text


def test_the_codebook_of_the_data_does_not_say_that_people_answered_codes():
    page = codebook_markdown(a_coded_run()).decode().replace("\\", "")
    of_code = page.split("### q.theme_taste")[1].split("###")[0]
    assert "coded by the judge from q.why, not asked" in of_code
    assert "in character" not in of_code
    assert ">" not in of_code
    assert "answered by people, in character" in page.split("### q.why")[1].split("###")[0]


def test_texts_that_could_not_be_coded_are_problems_with_their_reason():
    found = a_coded_run()
    assert [(one.kind, one.query, one.field) for one in found.problems] == [
        ("refused", "q", "theme"),
        ("bad_output", "q", "theme"),
    ]
    assert REFUSED in found.problems[0].text
    assert "I like it." in found.problems[0].text
    outcomes = {(row.field, row.words): row.outcome for row in found.rows if row.field == "theme_taste"}
    assert outcomes["theme_taste", "I like it."] == "refused"
    assert outcomes["theme_taste", "Hm."] == "failed"
    lost = sum(row.outcome in ("refused", "failed") for row in found.rows)
    text = written(found, "markdown")
    assert f"{lost} answers were declined or failed. What went wrong: declined by the model (1) and no usable" in text
    assert "One call can lose several answers." in text


def test_a_failed_coding_of_an_older_log_is_a_problem_too():
    older = AnswersCoded.model_validate_json(
        '{"v":1,"kind":"answers_coded","name":"q.theme","texts":{"Hm.":{"why":"no answer"}}}'
    )
    plan, events = a_run(outputs=PlannedOutputs(codings=(CODING,)))
    [row, *_] = [row for row in with_coded_rows(plan, measured_rows(plan, events), {"q.theme": older}) if row.why]
    assert (row.outcome, row.why) == ("failed", "no answer")


# ---- rows that only the estimand tells apart ----


def test_each_comparison_stands_beside_its_own_with_everybody():
    delta = {"estimand": "Cliff's delta", "estimate": 0.7}
    adjusted = {"adjusted_for": ("person.age",), "estimate": 1.9}
    rows = (a_row(), a_row(**delta), a_row(**adjusted))
    everybody = tuple(one.model_copy(update={"estimate": one.estimate / 2, "p_corrected": 0.02}) for one in rows)
    run = SimpleNamespace(comparisons=rows, exclusions=SimpleNamespace(comparisons=everybody))
    pairs = environment(str, str).filters["with_and_without"](run)
    assert [(one.estimate, other.estimate) for one, other in pairs] == [(2.0, 1.0), (0.7, 0.35), (1.9, 0.95)]
    assert changed_by_exclusions(run) == ""


def test_a_changed_conclusion_names_what_is_estimated():
    rows = (a_row(), a_row(estimand="Cliff's delta"))
    everybody = (rows[0], rows[1].model_copy(update={"p_corrected": 0.2}))
    run = SimpleNamespace(comparisons=rows, exclusions=SimpleNamespace(comparisons=everybody))
    assert "no difference could be shown in liking, Cliff's delta between pack plain" in changed_by_exclusions(run)


# ---- sentences ----


@pytest.mark.parametrize(
    ("row", "changes", "said"),
    [
        (a_row(missing=(5, 6), planned=(20, 20)), None, "whether they could change this result was not computed"),
        (a_row(missing=(5, 6), planned=(20, 20), worst=(-1.0, 3.0)), True, "missing: they could change this result"),
        (a_row(missing=(5, 6), planned=(20, 20), worst=(1.0, 3.0)), False, "Even in the worst case"),
    ],
)
def test_only_what_was_computed_is_said_of_missing_answers(row, changes, said):
    text = comparison_sentence(row.model_copy(update={"worst_changes": changes}))
    assert said in text
    assert ("could change this result." in text) == (changes is True)


def test_missing_answers_of_several_levels_are_not_said_to_matter():
    three = {"levels": ("plain", "green", "thrift"), "n": (20, 20, 20), "missing": (5, 5, 5), "planned": (20, 20, 20)}
    omnibus = a_row(kind="omnibus", estimate=None, low=None, high=None, values=(2.0, 4.0, 3.0), statistic=9.0, **three)
    contrast = a_row(kind="contrast", contrast="claims", weights=(-1.0, 0.5, 0.5), estimand="contrast", **three)
    for row in (omnibus, contrast):
        said = comparison_sentence(row)
        assert "15 of 60 answers are missing; whether they could change this result was not computed." in said
    assert "the contrast claims of pack plain, green and thrift (weights -1, 0.5 and 0.5)" in comparison_sentence(
        contrast
    )


def test_a_delta_says_what_it_is_of_and_in_which_direction():
    text = comparison_sentence(a_row(estimand="Cliff's delta", estimate=0.7, low=0.4, high=0.9))
    assert "means 2 and 4, Cliff's delta 0.7 [0.4, 0.9]" in text
    assert "in which the one with pack green has the higher value, minus" in text
    assert "means" not in comparison_sentence(a_row(estimand="difference of medians"))


def polls():
    return text_template("polls.jinja").module


def test_changes_in_a_discussion_are_of_the_people_who_answered_twice():
    moved = GroupFigure(value=0.1, low=-0.1, high=0.3, p=0.4, people=52, groups=16)
    changed = GroupFigure(value=0.75, people=52, groups=16)
    ends = (PollRound(moment="end", stated=60, missing=4),)
    poll = PollResult(
        measure="v.support", groups=16, people=64, rounds=ends, changed=changed, change=moved, drift=moved
    )
    assert one_line(polls().changed(poll)).startswith(
        "Of the 52 people who began and ended with an answer, averaged over 16 groups, 75% ended with another answer"
    )
    assert one_line(polls().drift(poll)).endswith("(p = 0.400), of the 52 people who answered both times.")


def test_a_drift_without_a_test_is_not_said_to_have_failed_one():
    ends = (PollRound(moment="end", stated=8, missing=0),)
    poll = PollResult(measure="v.support", groups=2, people=8, rounds=ends, drift=GroupFigure(value=0.1))
    text = one_line(polls().drift(poll))
    assert "was not tested" in text
    assert "could not be shown" not in text


def test_near_copies_say_how_many_are_exact():
    alarm = AnswerCheck(
        check="near_copies", measure="q.why", condition="green", value=0.16, n=25, limit=0.05, is_alarm=True
    )
    exact = alarm.model_copy(update={"check": "repeated_between_people", "value": 0.12})
    module = text_template("quality.jinja").module
    assert "another person's (3 of these 4 word for word)." in one_line(module.alarm(alarm, [alarm, exact]))
    assert "(all 4 word for word)." in one_line(module.alarm(alarm, [exact.model_copy(update={"value": 0.16})]))
    assert one_line(module.alarm(alarm, [alarm])).endswith("another person's.")


def test_a_price_interval_that_has_all_prices_says_that_none_is_excluded():
    demand = tuple(PriceDemand(price=price, share=0.5, said_yes=1, revenue=price / 2) for price in (2, 3, 5))
    ladder = LadderFigures(measure="q.at", demand=demand, best_price=5, best_low=2, best_high=5, unit="dollars")
    revenue = text_template("survey_tasks.jinja").module.revenue
    run = SimpleNamespace(conditions=())
    assert "None of the prices asked about can be excluded" in one_line(revenue(ladder, run))
    narrow = ladder.model_copy(update={"best_low": 3})
    assert "is between 3 dollars and 5 dollars" in one_line(revenue(narrow, run))


def test_a_test_by_name_that_was_not_made_says_so():
    row = SimpleNamespace(named_p=None, named_test="", named_why_not="tests by name are not weighted")
    said = one_line(text_template("words.jinja").module.named_test(row))
    assert said == "The test that the experiment names was not made: tests by name are not weighted."


def test_people_in_each_cell_are_counted_in_the_order_of_the_conditions():
    person = SimpleNamespace(assigned={"pack": "red"}, block="")
    other = SimpleNamespace(assigned={"pack": "plain"}, block="")
    conditions = [SimpleNamespace(levels={"pack": level}) for level in ("plain", "red")]
    row = SimpleNamespace(difference=0.0, is_notable=False)
    run = SimpleNamespace(balance=[row], participants=[person, other, other], conditions=conditions)
    run.balance_by_chance = 0.0
    assert balance_figures(run).sizes == [2, 1]
