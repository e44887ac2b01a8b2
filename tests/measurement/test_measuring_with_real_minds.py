import asyncio
import json

from builders import a_question, a_trial

from tinytroupe_cli.events.types import Acted, Measured, Perceived, Refused, TrialBegan
from tinytroupe_cli.measurement.queries import Respondents, measure
from tinytroupe_cli.minds.judge import Judge
from tinytroupe_cli.minds.person import PersonMind
from tinytroupe_cli.models.port import Completion, ModelConfig
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.scripted import ScriptedModel
from tinytroupe_cli.models.structured import Structured
from tinytroupe_cli.plan.types import PlannedField

FIELDS = (
    PlannedField(name="best_ad", kind="choice", options=("calm", "loud")),
    PlannedField(name="would_pay", kind="number", low=0, high=100, unit="dollars"),
    PlannedField(name="order_of_needs", kind="rank", options=("price", "speed")),
)
PEOPLE = ("person-1", "person-2")


def taken(answer, **query):
    """Measure a two-person trial whose model gives this answer to everything; return events and requests."""
    trial = a_trial(condition="cheap_arm", queries=(a_question(PEOPLE, name="hypothesis_h1", fields=FIELDS, **query),))
    model = ScriptedModel(lambda _: answer)
    use, chat = ModelConfig(name="own/fake"), Structured(model, PriceTable())
    minds = {
        person.id: PersonMind(person.id, person.name, person.persona, use, chat, trial.seed, trial.id)
        for person in trial.people
    }
    log = [
        TrialBegan(trial="r1", people=PEOPLE, names={member.id: member.name for member in trial.people}),
        Perceived(trial="r1", step=1, people=PEOPLE, sense="say", source="the moderator", text="Two ads."),
        Acted(trial="r1", step=1, person="person-1", action="TALK", to="everyone", text="The calm one."),
    ]

    async def collect():
        asks = Respondents(minds, Judge(chat, use, trial.seed, trial.id))
        return [event async for event in measure(trial, log, asks)]

    return asyncio.run(collect()), model.requests


GOOD = {"item_1": "calm", "item_2": 45, "item_3_place_1": "speed", "item_3_place_2": "price"}


def test_people_are_asked_in_character_and_judges_over_the_transcript():
    for how in ("interview", "observe"):
        events, requests = taken(GOOD, procedure=how)
        assert [type(event) for event in events] == [Measured, Measured]
        assert events[0].values == {"best_ad": "calm", "would_pay": 45, "order_of_needs": ["speed", "price"]}
        assert {request.purpose.role for request in requests} == {"people" if how == "interview" else "judge"}


def test_no_request_names_the_query_the_condition_or_a_field_key():
    for how in ("interview", "observe"):
        _, requests = taken(GOOD, procedure=how)
        for request in requests:
            sent = json.dumps([request.answer.body, *(message.content for message in request.messages)])
            assert not any(name in sent for name in ("hypothesis", "cheap", "best_ad", "would_pay", "order_of_needs"))
            assert "would pay" in sent


def test_each_sample_is_a_request_of_its_own():
    events, requests = taken(GOOD, samples=3)
    assert [event.sample for event in events] == [0, 1, 2, 0, 1, 2]
    assert sorted({request.salt.sample for request in requests}) == [0, 1, 2]


def test_a_model_that_declines_is_a_refusal_of_each_question():
    events, _ = taken(Completion(text="I can't discuss ads.", finish="refused"))
    assert [type(event) for event in events] == [Refused, Refused]
    assert events[0].text == "I can't discuss ads."
