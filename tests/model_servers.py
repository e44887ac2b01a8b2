"""Programs that serve models on one's own machine, as fakes over real HTTP on loopback ports of their own.

Each lists its models and answers chats as the real one does (paths, JSON, chunks); others listen there and are none.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from provider import answer_for
from vectors import vectors_for

Body = Mapping[str, Any]


@dataclass
class Program:
    """What listens at a port."""

    provider: str
    """The place it is looked for as."""
    gets: Mapping[str, tuple[int, Any]]
    """Path -> status and body: JSON, or text as it is."""
    posts: Mapping[str, Callable[[Body], Any]] = field(default_factory=dict)
    base: str = ""
    """What follows its address."""
    chunked: bool = False
    delay: float = 0.0
    """Seconds before it answers a GET."""
    drips: bool = False
    """Sends a byte now and then, and never ends."""
    port: int = 0
    asked: list[str] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.base}"

    @property
    def named(self) -> str:
        """As TROUPE_SERVERS names it."""
        return f"{self.provider}={self.address}"


def ollama(**options: Any) -> Program:
    def tag(name: str, family: str, **more: Any) -> Body:
        details = {"parent_model": "", "format": "gguf", "family": family, "families": [family]}
        details |= {"parameter_size": "4.0B", "quantization_level": "Q4_K_M"}
        return {"name": name, "model": name, "size": 2_620_788_019, "digest": "e55aed6f", "details": details, **more}

    models = [
        tag("qwen3:4b", "qwen3"),
        tag("nomic-embed-text:latest", "nomic-bert"),
        tag("gpt-oss:120b-cloud", "gptoss", remote_model="gpt-oss:120b", remote_host="https://ollama.com:443"),
    ]
    posts = {"/api/chat": _ollama_chat, "/api/show": _ollama_show, "/api/embed": _ollama_vectors}
    return Program("ollama", {"/api/tags": (200, {"models": models})}, posts, chunked=True, **options)


def lm_studio(*names: str, **options: Any) -> Program:
    listed = names or ("qwen3-4b-2507", "text-embedding-nomic-embed-text-v1.5")
    data = [{"id": name, "object": "model", "owned_by": "organization_owner"} for name in listed]
    return _compatible("lm_studio", data, {}, **options)


def llama_cpp(*, loading: bool = False, **options: Any) -> Program:
    data = [{"id": "/models/Qwen3 4B.gguf", "object": "model", "created": 1, "owned_by": "llamacpp", "meta": {}}]
    trouble = {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}
    health = (503, trouble) if loading else (200, {"status": "ok"})
    return _compatible("llamafile", data, {"/health": health}, **options)


def vllm(**options: Any) -> Program:
    data = [{"id": "Qwen/Qwen3-8B", "object": "model", "owned_by": "vllm", "root": "Qwen/Qwen3-8B", "max_model_len": 1}]
    return _compatible("hosted_vllm", data, {"/health": (200, "")}, **options)


def _compatible(provider: str, data: list[Body], more: Mapping[str, tuple[int, Any]], **options: Any) -> Program:
    gets = {"/v1/models": (200, {"object": "list", "data": data}), **more}
    posts: Mapping[str, Callable[[Body], Any]] = {"/v1/chat/completions": _chat, "/v1/embeddings": vectors_for}
    return Program(provider, gets, posts, base="/v1", **options)


def _chat(body: Body) -> Any:
    choice = {"index": 0, "message": {"role": "assistant", "content": answer_for(body)}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    return {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": body["model"],
        "choices": [choice],
        "usage": usage,
    }


def _ollama_chat(body: Body) -> Any:
    schema = body.get("format") or None
    form = {"type": "json_schema", "json_schema": {"schema": schema}} if isinstance(schema, dict) else None
    words = answer_for({"messages": body["messages"], "response_format": form})
    message = {"role": "assistant", "content": words}
    end = {"done": True, "done_reason": "stop", "prompt_eval_count": 100, "eval_count": 20}
    return {"model": body["model"], "created_at": "2026-11-26T10:00:00Z", "message": message, **end}


def _ollama_show(_: Body) -> Any:
    return {"template": "", "model_info": {}, "capabilities": ["completion"]}


def _ollama_vectors(body: Body) -> Any:
    made = vectors_for(body)
    return {"model": body["model"], "embeddings": [one["embedding"] for one in made["data"]], "prompt_eval_count": 5}


@contextmanager
def running(*programs: Program) -> Iterator[str]:
    """Run programs; gives what TROUPE_SERVERS must be to have them looked at."""
    servers = [_Server(program) for program in programs]
    try:
        yield " ".join(program.named for program in programs)
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, program: Program) -> None:
        super().__init__(("127.0.0.1", program.port), _Handler)
        self.program = program
        program.port = self.server_port
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def handle_error(self, *_: Any) -> None:
        """Say nothing: who asked has hung up, as a probe does."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        program = self.server.program
        program.asked.append(self.path)
        time.sleep(program.delay)
        while program.drips:
            self.wfile.write(b"H")
            time.sleep(0.02)
        self._send(*program.gets.get(self.path, (404, {"error": "not found"})))

    def do_POST(self) -> None:
        program = self.server.program
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        answer = program.posts.get(self.path)
        if self.path != "/api/show":
            program.asked.append(self.path)
            program.bodies.append(body)
            program.keys.append(self.headers.get("Authorization", ""))
        self._send(*((200, answer(body)) if answer else (404, {"error": f"no such path: {self.path}"})))

    def _send(self, status: int, value: Any) -> None:
        data = value.encode() if isinstance(value, str) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if isinstance(value, str) else "application/json")
        if self.server.program.chunked:
            self.send_header("Transfer-Encoding", "chunked")
            data = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (data[:7], data[7:])) + b"0\r\n\r\n"
        else:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
