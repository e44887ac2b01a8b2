"""Serves a viewer's pages on this machine, to the one who has its address.

A request must come to 127.0.0.1, name this machine as its host (so no web page can reach it under a name of its own,
DNS rebinding), and carry the key that is part of the address. Only GET and HEAD are answered, no other site may read
the answers, and nothing in a request becomes a path of a file.
"""

from __future__ import annotations

import hmac
import os
import secrets
import socketserver
import sys
import threading
import traceback
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from tinytroupe_cli.api.viewing.view_site import Reply, ViewSite
from tinytroupe_cli.core.errors import EnvironmentProblem
from tinytroupe_cli.reports.page_assets import content_policy

HOST: Final = "127.0.0.1"
ALLOWED_HOSTS: Final = ("127.0.0.1", "localhost", "[::1]")
"""What a browser on this machine, or behind a tunnel to it, calls this machine; the port is free, for tunnels."""
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
MAX_ADDRESS: Final = 2_000
PATIENCE: Final = 10
"""Seconds a connection may take to send its request."""
_NO_KEY: Final = b"This address lacks its key. Use the whole address that troupe printed.\n"
_NO_HOST: Final = b"This address is not served under that name. Use the address that troupe printed.\n"


class ViewServer:
    """A server with a key of its own; it ends with the process."""

    def __init__(self, site: ViewSite, port: int = 0) -> None:
        """Take a port (0: any that is free); raises `EnvironmentProblem` if it can't be had."""
        self.site = site
        self._key = secrets.token_urlsafe(24)
        self._openings: dict[str, str] = {}
        try:
            self._server = _Server((HOST, port), _handler_of(self))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            message = f"port {port} of this machine can't be used: {reason.lower()}"
            raise EnvironmentProblem(message, hint="choose another with --port, or leave it out") from error

    @property
    def port(self) -> int:
        """Return the port it listens on."""
        return self._server.server_address[1]

    def address(self, path: str = "") -> str:
        """Return the address of a page, with the key."""
        return f"http://{HOST}:{self.port}/{self._key}/{path}"

    def opening_address(self, path: str = "") -> str:
        """Return an address that leads to a page once: other users of the machine can see a browser's arguments."""
        code = secrets.token_urlsafe(24)
        self._openings[code] = path
        return f"http://{HOST}:{self.port}/open/{code}"

    def start(self) -> None:
        """Serve in the background."""
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def reply(self, address: str) -> Reply:
        """Return the reply to a request whose host is allowed."""
        split = urlsplit(address)
        first, *parts = [unquote(part) for part in split.path.removeprefix("/").split("/")]
        if first == "open" and len(parts) == 1:
            to = self._openings.pop(parts[0], None)
            return Reply(403, _NO_KEY) if to is None else Reply(303, to=f"/{self._key}/{to}")
        if not parts or not hmac.compare_digest(first.encode(), self._key.encode()):
            return Reply(403, _NO_KEY)
        return self.site.reply(parts, dict(parse_qsl(split.query)))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = os.name != "nt"  # there it would let two processes share a port

    def server_bind(self) -> None:
        """Bind, without asking the network for this machine's name."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of browsers that break off."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


def _handler_of(server: ViewServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE

        def do_GET(self) -> None:
            self._answer(has_body=True)

        def do_HEAD(self) -> None:
            self._answer(has_body=False)

        def do_other(self) -> None:
            """Refuse a method that could change something."""
            self._send(Reply(405, b"Only GET and HEAD are answered.\n"), has_body=True)

        do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_other  # noqa: N815 - names of the base class

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - a name of the base class
            """Keep the terminal for the run."""

        def version_string(self) -> str:
            return "troupe"

        def _answer(self, *, has_body: bool) -> None:
            self._send(self._reply(), has_body=has_body)

        def _send(self, reply: Reply, *, has_body: bool) -> None:
            self.send_response(reply.status)
            for name, value in _headers(reply).items():
                self.send_header(name, value)
            self.end_headers()
            if has_body:
                self.wfile.write(reply.body)

        def _reply(self) -> Reply:
            hosts = self.headers.get_all("Host") or []
            if len(hosts) != 1 or _without_port(hosts[0]) not in ALLOWED_HOSTS:
                return Reply(403, _NO_HOST)
            if len(self.path) > MAX_ADDRESS:
                return Reply(404, b"There is no such page.\n")
            try:
                return server.reply(self.path)
            except Exception as error:  # noqa: BLE001 - the edge: whatever is left is a bug of ours
                text = "".join(traceback.format_exception(error))
                return Reply(500, f"This is a bug in troupe; please report it.\n\n{text}".encode())

    return Handler


def _headers(reply: Reply) -> dict[str, str]:
    policy = content_policy(reply.page) if reply.page else "default-src 'none'"
    return {
        **HEADERS,
        "Content-Security-Policy": f"{policy}; frame-ancestors 'none'",
        "Content-Type": reply.kind,
        "Content-Length": str(len(reply.body)),
        **({"Location": reply.to} if reply.to else {}),
        **({"Allow": "GET, HEAD"} if reply.status == HTTPStatus.METHOD_NOT_ALLOWED else {}),
    }


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name.lower() if colon and port.isdigit() else host.lower()
