"""What reports count under "What went wrong": what was asked once the trials were over, too."""

from __future__ import annotations

import pytest
from three_packs import results_of, written

from tinytroupe_cli.events.postprocessing import (
    AnswersCategorized,
    AnswersForecast,
    PollAnswer,
    PollTaken,
    decode_all,
    encode_all,
)
from tinytroupe_cli.plan.outputs import PlannedOutputs
from tinytroupe_cli.plan.planned_polls import ALONE, START, PlannedPoll
from tinytroupe_cli.reports.postprocessing_results import postprocessing_problems

REFUSED = "I cannot answer that."
POLLS = PlannedOutputs(polls=(PlannedPoll(query="q", field="liking"),))


def a_poll(people):
    first, second, third, *others = people
    lost = (
        PollAnswer(moment=START, person=first, outcome="refused", why=REFUSED, reason="refused"),
        PollAnswer(moment=ALONE, person=second, outcome="failed", why="cut", reason="cut_off"),
        PollAnswer(moment=START, person=third, outcome="not_stated"),
    )
    stated = (PollAnswer(moment=START, person=one, outcome="stated", value=3, score=3.0) for one in others)
    return PollTaken(trial="plain", name="q.liking", answers=(*lost, *stated))


@pytest.fixture(scope="module")
def polled():
    people = [row.person for row in results_of().rows if (row.trial, row.field) == ("plain", "liking")]
    return results_of(outputs=POLLS, after=(a_poll(people),)), people


def test_interviews_of_polls_that_were_declined_or_failed_are_problems(polled):
    found, people = polled
    assert [(one.kind, one.trial, one.person, one.query, one.field, one.moment) for one in found.problems] == [
        ("refused", "plain", people[0], "q", "liking", "start"),
        ("cut_off", "plain", people[1], "q", "liking", "alone"),
    ]
    text = written(found, "details")
    assert "2 answers of polls were declined or failed. What went wrong: declined by the model (1) and ended" in text
    assert "| q, liking, poll before the discussion |" in text
    assert "2 things went wrong" in text
    assert "2 answers of polls were declined or failed" in written(found, "markdown")


def test_answers_of_polls_at_the_end_are_those_of_the_measure_and_count_once(polled):
    found, _ = polled
    lost = [one for one in found.polls[0].stances if one.outcome in ("refused", "failed")]
    assert len(lost) == len(found.problems)


def test_a_poll_of_an_older_log_has_problems_too(polled):
    _, people = polled
    lines = encode_all((a_poll(people),)).replace(',"reason":"refused"', "").replace(',"reason":"cut_off"', "")
    found = list(postprocessing_problems(decode_all(lines.encode())))
    assert [one.kind for one in found] == ["refused", "bad_output"]


def test_texts_that_could_not_be_sorted_and_forecasts_without_shares_are_problems():
    sorting = AnswersCategorized(name="q.kinds", categories=("a",), texts={"Fine.": "a"}, faults={"Hm.": REFUSED})
    forecast = AnswersForecast(name="q.liking", condition="plain", replicate=1, why="the shares add up to 3")
    stated = forecast.model_copy(update={"pmf": (0.5, 0.5), "why": ""})
    found = list(postprocessing_problems((sorting, forecast, stated)))
    assert [(one.query, one.field) for one in found] == [("q", "kinds"), ("q", "liking")]
    assert found[0].text == f"{REFUSED} (sorting “Hm.”)"
    assert "the shares add up to 3" in found[1].text
