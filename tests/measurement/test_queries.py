import asyncio

import pytest
from builders import a_question, a_trial

from tinytroupe_cli.core.errors import LimitReached
from tinytroupe_cli.events.types import Acted, Failed, Measured, Perceived, Refused, TrialBegan
from tinytroupe_cli.measurement.queries import Respondents, measure
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.plan.types import PlannedField


class Mind:
    """Answers what it is told to; the later in the cast, the sooner."""

    def __init__(self, replies, delay=0.0):
        self.replies = replies
        self.delay = delay
        self.asked = []

    async def answer(self, past, question, *, schema, sample, step):
        self.asked.append((question, sample, step, list(past)))
        await asyncio.sleep(self.delay)
        return self._reply(schema, sample)

    async def read(self, transcript, question, *, about, schema, sample, person=""):
        self.asked.append((transcript, question, about, person))
        return self._reply(schema, sample)

    def _reply(self, schema, sample):
        reply = self.replies[sample % len(self.replies)]
        if isinstance(reply, Exception):
            raise reply
        if isinstance(reply, NoAnswer):
            return reply
        keys = schema.body["properties"]
        return Answer({f"item_{n}": value for n, value in enumerate(reply, start=1) if f"item_{n}" in keys})


def played(trial):
    people = tuple(member.id for member in trial.people)
    stamp = {"trial": trial.id, "time": "2026-01-05T09:10"}
    return [
        TrialBegan(**stamp, people=people, names={member.id: member.name for member in trial.people}),
        Perceived(**stamp, step=1, people=people, sense="say", source="the moderator", text="What do you think?"),
        Acted(**stamp, step=2, person="person-1", action="THINK", text="I hate it."),
        Acted(**stamp, step=2, person="person-1", action="TALK", to="person-2", text="Lovely."),
    ]


def taken(trial, minds=None, judge=None):
    async def collect():
        asks = Respondents(minds or {}, judge or Mind([NoAnswer("rejected", "no judge here")]))
        return [event async for event in measure(trial, played(trial), asks)]

    return asyncio.run(collect())


def test_answers_are_told_in_the_order_of_queries_cast_and_samples():
    people = ("person-1", "person-2")
    trial = a_trial(queries=(a_question(people, samples=2), a_question(people, name="again")))
    slow, fast = Mind([("yes", "It is."), ("no", "Is it?")], delay=0.02), Mind([("no", "Too dear."), ("yes", "Now.")])
    events = taken(trial, {"person-1": slow, "person-2": fast})
    told = [(event.query, event.person, event.sample, event.values["buys"]) for event in events]
    assert told == [
        ("choice", "person-1", 0, True),
        ("choice", "person-1", 1, False),
        ("choice", "person-2", 0, False),
        ("choice", "person-2", 1, True),
        ("again", "person-1", 0, True),
        ("again", "person-2", 0, False),
    ]
    assert {(event.step, event.time, event.seq) for event in events} == {(2, "2026-01-05T09:10", 0)}


def test_all_are_asked_at_once():
    people = tuple(f"person-{n}" for n in range(1, 11))
    trial = a_trial(people=10, queries=(a_question(people),))

    async def timed():
        loop = asyncio.get_running_loop()
        minds = {person: Mind([("yes", "Yes.")], delay=0.05) for person in people}
        start = loop.time()
        events = [event async for event in measure(trial, played(trial), Respondents(minds, Mind([])))]
        return events, loop.time() - start

    events, seconds = asyncio.run(timed())
    assert len(events) == 10
    assert seconds < 0.3


def test_a_refusal_and_a_failure_are_events_of_their_query():
    trial = a_trial(queries=(a_question(("person-1", "person-2")),))
    minds = {"person-1": Mind([NoAnswer("refused", "I can't.")]), "person-2": Mind([NoAnswer("cut_off", "I wou")])}
    refused, failed = taken(trial, minds)
    assert isinstance(refused, Refused)
    assert (refused.query, refused.person, refused.text) == ("choice", "person-1", "I can't.")
    assert isinstance(failed, Failed)
    assert (failed.query, failed.field, failed.person, failed.reason) == ("choice", "", "person-2", "cut_off")


class Forgetful(Mind):
    """Answers each time from the next of its replies, by key."""

    def _reply(self, schema, sample):
        reply = self.replies.pop(sample)
        self.asked[-1] = (*self.asked[-1], list(schema.body["properties"]))
        return reply if isinstance(reply, NoAnswer) else Answer(reply)


PRICED = (
    PlannedField(name="fair_price", kind="number", low=0, high=40),
    PlannedField(name="mood", kind="choice", options=("calm", "angry")),
    PlannedField(name="why", kind="text"),
)
TWO_OF_THREE = {"item_1": "a lot", "item_2": "Angry.", "item_3": "So."}


def about_the_price(*replies):
    mind = Forgetful(list(replies))
    trial = a_trial(people=1, queries=(a_question(("person-1",), fields=PRICED),))
    return mind, taken(trial, {"person-1": mind})


def test_a_bad_field_is_asked_again_alone():
    mind, (measured,) = about_the_price(TWO_OF_THREE, {"item_1": "about $7"})
    assert measured.values == {"fair_price": 7, "mood": "angry", "why": "So."}
    assert measured.raw == {"fair_price": "about $7", "mood": "Angry."}
    (first, *_, keys), (again, *_, only) = mind.asked
    assert keys == ["item_1", "item_2", "item_3"]
    assert only == ["item_1"]
    assert "'a lot' is not a number" in again
    assert "item_2" not in again
    assert again.startswith("Would you buy it?")
    assert first.startswith("Would you buy it?")


@pytest.mark.parametrize("second", [{"item_1": "lots"}, NoAnswer("bad_output", "?"), NoAnswer("refused", "No.")])
def test_a_field_that_stays_bad_is_failed_with_what_was_first_written(second):
    _, (measured, failed) = about_the_price(TWO_OF_THREE, second)
    assert measured.values == {"mood": "angry", "why": "So."}
    assert measured.raw == {"mood": "Angry."}
    assert (failed.field, failed.text, failed.raw) == ("fair_price", "'a lot' is not a number", "a lot")


def test_a_field_left_out_is_asked_for_alone():
    mind, (measured,) = about_the_price({"item_2": "calm", "item_3": "So."}, {"item_1": 7})
    assert measured.values["fair_price"] == 7
    assert len(mind.asked) == 2


def test_a_usable_answer_is_asked_for_once():
    mind, (measured,) = about_the_price({"item_1": "seven", "item_2": "calm, I think", "item_3": ""})
    assert measured.values == {"fair_price": 7, "mood": "calm", "why": None}
    assert len(mind.asked) == 1


def test_an_answer_in_which_a_model_declines_and_states_nothing_is_refused():
    declined = "I'm sorry, but I can't help with that."
    mind, (refused,) = about_the_price({"item_1": None, "item_2": declined, "item_3": declined})
    assert isinstance(refused, Refused)
    assert declined in refused.text
    assert len(mind.asked) == 1


def test_one_bad_field_fails_alone_and_is_named():
    fields = (PlannedField(name="fair_price", kind="number", low=0, high=40), PlannedField(name="why", kind="text"))
    trial = a_trial(people=1, queries=(a_question(("person-1",), fields=fields),))
    measured, failed = taken(trial, {"person-1": Mind([(400, "It is worth it.")])})
    assert isinstance(measured, Measured)
    assert measured.values == {"why": "It is worth it."}
    assert isinstance(failed, Failed)
    assert (failed.field, failed.reason, failed.text) == ("fair_price", "bad_output", "400 is above 40")


def test_not_stated_is_recorded_as_null_and_the_shown_order_with_it():
    fields = (PlannedField(name="ad", kind="choice", options=("A", "B", "C", "D")),)
    trial = a_trial(people=1, queries=(a_question(("person-1",), fields=fields),))
    (event,) = taken(trial, {"person-1": Mind([("not stated",)])})
    assert event.values == {"ad": None}
    assert sorted(event.shown["ad"]) == ["A", "B", "C", "D"]
    assert [event] == taken(trial, {"person-1": Mind([("not stated",)])})


def test_an_observer_of_a_person_reads_what_that_person_knows():
    trial = a_trial(queries=(a_question(("person-1", "person-2"), procedure="observe"),))
    judge = Mind([("yes", "So they said.")])
    taken(trial, judge=judge)
    (first, _, about, person), (second, *_) = judge.asked
    assert (about, person) == ("Person 1", "person-1")
    assert "Person 1 thinks: I hate it." in first
    assert "I hate it." not in second
    assert "The moderator says: What do you think?" in second


def test_an_observer_of_the_world_reads_what_could_be_heard():
    query = a_question((), procedure="observe", questions={"": "What came up?"})
    judge = Mind([("no", "Little.")])
    (event,) = taken(a_trial(queries=(query,)), judge=judge)
    transcript, question, about, person = judge.asked[0]
    assert (event.person, about, person) == ("", "", "")
    assert question.startswith("What came up?")
    assert "Person 1 says to Person 2: Lovely." in transcript
    assert "hate" not in transcript


def test_neither_query_nor_condition_nor_field_key_reaches_a_mind():
    fields = (PlannedField(name="would_pay", kind="number"),)
    query = a_question(("person-1",), name="hypothesis_h1", fields=fields)
    mind = Mind([(3,)])
    taken(a_trial(people=1, condition="cheap_arm", queries=(query,)), {"person-1": mind})
    question = mind.asked[0][0]
    assert not any(name in question for name in ("hypothesis", "cheap", "would_pay"))
    assert "would pay" in question


def test_what_stops_a_run_arrives_as_itself():
    trial = a_trial(queries=(a_question(("person-1", "person-2")),))
    minds = {"person-1": Mind([LimitReached("no money left")]), "person-2": Mind([("yes", "Yes.")], delay=5)}
    with pytest.raises(LimitReached, match="no money left"):
        taken(trial, minds)
