"""A small HTTP bot in a thread of its own, that remembers what it was sent: `with Bot() as bot:`."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from provider import answer_for, schema_of

HEAD = """\
troupe: 1
name: support
seed: 3
personas: [lisa, oscar]
stimuli:
  - think: My lamp has not arrived.
"""
OVER_HTTP = """
systems:
  - name: support-bot
    http:
      url: "{url}/chat"
      json: {{text: "{{{{ message }}}}", id: "{{{{ conversation }}}}", past: "{{{{ history }}}}"}}
      reply: answer
    timeout: 5
"""
ALONE = "world: {type: interviews, steps: 3}\n"

Answer = tuple[int, Any]
"""Status and body: text as it is, anything else as JSON."""


def echo(body: Any) -> Answer:
    return 200, {"answer": f"You said: {body['text']}"}


class Bot:
    """Listens on 127.0.0.1; `answer` makes status and body from what was sent."""

    def __init__(self, answer: Callable[[Any], Answer] = echo) -> None:
        self.received: list[Any] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.answer = answer
        bot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(size)) if size else None
                bot.received.append(body)
                bot.headers.append({name.lower(): value for name, value in self.headers.items()})
                bot.paths.append(self.path)
                status, content = bot.answer(body)
                data = (content if isinstance(content, str) else json.dumps(content)).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST  # noqa: N815 - the library calls it so

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def talking(to="support-bot"):
    """Have everyone speak to one listener, where that is possible, in words of their own."""

    def answer(body):
        schema = schema_of(body) or {}
        values = json.loads(answer_for(body)) if schema else {}
        if "to" not in schema.get("properties", {}):
            return json.dumps(values) if schema else "A model's reply."
        listeners = schema["properties"]["to"]["enum"]
        name = re.search(r"You are ([^\n]+)\. What do you", body["messages"][-1]["content"]).group(1)
        turn = sum(message["role"] == "assistant" for message in body["messages"]) + 1
        return json.dumps({**values, "to": to if to in listeners else listeners[0], "words": f"{name} asks {turn}"})

    return answer
