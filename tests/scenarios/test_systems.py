"""People talk to software: what it answers reaches them, and what it fails at reaches whoever reads the report."""

import json
import re

import pytest
from bots import ALONE, HEAD, OVER_HTTP, Bot, talking
from projects import MODEL, Project
from provider import FakeProvider

TOGETHER = "world: {type: room, steps: 2}\n"


def last(body):
    return body["messages"][-1]["content"]


def of(fake, name):
    """The requests for one person's turns, in order."""
    return [body for body in fake.requests if re.search(rf"You are {name}[^.]*\. What do you [^?]*\?$", last(body))]


def events(project, kind):
    [log] = project.logs().values()
    return [event for line in log.splitlines() if (event := json.loads(line))["kind"] == kind]


@pytest.fixture
def fake():
    with FakeProvider(answer=talking()) as provider:
        yield provider


def test_what_a_bot_answers_is_in_the_next_request(tmp_path, fake):
    with Bot() as bot:
        project = Project(tmp_path, fake.url, HEAD + ALONE + OVER_HTTP.format(url=bot.url))
        assert project.run().code == 0
    asked = of(fake, "Lisa")
    assert "Within hearing: support-bot." in last(asked[0])
    assert "support-bot says to you: You said: Lisa Carter asks 1" in last(asked[1])
    assert len(asked) == 3
    sent = [body for body in bot.received if "Lisa" in body["text"]]
    assert [body["text"] for body in sent] == ["Lisa Carter asks 1", "Lisa Carter asks 2", "Lisa Carter asks 3"]
    assert [len(body["past"]) for body in sent] == [0, 2, 4]
    assert sent[2]["past"][3] == {"role": "assistant", "content": "You said: Lisa Carter asks 2"}
    assert len({body["id"] for body in sent}) == 1
    assert len({body["id"] for body in bot.received}) == 2
    assert {"person": "lisa", "system": "support-bot", "is_ok": True}.items() <= events(project, "answered")[0].items()


def test_the_report_and_the_results_tell_how_a_system_did(tmp_path, fake):
    with Bot(lambda body: (500, "no database") if "Oscar" in body["text"] else (200, {"answer": "Yes."})) as bot:
        project = Project(tmp_path, fake.url, HEAD + ALONE + OVER_HTTP.format(url=bot.url))
        finished = project.run()
    assert finished.code == 0
    [system] = project.results["systems"]
    assert (system["name"], system["replies"], system["failures"]) == ("support-bot", 3, 3)
    assert 0 < system["seconds_median"] <= system["seconds_p95"] <= system["seconds_max"] < 5
    failed = [problem for problem in project.results["problems"] if problem["kind"] == "system"]
    assert [problem["person"] for problem in failed] == ["oscar"] * 3
    assert failed[0]["text"] == "support-bot: it answered 500 Internal Server Error: no database"
    assert "| support-bot | 3 | 3 |" in project.report
    assert "no database" in project.report
    assert "a system did not answer (3)" in project.report
    assert "seconds" not in b"".join(project.logs().values()).decode()
    again = project.troupe("report", "results", "--format", "json")
    assert json.loads(again.out)["systems"] == project.results["systems"]


def test_a_dead_system_is_told_and_the_run_survives(tmp_path, fake):
    with Bot() as bot:
        url = bot.url
    project = Project(tmp_path, fake.url, HEAD + ALONE + OVER_HTTP.format(url=url))
    assert project.run().code == 0
    assert project.results["status"] == "finished"
    assert project.results["systems"][0]["failures"] == 6
    assert "can't be reached at" in project.report
    second = [body for body in fake.requests if len(body["messages"]) > 3]
    assert "support-bot says to you: (no answer)" in last(second[0])


def test_a_resumed_run_asks_the_bot_nothing_twice(tmp_path, fake):
    def experiment(url):
        return HEAD.replace("[lisa, oscar]", "[lisa]") + ALONE + OVER_HTTP.format(url=url)

    with Bot() as bot:
        project = Project(tmp_path, fake.url, experiment(bot.url) + "limits: {calls: 2}\n")
        assert project.run("--no-cache").code == 5
        assert [body["text"] for body in bot.received] == ["Lisa Carter asks 1", "Lisa Carter asks 2"]
        project.write("x.yaml", experiment(bot.url))
        assert project.run("--no-cache").code == 0
    assert len(project.runs) == 1
    assert [body["text"] for body in bot.received][2:] == ["Lisa Carter asks 3"]
    with Bot() as other:
        whole = Project(tmp_path / "whole", fake.url, experiment(other.url))
        assert whole.run("--no-cache").code == 0
    assert whole.logs() == project.logs()


def test_in_a_room_the_reply_comes_within_the_turn_and_to_its_asker_alone(tmp_path, fake):
    with Bot() as bot:
        project = Project(tmp_path, fake.url, HEAD + TOGETHER + OVER_HTTP.format(url=bot.url))
        assert project.run().code == 0
    first = of(fake, "Lisa")[:2]
    assert "support-bot." in last(first[0]).split("Within hearing:")[1]
    assert "You said: Lisa Carter asks 1" in last(first[1])
    assert "support-bot" not in last(first[1]).split("Within hearing:")[1]
    assert first[1]["messages"][: len(first[0]["messages"]) - 1] == first[0]["messages"][:-1]
    others = [str(body["messages"]) for body in of(fake, "Oscar")]
    assert not [told for told in others if "You said: Lisa Carter" in told]
    heard = [event for event in events(project, "perceived") if event["sense"] == "system"]
    assert {tuple(event["people"]) for event in heard} == {("lisa",), ("oscar",)}
    assert len(bot.received) == 4


def test_words_to_everyone_reach_the_system_too_and_all_hear_its_reply(tmp_path):
    with FakeProvider(answer=talking("everyone")) as fake, Bot() as bot:
        experiment = HEAD.replace("[lisa, oscar]", "[lisa, oscar, amara]") + TOGETHER + OVER_HTTP.format(url=bot.url)
        project = Project(tmp_path, fake.url, experiment)
        assert project.run().code == 0
    heard = [event for event in events(project, "perceived") if event["sense"] == "system" and event["step"] == 1]
    assert len(heard) == 3
    assert all(set(event["people"]) == {"lisa", "oscar", "amara"} for event in heard)


def test_a_system_within_one_persons_hearing_is_nobody_elses(tmp_path, fake):
    with Bot() as bot:
        experiment = HEAD.replace("[lisa, oscar]", "[{use: lisa, systems: []}, oscar]")
        project = Project(tmp_path, fake.url, experiment + ALONE + OVER_HTTP.format(url=bot.url))
        assert project.run().code == 0
    assert {body["text"].split()[0] for body in bot.received} == {"Oscar"}


def test_commands_functions_and_models_are_talked_to_alike(tmp_path, fake):
    systems = """
systems:
  - {name: shouter, command: [python, bot.py]}
  - {name: counter, python: "letters_bot:reply"}
  - {name: model-bot, model: {use: openai/gpt-4o-mini, prompt: "You are the bot of {{ condition.shop }}."}}
factors: {shop: [Lampert]}
"""
    project = Project(tmp_path, fake.url, HEAD + "world: {type: interviews, steps: 1}\n" + systems)
    project.write("bot.py", "import sys; print(sys.stdin.read().upper())")
    project.write("letters_bot.py", "def reply(message, conversation):\n    return f'{len(message)} letters'\n")
    assert project.run("--allow-code").code == 0
    answered = {event["system"]: event for event in events(project, "answered") if event["person"] == "lisa"}
    assert answered["shouter"]["text"] == "LISA CARTER ASKS 1"
    assert answered["counter"]["text"] == f"{len(answered['counter']['message'])} letters"
    assert answered["model-bot"]["text"] == "A model's reply."
    told = [body["messages"] for body in fake.requests if "You are the bot of Lampert." in str(body)]
    assert [{"role": "user", "content": answered["model-bot"]["message"]}] in [messages[1:] for messages in told]
    accounts = project.troupe("plan", "x.yaml", "--model", MODEL)
    assert re.search(r"system\s+openai/gpt-4o-mini", accounts.out)


def test_a_system_that_names_no_model_is_played_by_the_peoples(tmp_path, fake):
    systems = """
systems:
  - {name: like-people, model: {prompt: "You are the first bot."}}
  - {name: calmer, model: {prompt: "You are the second bot.", temperature: 0.1}}
model: {people: {use: openai/gpt-4o, temperature: 0.9}}
"""
    project = Project(tmp_path, fake.url, HEAD + "world: {type: interviews, steps: 1}\n" + systems)
    assert project.troupe("run", "x.yaml").code == 0
    first = [body for body in fake.requests if "You are the first bot." in str(body)]
    second = [body for body in fake.requests if "You are the second bot." in str(body)]
    assert {(body["model"], body["temperature"]) for body in first} == {("gpt-4o", 0.9)}
    assert {(body["model"], body["temperature"]) for body in second} == {("gpt-4o", 0.1)}
    played_by = project.troupe("plan", "x.yaml", "--model", MODEL).out
    assert re.search(r"system\s+openai/gpt-4o-mini", played_by)


def test_a_key_of_the_environment_is_in_no_file_of_the_run(tmp_path, fake, monkeypatch):
    monkeypatch.setenv("BOT_KEY", "s3cret-token-of-mine")
    with Bot(lambda _: (401, "unknown token s3cret-token-of-mine")) as bot:
        experiment = HEAD + ALONE + OVER_HTTP.format(url=bot.url)
        experiment = experiment.replace("reply:", 'headers: {x-api-key: "Bearer ${env:BOT_KEY}"}\n      reply:')
        project = Project(tmp_path, fake.url, experiment)
        assert project.run().code == 0
    assert bot.headers[0]["x-api-key"] == "Bearer s3cret-token-of-mine"
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"s3cret-token" in path.read_bytes()]
    assert "unknown token ${env:BOT_KEY}" in project.report
    monkeypatch.delenv("BOT_KEY")
    assert "E108" in project.troupe("check", "x.yaml").err


def test_offline_nobody_is_asked(tmp_path, fake):
    with Bot() as bot:
        project = Project(tmp_path, fake.url, HEAD + ALONE + OVER_HTTP.format(url=bot.url))
        assert project.run("--offline").code == 4
    assert not bot.received


def test_a_started_server_that_does_not_come_up_stops_the_run_before_it_costs(tmp_path, fake):
    system = """
systems:
  - {name: bot, http: {url: "http://127.0.0.1:{{ port }}"}, start: [python, -c, "raise SystemExit('no licence')"]}
"""
    project = Project(tmp_path, fake.url, HEAD + ALONE + system)
    finished = project.run("--allow-code")
    assert finished.code == 4
    assert "no licence" in finished.err
    assert not fake.requests
