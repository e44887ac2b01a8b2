"""experiments/chatbot_test.yaml: the bot it comes with is started, talked to, ended; and it has faults to be found."""

import importlib.util
import json
import shutil
import socket
from pathlib import Path

import pytest
from projects import Project
from provider import FakeProvider, answer_for, schema_of

CHECKOUT = Path(__file__).parents[2]


def bot():
    spec = importlib.util.spec_from_file_location("support_bot", CHECKOUT / "experiments" / "support" / "bot.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def complaining(body):
    """Have everyone say something an angry or confused customer would."""
    schema = schema_of(body)
    values = json.loads(answer_for(body))
    if "words" in schema["properties"]:
        turn = sum(message["role"] == "assistant" for message in body["messages"])
        said = ["My lamp 1042 never came!", "I don't want a refund.", "It says 20817.", "This is ridiculous!!"]
        values |= {"to": "support-bot", "words": said[turn % 4]}
    return json.dumps(values)


def test_the_experiment_starts_its_bot_talks_to_it_and_ends_it(tmp_path):
    shutil.copytree(CHECKOUT / "experiments", tmp_path / "experiments")
    with FakeProvider(answer=complaining) as fake:
        project = Project(tmp_path, fake.url)
        finished = project.troupe(
            "run", "experiments/chatbot_test.yaml", "--model", "openai/gpt-4o-mini", "--allow-code"
        )
    assert finished.code in {0, 1}, finished.err
    assert len(fake.requests) <= 20
    [system] = project.results["systems"]
    assert (system["replies"], system["failures"]) == (9, 3)
    assert "Internal Server Error" in project.report
    assert "polite" in project.report
    [log] = project.runs[-1].glob("systems/*.log")
    address = log.read_text().split("http://127.0.0.1:")[1].split("/")[0]
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", int(address)), timeout=1):
        pass


def test_the_bot_answers_what_it_was_made_for():
    talk = bot().Conversation()
    assert "was delivered on 12 March" in talk.answer("Where is my order 1042?")
    assert "89 dollars" in talk.answer("I'd like a refund for order 1042")
    assert "has been requested already" in talk.answer("refund 1042")
    assert "can't be refunded" in talk.answer("refund 1044")


def test_the_bot_has_faults_that_customers_find():
    talk = bot().Conversation()
    talk.answer("It is about order 1043")
    assert "What is your order number?" in talk.answer("When will it arrive?")
    assert "will be refunded" in talk.answer("I don't want a refund, I want my lamp 1042")
    assert "order number" in talk.answer("1042! This is ridiculous!!")
    with pytest.raises(KeyError):
        talk.answer("It says 20817")
