"""An interviewer finds out whether a person is who they should be."""

import json

from projects import MODEL, Project
from provider import NO_SHAPE, FakeProvider, schema_of

BANKER = """\
name: Ann Reed
age: 52
occupation: Banker
beliefs: [Cash in hand is the only money that is real.]
"""
EXPECTED = "She is cautious with money"


def interview(score="7", answer="I count every cent."):
    def reply(body):
        properties = (schema_of(body) or {})["properties"]
        if "question_1" in properties:
            return json.dumps({key: f"What do you do on payday {number}?" for number, key in enumerate(properties)})
        if "score" in properties:
            return json.dumps({"justification": "She counts every cent.", "score": score, "confidence": "0.75"})
        return json.dumps({"answer": answer})

    return reply


def validate(tmp_path, reply, *words: str):
    with FakeProvider(answer=reply) as fake:
        project = Project(tmp_path, fake.url)
        project.write("personas/ann.yaml", BANKER)
        done = project.troupe("persona", "validate", "ann", "--expect", EXPECTED, "--model", MODEL, *words)
    return done, fake.requests


def test_a_person_is_asked_answers_in_character_and_is_scored_with_reasons(tmp_path):
    done, requests = validate(tmp_path, interview(), "--questions", "3")
    assert done.code == 0, done.err
    assert done.out == "Ann Reed: 7 of 9. She counts every cent.\n"
    asking, *answering, judging = requests
    assert len(answering) == 3
    assert EXPECTED in str(asking)
    assert "Cash in hand" in str(asking)
    for body in answering:
        assert "You are Ann Reed." in str(body)
        assert "What do you do on payday" in str(body["messages"][-1])
        assert EXPECTED not in str(body)
    assert "I count every cent." in str(judging)
    assert "What do you do on payday 2?" in str(judging)
    assert EXPECTED in str(judging)
    assert "I count every cent." in done.err


def test_their_file_is_not_touched(tmp_path):
    validate(tmp_path, interview())
    assert (tmp_path / "personas" / "ann.yaml").read_text() == BANKER
    assert [path.name for path in (tmp_path / "personas").iterdir()] == ["ann.yaml"]


def test_a_score_below_what_is_wanted_is_a_broken_expectation(tmp_path):
    assert validate(tmp_path, interview("5"), "--at-least", "6")[0].code == 1
    assert validate(tmp_path, interview("6"), "--at-least", "6")[0].code == 0


def test_no_evidence_is_told_as_such_and_passes_no_threshold(tmp_path):
    done, _ = validate(tmp_path, interview("no evidence"), "--at-least", "0")
    assert "no evidence either way" in done.out
    assert done.code == 1


def test_the_whole_interview_can_be_had_as_data(tmp_path):
    done, _ = validate(tmp_path, interview(), "--json", "--questions", "2")
    found = json.loads(done.out)
    assert (found["score"], found["confidence"], found["name"]) == (7, 0.75, "Ann Reed")
    assert [one["answer"] for one in found["asked"]] == ["I count every cent."] * 2


def test_a_judge_that_gives_nothing_is_a_provider_problem(tmp_path):
    with FakeProvider(faults=[NO_SHAPE, NO_SHAPE]) as fake:
        project = Project(tmp_path, fake.url)
        project.write("personas/ann.yaml", BANKER)
        done = project.troupe("persona", "validate", "ann", "--expect", EXPECTED, "--model", MODEL)
    assert done.code == 4
    assert "produced no usable answer" in done.err


def test_another_seed_is_another_interview(tmp_path):
    seeds = [validate(tmp_path, interview(), "--seed", seed)[1][0].get("seed") for seed in ("1", "2")]
    assert seeds[0] != seeds[1]


def test_the_author_asks_the_person_answers_and_the_judge_weighs(tmp_path):
    with FakeProvider(answer=interview()) as fake:
        project = Project(tmp_path, fake.url)
        project.write("personas/ann.yaml", BANKER)
        models = "people = openai/gpt-4o-mini\nauthor = openai/gpt-4o\njudge = openai/gpt-4.1-mini\n"
        project.write("config.ini", f"[model]\napi_base = {fake.url}\n{models}")
        done = project.troupe("persona", "validate", "ann", "--expect", EXPECTED, "--questions", "2")
    assert done.code == 0, done.err
    assert [body["model"] for body in fake.requests] == ["gpt-4o", "gpt-4o-mini", "gpt-4o-mini", "gpt-4.1-mini"]
    assert "in at most 80 words" in str(fake.requests[1]["messages"][-1]).casefold()
