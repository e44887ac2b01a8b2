"""The model hub, as a fake over real HTTP on loopback: `with FakeHub() as hub`, and HF_ENDPOINT is `hub.address`.

Answers as the real one does: HEAD tells size and hash and redirects, GET redirects to where the bytes lie, in ranges.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass
class Listed:
    """A file as the hub tells of it."""

    bytes: int
    sha256: str
    content: bytes = b""


class FakeHub(ThreadingHTTPServer):
    """Serves the files it is given, until something is made to go wrong."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.host = f"127.0.0.1:{self.server_port}"
        self.files: dict[str, Listed] = {}
        self.asked: list[str] = []
        """Method and path of each request."""
        self.ranges: list[str] = []
        self.refuses: tuple[int, str] | None = None
        """A status and an X-Error-Code."""
        self.breaks_after: int | None = None
        """Bytes after which the connection ends."""
        self.seconds = 0.0
        """It waits before it answers."""
        self.bearers: list[str] = []

    def give(self, path: str, content: bytes) -> None:
        """Put a file there: `owner/repository/file.gguf`."""
        self.tell_of(path, size=len(content), sha256=hashlib.sha256(content).hexdigest())
        self.files[path].content = content

    def tell_of(self, path: str, *, size: int, sha256: str) -> None:
        """List a file without its bytes."""
        self.files[path] = Listed(size, sha256)

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, *_: Any) -> None:
        """Say nothing: who asked has hung up."""


class _Handler(BaseHTTPRequestHandler):
    server: FakeHub

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        listed = self._listed()
        if listed is not None:
            self._redirect(listed)

    def do_GET(self) -> None:
        listed = self._listed()
        if listed is None:
            return
        if not self.path.startswith("/blob/"):
            self._redirect(listed)
            return
        asked = self.headers["Range"]
        self.server.ranges.append(asked)
        start = int(re.findall(r"\d+", asked)[0])
        self.send_response(206)
        self.send_header("Content-Length", str(listed.bytes - start))
        self.end_headers()
        stop = self.server.breaks_after
        self.wfile.write(listed.content[start : None if stop is None else start + stop])

    def _listed(self) -> Listed | None:
        hub = self.server
        hub.asked.append(f"{self.command} {self.path}")
        hub.bearers.append(self.headers.get("Authorization", ""))
        time.sleep(hub.seconds)
        if hub.refuses is not None:
            self._refuse(*hub.refuses)
            return None
        listed = hub.files.get(re.sub(r"/resolve/[^/]+", "", self.path).removeprefix("/blob").lstrip("/"))
        if listed is None:
            self._refuse(404, "EntryNotFound")
        return listed

    def _refuse(self, status: int, code: str) -> None:
        self.send_response(status)
        self.send_header("X-Error-Code", code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _redirect(self, listed: Listed) -> None:
        self.send_response(302)
        path = re.sub(r"/resolve/[^/]+", "", self.path)
        self.send_header("Location", f"/blob{path}")
        self.send_header("X-Linked-Size", str(listed.bytes))
        self.send_header("X-Linked-Etag", f'"{listed.sha256}"')
        self.send_header("Content-Length", "0")
        self.end_headers()
