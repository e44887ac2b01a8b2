"""After a run its people can be asked, in character and from memory; the run stays as it was, to the byte."""

import io
import json

import pytest
from projects import Project, fingerprint
from provider import FakeProvider


@pytest.fixture(scope="module")
def fake():
    with FakeProvider() as provider:
        yield provider


@pytest.fixture
def played(tmp_path, fake):
    project = Project(tmp_path, fake.url)
    assert project.run().code == 0
    fake.requests.clear()
    return project


def words_of(body):
    return [str(message["content"]) for message in body["messages"]]


def test_a_person_is_asked_from_all_they_lived_and_the_run_is_left_alone(played, fake):
    before = fingerprint(played.folder / "results")
    asked = played.troupe("ask", "results", "lisa", "Did you enjoy it, {{ really }}?")
    assert asked.code == 0
    assert fingerprint(played.folder / "results") == before
    [body] = fake.requests
    words = words_of(body)
    assert "You are Lisa Carter." in words[0]
    assert "Did you enjoy it, {{ really }}?" in words[-1]
    assert "Tea or coffee?" in words[1]
    assert sum(message["role"] == "assistant" for message in body["messages"]) == 3
    again = played.troupe("ask", "results/tea", "Lisa Carter", "Did you enjoy it, {{ really }}?")
    assert again.out == asked.out
    assert len(fake.requests) == 1


def test_at_a_step_they_know_nothing_of_what_came_later(played, fake):
    asked = played.troupe("ask", "results", "lisa", "And now?", "--at", "1", "--json")
    told = json.loads(asked.out)
    assert (told["person"], told["step"], told["trial"], told["question"]) == ("lisa", 1, "r1", "And now?")
    assert told["answer"]
    assert told["model"] == "openai/gpt-4o-mini"
    assert sum(message["role"] == "assistant" for message in fake.requests[0]["messages"]) == 1
    assert played.troupe("ask", "results", "lisa", "And now?", "--at", "9").code == 2


def test_a_name_that_is_nobodys_and_a_folder_without_runs_are_told(played):
    unknown = played.troupe("ask", "results", "liza", "Well?")
    assert unknown.code == 6
    assert "did you mean 'lisa'" in unknown.err
    assert played.troupe("ask", "nowhere", "lisa", "Well?").code == 6


def test_a_chat_keeps_what_was_said_in_mind(played, fake, monkeypatch):
    before = fingerprint(played.folder / "results")
    monkeypatch.setattr("sys.stdin", io.StringIO("What did you drink?\n\nWhy that?\n/quit\nNever asked\n"))
    chat = played.troupe("chat", "results", "lisa")
    assert chat.code == 0
    assert fingerprint(played.folder / "results") == before
    first, second = chat.out.splitlines()
    assert first.startswith("Lisa Carter: ")
    assert second.startswith("Lisa Carter: ")
    assert len(fake.requests) == 2
    asked = words_of(fake.requests[1])[-1]
    assert "They: What did you drink?" in asked
    assert f"You: {first.removeprefix('Lisa Carter: ')}" in asked
    assert asked.index("You: ") < asked.index("Why that?")
    assert words_of(fake.requests[0])[:-1] == words_of(fake.requests[1])[:-1]


def test_help_lists_commands_and_a_mistyped_command_is_not_said(played, fake, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("/help\n/quitt\n/r/tea is full of it\n/q\nNever asked\n"))
    chat = played.troupe("chat", "results", "lisa")
    assert chat.code == 0
    assert "/quit   end the chat" in chat.err
    assert "said to Lisa Carter" in chat.err
    assert "There is no command /quitt." in chat.err
    assert len(chat.out.splitlines()) == len(fake.requests) == 1
    assert "/r/tea is full of it" in words_of(fake.requests[0])[-1]
