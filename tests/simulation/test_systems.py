"""What is said to a system reaches it as written, and whatever it does comes back as a value."""

import asyncio
import os
import time

import pytest
from bots import Bot
from builders import a_member, a_plan, a_trial

from tinytroupe_cli.core.clock import WallClock
from tinytroupe_cli.core.errors import EnvironmentProblem
from tinytroupe_cli.core.imports import import_function
from tinytroupe_cli.minds.simulated_system import SimulatedSystem
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.models.scripted import ScriptedModel
from tinytroupe_cli.plan.planned_systems import HttpPlan, PlannedSystem
from tinytroupe_cli.runs.external_calls import SqliteExternalCallStore, recorded_external_calls
from tinytroupe_cli.simulation.systems.http import found_at
from tinytroupe_cli.simulation.systems.pool import SystemPool, SystemRuntime
from tinytroupe_cli.simulation.systems.port import Exchange, NoReply

PAST = (Exchange("Hello", "Hi, how can I help?"),)


def over_http(url, **changes):
    body = changes.pop("body", {"text": "{{ message }}"})
    timeout = changes.pop("timeout", 20.0)
    values = changes.pop("values", {})
    http = HttpPlan(url=url, body=body, **{"reply": "answer", **changes})
    return PlannedSystem(name="bot", http=http, timeout=timeout, values=values)


def said(system, folder, *messages, history=(), env=None, chat=None, offline=False):
    """Say messages to a system, as one person in one step; return what came of each."""
    trial = a_trial(people=(a_member("lisa", "Lisa Carter"),), systems=(system,))
    store = SqliteExternalCallStore(folder / "outside.sqlite")
    outside = SystemRuntime(
        env=env or {},
        folder=folder,
        logs=folder / "logs",
        run="run-1",
        store=store,
        clock=WallClock(),
        function=lambda dotted: import_function(dotted, [folder]),
        is_offline=offline,
    )

    async def talk():
        async with SystemPool(a_plan(trial), outside, chat or ScriptedModel([])) as systems:
            of = systems.of(trial)
            return [
                await of.reply("bot", message, person=trial.people[0], step=1, number=number, history=history)
                for number, message in enumerate(messages)
            ]

    try:
        return asyncio.run(talk())
    finally:
        store.close()


def test_a_message_fills_the_json_and_the_reply_is_found_in_the_answer(tmp_path):
    with Bot(lambda _: (200, {"choices": [{"message": {"content": " Gerne! "}}]})) as bot:
        body = {
            "model": 3,
            "who": "{{ person.name }}, {{ person.age }}",
            "id": "{{ conversation }}",
            "messages": "{{ messages }}",
            "past": ["{{ history }}"],
            "tone": "{{ tone }}",
        }
        system = over_http(bot.url, body=body, reply="choices.0.message.content", values={"tone": "calm"})
        assert said(system, tmp_path, 'Wo ist "es"? {{ x }}', history=PAST) == ["Gerne!"]
    [sent] = bot.received
    past = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi, how can I help?"}]
    assert sent["messages"] == [*past, {"role": "user", "content": 'Wo ist "es"? {{ x }}'}]
    assert (sent["past"], sent["who"], sent["model"]) == ([past], "Lisa Carter, 28", 3)
    assert (sent["id"], sent["tone"]) == ("run-1/r1/lisa", "calm")


def test_a_search_is_asked_by_its_address(tmp_path):
    with Bot(lambda _: (200, "three results\n")) as bot:
        system = over_http(bot.url + "/find?q={{ message }}", method="GET", body=None, reply="")
        assert said(system, tmp_path, "tea & milk?/é") == ["three results"]
    assert bot.paths == ["/find?q=tea%20%26%20milk%3F%2F%C3%A9"]


FAILURES = [
    ((500, "Traceback: boom"), "it answered 500 Internal Server Error: Traceback: boom"),
    ((302, ""), "it answered 302 Found"),
    ((200, "<html>"), "its answer is not JSON: <html>"),
    ((200, {"reply": "x"}), 'its answer has nothing at \'answer\': {"reply": "x"}'),
    ((200, ["x"]), "its answer has nothing at 'answer': [\"x\"]"),
    ((200, {"answer": ""}), 'its reply is empty: {"answer": ""}'),
]


@pytest.mark.parametrize(("answer", "told"), FAILURES)
def test_what_goes_wrong_over_http_is_told_in_words(answer, told, tmp_path):
    with Bot(lambda _: answer) as bot:
        assert said(over_http(bot.url), tmp_path, "Hello") == [NoReply(told)]


def test_nobody_there_is_a_failure_with_the_address(tmp_path):
    with Bot() as bot:
        url = bot.url
    [failure] = said(over_http(url), tmp_path, "Hello")
    assert failure.why.startswith(f"it can't be reached at {url.removeprefix('http://')}: ")


def test_a_slow_system_is_given_up(tmp_path):
    with Bot(lambda _: (time.sleep(1), (200, {}))[1]) as bot:
        [failure] = said(over_http(bot.url, timeout=0.2), tmp_path, "Hello")
    assert failure.why in {"it gave no reply within 0.2 seconds", "it did not answer in time"}


def test_a_key_of_the_environment_is_sent_and_never_kept(tmp_path):
    env = {"BOT_KEY": "s3cret-token", "WHERE": ""}
    with Bot(lambda _: (200, {"answer": "Your token is s3cret-token."})) as bot:
        url = bot.url + "/${env:WHERE:-chat}"
        system = over_http(url, headers={"X-Api-Key": "Bearer ${env:BOT_KEY}"})
        assert said(system, tmp_path, "Hello", env=env) == ["Your token is ${env:BOT_KEY}."]
    assert bot.headers[0]["x-api-key"] == "Bearer s3cret-token"
    assert b"s3cret" not in (tmp_path / "outside.sqlite").read_bytes()


def test_a_variable_that_is_not_set_stops_the_run_before_it_begins(tmp_path):
    with pytest.raises(EnvironmentProblem, match="BOT_KEY"):
        said(over_http("http://127.0.0.1:1", headers={"key": "${env:BOT_KEY}"}), tmp_path)


def test_a_reply_is_stored_with_its_time_and_not_asked_for_again(tmp_path):
    with Bot() as bot:
        assert said(over_http(bot.url), tmp_path, "Hello", "Again") == ["You said: Hello", "You said: Again"]
        assert said(over_http(bot.url), tmp_path, "Hello", offline=True) == ["You said: Hello"]
        assert said(over_http(bot.url), tmp_path, "Hello", history=PAST) == ["You said: Hello"]
    assert len(bot.received) == 3
    assert all(call.kept.seconds > 0 for call in recorded_external_calls(tmp_path / "outside.sqlite"))


def test_a_failure_is_stored_too(tmp_path):
    with Bot(lambda _: (500, "no")) as bot:
        first = said(over_http(bot.url), tmp_path, "Hello")
    assert said(over_http(bot.url), tmp_path, "Hello") == first


def test_offline_asks_nobody(tmp_path):
    with Bot() as bot, pytest.raises(EnvironmentProblem, match="no stored reply of 'bot'"):
        said(over_http(bot.url), tmp_path, "Hello", offline=True)
    assert not bot.received


def command(tmp_path, code, *words):
    (tmp_path / "bot.py").write_text(code)
    return PlannedSystem(name="bot", command=("python", "bot.py", *words), timeout=20)


def test_a_command_reads_the_message_and_knows_the_conversation(tmp_path):
    code = (
        "import os, sys, json\n"
        "past = json.loads(os.environ['TROUPE_HISTORY'])\n"
        "print(sys.argv[1], sys.stdin.read(), os.environ['TROUPE_PERSON'], len(past), past[0]['content'])\n"
    )
    system = command(tmp_path, code, "{{ person.age }}")
    assert said(system, tmp_path, "Größe?", history=PAST) == ["28 Größe? Lisa Carter 2 Hello"]


def test_a_command_that_fails_is_told_with_the_end_of_its_errors(tmp_path):
    [failure] = said(command(tmp_path, "raise SystemExit('no database')"), tmp_path, "Hello")
    assert failure == NoReply("it ended with 1: no database")


@pytest.mark.parametrize(("status", "begins"), [("1", "it ended with 1: "), ("0", "it wrote nothing. ")])
def test_the_errors_of_a_command_name_the_variable_and_not_its_value(tmp_path, status, begins):
    code = "import sys\nprint('wrong key:', sys.argv[1], file=sys.stderr)\nsys.exit(int(sys.argv[2]))\n"
    system = command(tmp_path, code, "${env:BOT_KEY}", status)
    [failure] = said(system, tmp_path, "Hello", env={**os.environ, "BOT_KEY": "s3cret-token"})
    assert failure == NoReply(f"{begins}wrong key: ${{env:BOT_KEY}}")
    assert b"s3cret" not in (tmp_path / "outside.sqlite").read_bytes()


def test_a_command_that_writes_nothing_or_is_not_there_is_a_failure(tmp_path):
    assert said(command(tmp_path, ""), tmp_path, "Hello") == [NoReply("it wrote nothing.")]
    [failure] = said(PlannedSystem(name="bot", command=("no-such-program-here",)), tmp_path, "Hi")
    assert failure.why == "it can't be started: there is no program 'no-such-program-here' on this machine"


def test_a_command_that_hangs_is_ended_with_all_it_started(tmp_path):
    code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "open('child', 'w').write(str(child.pid)); time.sleep(60)\n"
    )
    system = command(tmp_path, code).model_copy(update={"timeout": 1.5})
    assert said(system, tmp_path, "Hello") == [NoReply("it gave no reply within 1.5 seconds")]
    child = int((tmp_path / "child").read_text())
    for _ in range(100):
        if not is_alive(child):
            break
        time.sleep(0.05)
    assert not is_alive(child)


def is_alive(process):
    try:
        with open(f"/proc/{process}/stat") as stat:  # noqa: PTH123
            return stat.read().split(")")[1].split()[0] != "Z"
    except OSError:
        return False


def python(tmp_path, code, name):
    (tmp_path / f"{name}.py").write_text(code)
    return PlannedSystem(name="bot", python=f"{name}:reply", timeout=5)


def test_functions_of_a_message_and_of_a_conversation_are_called_as_they_are(tmp_path):
    plain = python(tmp_path, "def reply(message):\n    return message.upper()\n", "plain_bot")
    assert said(plain, tmp_path, "hello") == ["HELLO"]
    code = "async def reply(message, c):\n    return f'{message} {c.person} {c.id} {c.history[1]}'\n"
    [told] = said(python(tmp_path, code, "async_bot"), tmp_path / "b", "hello", history=PAST)
    assert told == "hello Lisa Carter run-1/r1/lisa {'role': 'assistant', 'content': 'Hi, how can I help?'}"


def test_a_function_that_raises_or_returns_no_text_is_a_failure(tmp_path):
    raising = python(tmp_path, "def reply(message):\n    return {}['x']\n", "raising_bot")
    assert said(raising, tmp_path, "hello") == [NoReply("it raised KeyError: 'x'")]
    odd = python(tmp_path, "def reply(message):\n    return 5\n", "odd_bot")
    assert said(odd, tmp_path, "hi") == [NoReply("it returned int, not text")]


def test_a_model_plays_a_system_with_its_own_prompt_and_the_conversation(tmp_path):
    model = ScriptedModel(["Of course."])
    system = PlannedSystem(name="bot", model=ModelConfig(name="openai/fake"), prompt="You are a support bot.")
    assert said(system, tmp_path, "Refund me", history=PAST, chat=model) == ["Of course."]
    [request] = model.requests
    assert [message.content for message in request.messages] == [
        *("You are a support bot.", "Hello", "Hi, how can I help?", "Refund me")
    ]
    assert (request.purpose.role, request.purpose.kind, request.answer) == ("system", "system", None)
    assert SimulatedSystem("bot", "", ModelConfig(name="m"), model, 1, "r1").name == "bot"


SERVER = """\
import http.server, sys
class H(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200); self.end_headers(); self.wfile.write(b"served")
print("listening", file=sys.stderr)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), H).serve_forever()
"""


def served(tmp_path, code, url="http://127.0.0.1:{{ port }}/x/{{ message }}", port="{{ port }}"):
    (tmp_path / "server.py").write_text(code)
    return over_http(url, reply="").model_copy(update={"start": ("python", "server.py", port)})


def test_a_server_is_started_on_a_free_port_and_ended_with_the_run(tmp_path):
    assert said(served(tmp_path, SERVER), tmp_path, "Hello") == ["served"]
    [log] = (tmp_path / "logs").iterdir()
    assert "listening" in log.read_text()
    listening = [line for line in log.read_text().splitlines() if "POST /x/Hello" in line]
    assert len(listening) == 1


def test_a_server_that_ends_at_once_stops_the_run_with_its_last_words(tmp_path):
    with pytest.raises(EnvironmentProblem, match="ended with 1 before it answered") as raised:
        said(served(tmp_path, "raise SystemExit('no licence')"), tmp_path, "Hello")
    assert raised.value.hint == "no licence"


def test_a_port_that_is_taken_is_not_taken_for_the_server(tmp_path):
    with Bot() as bot, pytest.raises(EnvironmentProblem, match="something is listening"):
        said(served(tmp_path, SERVER, url=bot.url, port="1"), tmp_path, "Hello")
    assert not bot.received


@pytest.mark.parametrize("text", ["[" * 100_000, '{"answer": ' + "[" * 100_000 + "]" * 100_000 + "}", "9" * 5000])
def test_an_answer_that_cannot_be_read_is_no_reply(text):
    assert isinstance(found_at("answer", text), NoReply)


def test_half_a_character_of_a_system_is_replaced_before_it_is_stored(tmp_path):
    (tmp_path / "half_a_character_bot.py").write_text('def reply(message, history):\n    return "dollars \\ud83d"\n')
    system = PlannedSystem(name="bot", python="half_a_character_bot:reply")
    assert said(system, tmp_path, "Hello") == ["dollars \ufffd"]
