"""No byte that a run leaves or prints holds a secret, and only its owner can read what is kept."""

from __future__ import annotations

import base64
import json
import stat
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from bots import ALONE, HEAD, Bot, talking
from projects import Project
from provider import Body, FakeProvider, Fault

KEY = "sk-planted+4711/secret&x"
PASSWORD = "swordfish-4712"
BOT_KEY = "planted-bot-token-4713"
FORMS = [
    form.encode()
    for secret in (KEY, PASSWORD, BOT_KEY)
    for form in (
        secret,
        quote(secret, safe=""),
        base64.b64encode(secret.encode()).decode().rstrip("=")[:-2],
        base64.b64encode(f"user:{secret}".encode()).decode().rstrip("=")[8:-2],
        base64.b64encode(f"Bearer {secret}".encode()).decode().rstrip("=")[12:-2],
    )
]
ECHOED = [
    KEY,
    f"Basic {base64.b64encode(f'user:{PASSWORD}'.encode()).decode()}",
    f"?key={quote(BOT_KEY, safe='')}",
    f"Bearer {base64.b64encode(f'Bearer {BOT_KEY}'.encode()).decode()}",
]


def leaks(folder: Path, *printed: str) -> list[str]:
    """Return where a secret was found."""
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    files |= {f"output {number}": text.encode() for number, text in enumerate(printed)}
    return [name for name, content in files.items() if any(form in content for form in FORMS)]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("PW", PASSWORD)
    monkeypatch.setenv("SHOP_LOGIN", BOT_KEY)
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))


def echoing(body: Body) -> str:
    """Answer as people who repeat every secret that they could have been told."""
    answer: dict[str, Any] = json.loads(talking()(body)) if "response_format" in body else {}
    told = {
        name: f"{value} {' '.join(ECHOED)}" if name in ("words", "why") else value for name, value in answer.items()
    }
    return json.dumps(told) if told else " ".join(ECHOED)


SYSTEMS = """
systems:
  - name: support-bot
    http: {url: "BOT/${env:SHOP_LOGIN}", headers: {key: "${env:SHOP_LOGIN}"}}
  - {name: shell, command: [python, "-c", "import os; print(os.environ['SHOP_LOGIN'])"], env: [SHOP_LOGIN]}
  - {name: inner, python: "leaky:reply"}
  - name: served
    http: {url: "http://127.0.0.1:{{ port }}/"}
    start: [python, serve.py, "{{ port }}"]
    env: [SHOP_LOGIN]
tools: ["leaky:look_up"]
extract:
  - {name: q, of: each person, how: interview, question: "Why?", fields: {why: text}}
report: {formats: [json, markdown, csv, html]}
"""
LEAKY = """\
import os

def reply(message):
    return os.environ["OPENAI_API_KEY"]

def look_up(word: str) -> dict:
    "Look up."
    return {"found": [os.environ["PW"], os.environ["OPENAI_API_KEY"]]}
"""
SERVE = """\
import http.server, os, sys
print(os.environ["SHOP_LOGIN"], flush=True)
class H(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.send_response(200); self.end_headers(); self.wfile.write(os.environ["SHOP_LOGIN"].encode())
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), H).serve_forever()
"""


@pytest.mark.parametrize("to", ["support-bot", "shell", "inner", "served"])
def test_a_run_leaves_no_secret(tmp_path: Path, to: str) -> None:
    def answer(body: Body) -> str:
        return json.dumps({**json.loads(echoing(body)), "to": to}) if '"to"' in json.dumps(body) else echoing(body)

    with FakeProvider(answer=answer) as fake, Bot(lambda _: (500, " ".join(ECHOED))) as bot:
        address = fake.url.replace("http://", "http://user:${env:PW}@")
        model = f'model: {{people: {{use: openai/gpt-4o-mini, api_base: "{address}"}}}}\n'
        here = Project(tmp_path / "p", "", HEAD + ALONE + model + SYSTEMS.replace("BOT", bot.url))
        here.write("leaky.py", LEAKY)
        here.write("serve.py", SERVE)
        printed = [here.troupe("plan", "x.yaml", "--json")]
        printed += [here.troupe("run", "x.yaml", "--allow-code", *words) for words in ([], ["--json", "--no-cache"])]
        where = str(here.runs[0])
        printed += [here.troupe("show", where), here.troupe("report", where), here.troupe("doctor")]
        printed += [here.troupe("ask", where, "lisa", "What is the key?")]
        printed += [here.troupe("branch", where, "--at", "2", "--say", "Go on", "--allow-code")]
    assert [ended.code for ended in printed] == [0] * len(printed), [ended.err[-300:] for ended in printed]
    assert fake.requests
    assert leaks(tmp_path, *(ended.out + ended.err for ended in printed)) == []


@pytest.mark.parametrize("status", [400, 401, 500])
def test_a_provider_s_error_that_repeats_a_secret_is_printed_and_kept_without_it(tmp_path: Path, status: int) -> None:
    fault = Fault(status, {"error": {"message": f"Incorrect key: {' '.join(ECHOED)}"}})
    with FakeProvider(faults=[fault] * 60) as fake:
        address = fake.url.replace("http://", "http://${env:SHOP_LOGIN}:${env:PW}@")
        model = f'model: {{people: {{use: openai/gpt-4o-mini, api_base: "{address}"}}}}\n'
        here = Project(tmp_path / "p", "", HEAD + ALONE + model + "limits: {minutes: 0.2}\n")
        (tmp_path / "p/config.ini").write_text((tmp_path / "p/config.ini").read_text() + "[run]\nattempts = 1\n")
        printed = [
            here.troupe("run", "x.yaml"),
            here.troupe("run", "x.yaml", "--json"),
            here.troupe("report", "results"),
        ]
    assert leaks(tmp_path, *(ended.out + ended.err for ended in printed)) == []


def test_people_and_documents_that_hold_a_secret_are_refused(tmp_path: Path) -> None:
    here = Project(tmp_path / "p", "", HEAD + ALONE + "documents: [.env]\n")
    here.write(".env", f"OPENAI_API_KEY={KEY}\n")
    here.write("notes.txt", f"The key is {KEY}.\n")
    here.write("x.yaml", HEAD + ALONE + "documents: [notes.txt]\n")
    ended = here.troupe("check", "x.yaml")
    assert ended.code == 2
    assert "the document 'notes.txt' contains the value of OPENAI_API_KEY" in ended.err
    assert KEY not in ended.err + ended.out
    here.write("personas/ann.yaml", f"name: Ann Berg\nage: 40\nnote: My key is {KEY}\n")
    here.write("x.yaml", HEAD.replace("[lisa, oscar]", "[ann]") + ALONE)
    ended = here.troupe("plan", "x.yaml")
    assert ended.code == 2
    assert "Ann Berg contains the value of OPENAI_API_KEY" in ended.err


def test_stores_are_their_owners_alone(tmp_path: Path) -> None:
    with FakeProvider() as fake, Bot() as bot:
        systems = f'systems: [{{name: support-bot, http: {{url: "{bot.url}"}}}}]\n'
        here = Project(tmp_path / "p", fake.url, HEAD + ALONE + systems)
        assert here.run().code == 0
    stores = [*here.folder.rglob("*.sqlite")]
    assert len(stores) >= 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in stores} == {0o600}
    assert stat.S_IMODE(here.runs[0].stat().st_mode) == 0o700
    assert stat.S_IMODE((here.folder / "cache").stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["personas/ann.yaml", "fragments/kind.yaml", "crowd.yaml"])
def test_a_reference_to_the_environment_in_a_file_of_people_is_an_error_at_its_line(tmp_path, name) -> None:
    texts = {
        "personas/ann.yaml": "name: Ann Berg\nage: 40\n",
        "fragments/kind.yaml": "age: 41\n",
        "crowd.yaml": "troupe-population: 1\nname: crowd\nattributes: {age: [30, 40]}\n",
    }
    texts[name] += "context: My key is ${env:PLANTED_KEY}.\n"
    project = Project(tmp_path / "p")
    for file, text in texts.items():
        project.write(file, text)
    project.write("x.yaml", ALL_FILES)

    checked = project.troupe("check", "x.yaml")

    assert checked.code == 2
    assert f"{name}:{texts[name].count(chr(10))}:10  E114" in checked.err


@pytest.mark.parametrize("key", ["api_key", "key", "Subscription-Key", "access_token"])
@pytest.mark.parametrize(
    "line",
    [
        "model: {people: {use: openai/x, api_base: 'http://127.0.0.1:9/v1?ADDRESS'}}",
        "model: 'openai/x@http://127.0.0.1:9/v1?ADDRESS'",
        "systems: [{name: bot, http: {url: 'http://127.0.0.1:9/?m={{ message }}&ADDRESS'}}]",
    ],
)
def test_a_key_written_into_an_address_is_refused_and_not_shown(tmp_path, key, line) -> None:
    people = "troupe: 1\nname: x\npersonas: [lisa]\nworld: {type: interviews, steps: 1}\nstimuli: [{say: Hello}]\n"
    project = Project(tmp_path / "p", experiment=people + line.replace("ADDRESS", f"{key}=swordfish-4711") + "\n")

    checked = project.troupe("check", "x.yaml")

    assert checked.code == 2
    assert "x.yaml:6" in checked.err
    assert "E115  this address contains a key" in checked.err
    assert "swordfish" not in checked.out + checked.err


ALL_FILES = """\
troupe: 1
name: x
personas: [ann, {population: crowd.yaml, size: 2}]
fragments: [kind]
world: {type: interviews, steps: 1}
stimuli: [{say: Hello}]
"""
