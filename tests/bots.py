"""A small HTTP bot in a thread of its own, that remembers what it was sent: `with Bot() as bot:`."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

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
