"""A person from a sentence: one call, whatever comes back."""

import asyncio

import pytest
from snapshots import assert_snapshot

from tinytroupe_cli.core.errors import BadOutput, Fatal, ProviderRefused, TroupeError
from tinytroupe_cli.language.positions import read_yaml
from tinytroupe_cli.minds.author import SCHEMA, write_persona
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.models.port import Completion, ModelConfig
from tinytroupe_cli.models.scripted import ScriptedModel
from tinytroupe_cli.personas.persona import persona_from
from tinytroupe_cli.personas.persona_file import persona_yaml

SENTENCE = "retired nurse in Porto who distrusts banks"
SAID = {
    "name": "Inês  Prata",
    "age": 71,
    "gender": "female",
    "nationality": "Portuguese",
    "residence": "Porto, a rented flat near the river",
    "education": "Nursing school",
    "job_title": "Retired nurse",
    "organization": "",
    "job_description": "Forty years on a surgical ward.",
    "traits": "wry; tidy; never in debt",
    "temper": "Friendly until somebody sells her something.",
    "interests": "fado, football, her balcony",
    "likes": "cash; queues that move;",
    "dislikes": "1. bank letters; 2. ties",
    "skills": "",
    "beliefs": "Banks win, whoever loses; A promise is a debt.",
    "manner_of_speaking": "Slow and exact.",
    "habits": "Counts her change twice, then smiles, then counts it again.",
    "goals": "see Brazil",
    "health": "One new knee.",
    "facts": "pension of 900 euros; votes; votes",
}


def written(model: ScriptedModel, **changes: str) -> dict[str, object] | NoAnswer:
    return asyncio.run(
        write_persona(model, ModelConfig(name="x/y"), changes.pop("sentence", SENTENCE), seed=3, **changes)
    )


def a_model(**changes: object) -> ScriptedModel:
    return ScriptedModel([Completion(text="{}", value={**SAID, **changes})])


def test_one_call_makes_a_person_whose_file_loads():
    model = a_model()
    fields = written(model)
    assert isinstance(fields, dict)
    assert len(model.requests) == 1
    text = persona_yaml(fields, heading=f"Inês Prata: {SENTENCE}")
    assert persona_from(read_yaml(text, "ines.yaml")).fields == fields
    assert_snapshot(text, "personas/written_by_a_model.txt")


def test_the_request_says_whom_to_invent():
    model = a_model()
    written(model, name="Inês")
    (request,) = model.requests
    assert request.answer == SCHEMA
    assert request.purpose.role == "author"
    assert request.salt.seed == 3
    assert_snapshot(request.messages[0].content + "\n", "personas/author_prompt.txt")


def test_awkward_sentences_arrive_unchanged():
    model = a_model()
    sentence = 'l\'été "{{ name }}" {% if %} ' + "word " * 2000 + "end"
    written(model, sentence=sentence)
    assert sentence in model.requests[0].messages[0].content


def test_a_wanted_name_is_kept_and_may_be_completed():
    full, other = written(a_model(), name="Inês"), written(a_model(), name="Bo Li")
    assert isinstance(full, dict)
    assert isinstance(other, dict)
    assert (full["name"], other["name"]) == ("Inês Prata", "Bo Li")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ProviderRefused("no"), "refused"),
        (BadOutput("bad"), "bad_output"),
        (BadOutput("cut", is_cut_off=True), "cut_off"),
    ],
)
def test_a_failure_that_was_to_be_expected_is_a_value(error: TroupeError, reason: str):
    outcome = written(ScriptedModel([error]))
    assert isinstance(outcome, NoAnswer)
    assert outcome.reason == reason


def test_a_nameless_person_is_no_answer():
    assert isinstance(written(a_model(name="  ")), NoAnswer)


def test_a_model_too_small_to_invent_anybody_is_no_answer():
    same = dict.fromkeys(SAID, "a nurse is a nurse")
    assert isinstance(written(ScriptedModel([Completion(text="{}", value={**same, "age": 3})])), NoAnswer)
    assert isinstance(written(a_model(name="a nurse who is no more than a nurse " * 3)), NoAnswer)


def test_an_impossible_age_is_left_out():
    fields = written(a_model(age=-18))
    assert isinstance(fields, dict)
    assert "age" not in fields


def test_what_no_later_call_can_mend_is_raised():
    with pytest.raises(Fatal):
        written(ScriptedModel([Fatal("no key")]))
