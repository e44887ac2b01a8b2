"""Eight providers' wire formats through the real LiteLLM, over real HTTP on loopback."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from projects import Project
from provider import answer_for

sys.path.insert(0, str(Path(__file__).parent))
from formats import CACHED, FORMATS, READ, WRITTEN, Format, Kind, as_json, as_openai, is_at
from thinking import SHAPES

ROOT = Path(__file__).parents[2]
TALK = """\
troupe: 1
name: tea
personas: [lisa]
world: {{type: interviews, steps: 2}}
stimuli: [{{say: "Tea or coffee?"}}, {{say: "Why?", at: {{step: 2}}}}]
model: {{people: {{use: "{model}", api_base: "{base}"}}}}
prices: {{"{model}": {{input: 1.0, output: 2.0, cached: 0.1}}}}
extract:
  - name: drink
    of: each person
    how: interview
    question: "What will you drink?"
    fields: {{cup: {{choice: [tea, coffee]}}, why: text}}
"""


class Server(ThreadingHTTPServer):
    """Answers in one format; keeps what it was asked."""

    daemon_threads = True
    wire: Format
    kind: Kind
    asked: list[dict[str, Any]]
    thinks: Callable[[str, Kind, int], tuple[int, dict[str, Any]]] | None = None
    """Answers instead by how much room a request leaves."""


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        body = as_json(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        if self.path.endswith("/api/show"):  # LiteLLM looks up what a model of Ollama's can do
            self._send(200, {"template": "", "model_info": {}, "capabilities": ["completion"]})
            return
        self.server.asked.append(body)
        if not is_at(self.server.wire, self.path):
            self._send(404, {"error": {"message": f"no such path: {self.path}"}})
            return
        seen = self.server.wire.seen(body)
        answer = answer_for(as_openai(seen))
        if self.server.thinks is None:
            self._send(*self.server.wire.reply(answer, self.server.kind))
        else:
            self._send(*self.server.thinks(answer, self.server.kind, seen["limit"] or 10**9))

    def _send(self, status: int, value: dict[str, Any]) -> None:
        import json

        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def serving(wire: Format, kind: Kind) -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), _Handler)
    server.wire, server.kind, server.asked = wire, kind, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def play(
    name: str, kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Project, int, list[dict[str, Any]]]:
    wire = FORMATS[name]
    for variable, value in (wire.env or {}).items():
        monkeypatch.setenv(variable, value)
    with serving(wire, kind) as server:
        base = f"http://127.0.0.1:{server.server_port}{wire.base}"
        project = Project(tmp_path, experiment=TALK.format(model=wire.model, base=base))
        ended = project.troupe("run", "x.yaml")
        return project, ended.code, [wire.seen(body) | {"body": body} for body in server.asked]


@pytest.mark.parametrize("name", FORMATS)
def test_turns_and_answers_come_out_as_asked(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, code, asked = play(name, "answer", tmp_path, monkeypatch)
    assert code == 0, project.report
    [trial] = project.results["trials"]
    assert (trial["turns"], trial["failed_turns"], trial["answers"], trial["failed_fields"]) == (2, 0, 1, 0)
    assert {row["outcome"] for row in project.results["rows"]} <= {"stated", "not_stated"}
    first = asked[0]
    assert first["messages"][0]["role"] == "system"
    assert "Lisa Carter" in first["messages"][0]["content"]
    assert [one["role"] for one in asked[1]["messages"]] == ["system", "user", "assistant", "user"]
    assert isinstance(first["limit"], int)


@pytest.mark.parametrize("name", FORMATS)
def test_tokens_are_counted_and_priced_with_those_from_the_provider_s_cache(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, _, asked = play(name, "answer", tmp_path, monkeypatch)
    totals, calls = project.results["totals"], len(asked)
    cached = CACHED * calls if FORMATS[name].counts_cached else 0
    assert totals["prompt_tokens"] == READ * calls
    assert totals["completion_tokens"] == WRITTEN * calls
    assert totals["cached_tokens"] == cached
    fresh = READ * calls - cached
    assert project.results["usd"] == pytest.approx((fresh * 1.0 + cached * 0.1 + WRITTEN * calls * 2.0) / 1e6)


@pytest.mark.parametrize("name", FORMATS)
def test_a_refusal_is_a_refusal(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, code, _ = play(name, "refusal", tmp_path, monkeypatch)
    assert code == 4
    [trial] = project.results["trials"]
    assert (trial["refused_turns"], trial["refused_answers"]) == (2, 1)
    assert (trial["failed_turns"], trial["failed_answers"]) == (0, 0)


@pytest.mark.parametrize("name", FORMATS)
def test_a_cut_off_reply_is_asked_again_with_more_room_and_counted(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, _, asked = play(name, "cut_off", tmp_path, monkeypatch)
    assert {problem["kind"] for problem in project.results["problems"]} == {"cut_off"}
    limits = [one["limit"] for one in asked]
    assert len(limits) == 2 * len(project.results["problems"])
    assert all(again >= 4 * first for first, again in zip(limits[::2], limits[1::2], strict=True))


def test_anthropic_is_told_what_to_keep_after_the_persona_and_after_the_past(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, asked = play("Anthropic's", "answer", tmp_path, monkeypatch)
    body = asked[1]["body"]
    assert body["system"][-1]["cache_control"] == {"type": "ephemeral"}
    assert body["messages"][-2]["content"][-1]["cache_control"] == {"type": "ephemeral"}
    assert "cache_control" not in str(body["messages"][-1])


def test_bedrock_is_told_by_cache_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, asked = play("Bedrock's", "answer", tmp_path, monkeypatch)
    body = asked[1]["body"]
    assert body["system"][-1] == {"cachePoint": {"type": "default"}}
    assert body["messages"][-2]["content"][-1] == {"cachePoint": {"type": "default"}}


@pytest.mark.parametrize("name", ["OpenAI's chat", "Gemini's", "Mistral's", "Groq's", "Ollama's", "Azure's"])
def test_others_get_no_marks(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, asked = play(name, "answer", tmp_path, monkeypatch)
    assert "cache_control" not in str(asked)
    assert "cachePoint" not in str(asked)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_model_that_thinks_gives_every_answer_of_an_ad_test_and_tells_none_of_its_thoughts(
    shape: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire, thinks = SHAPES[shape]
    for variable, value in (wire.env or {}).items():
        monkeypatch.setenv(variable, value)
    with serving(wire, "answer") as server:
        server.thinks = thinks
        project = Project(tmp_path, experiment=(ROOT / "experiments" / "tv_ad.yaml").read_text())
        base = f"http://127.0.0.1:{server.server_port}{wire.base}"
        project.write("config.ini", f"[model]\npeople = {wire.model}\napi_base = {base}\n[cache]\nfolder = cache\n")
        ended = project.troupe("run", "x.yaml")
    assert ended.code in (0, 1), ended.err
    trials, rows = project.results["trials"], project.results["rows"]
    assert sum(trial["turns"] for trial in trials) == 44
    assert sum(trial["failed_turns"] + trial["refused_turns"] for trial in trials) == 0
    assert {row["outcome"] for row in rows} <= {"stated", "not_stated"}
    told = b"".join(project.logs().values()).decode() + project.report
    assert "I must not tell" not in told
