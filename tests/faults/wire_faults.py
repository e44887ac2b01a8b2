"""Faults below HTTP: answers that break off, trickle or are something else, and places where nobody answers."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, Final

from aiohttp import web

Answer = Mapping[str, Any]
Serve = Callable[[web.Request, Answer], Awaitable[web.StreamResponse]]
_HEAD: Final = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_WHOLE: Final = f"{_HEAD}Content-Length: LENGTH\r\n\r\n"


def _written(head: str, body: Callable[[bytes], bytes], *, then: str = "close") -> Serve:
    """Write bytes to the connection, and close it, reset it or leave it open."""

    async def serve(request: web.Request, answer: Answer) -> web.StreamResponse:
        transport = request.transport
        if transport is not None:
            data = json.dumps(answer).encode()
            transport.write(head.replace("LENGTH", str(len(data))).encode() + body(data))
            await asyncio.sleep(0.05)
            if then == "stall":
                await asyncio.sleep(600)
            if then == "reset":
                transport.abort()
            transport.close()
        return web.Response()

    return serve


async def _trickled(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Send a byte a second."""
    data = json.dumps(answer).encode()
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(data))})
    with suppress(ConnectionError):
        await response.prepare(request)
        for number in range(len(data)):
            await response.write(data[number : number + 1])
            await asyncio.sleep(1)
    return response


def _told(body: Callable[[Answer], bytes], *, status: int = 200, **headers: str) -> Serve:
    """Answer with other bytes."""

    async def serve(_request: web.Request, answer: Answer) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, body=body(answer), headers={"Content-Type": "application/json", **named})

    return serve


def _changed(**parts: Any) -> Serve:
    return _told(lambda answer: json.dumps({**answer, **parts}).encode())


def _choice(answer: Answer, **parts: Any) -> bytes:
    return json.dumps({**answer, "choices": [{**answer["choices"][0], **parts}]}).encode()


def _as_events(answer: Answer) -> bytes:
    return b"data: " + json.dumps(answer).encode() + b"\n\ndata: [DONE]\n\n"


async def _redirected(request: web.Request, _answer: Answer) -> web.StreamResponse:
    return web.Response(status=307, headers={"Location": str(request.url)})


_CALLS = {"role": "assistant", "content": None, "tool_calls": [
    {"id": "1", "type": "function", "function": {"name": "rm", "arguments": "{}"}}
]}  # fmt: skip
_LONG = {"role": "assistant", "content": "so " * 3_500_000}
_USUAL = {"always": (4,), "once": (0,)}
_FINE = {"always": (0,), "once": (0,), "is_stored": True}
_STORED = {"always": (4,), "once": (0, 4), "is_stored": True}
_HELD = {"always": (4, 5), "once": (0, 5)}
SERVED: Final[dict[str, tuple[Serve, dict[str, Any]]]] = {
    "reset before headers": (_written("", lambda _data: b"", then="reset"), _USUAL),
    "reset after headers": (_written(_WHOLE, lambda _data: b"", then="reset"), _USUAL),
    "half a body": (_written(_WHOLE, lambda data: data[: len(data) // 2]), _USUAL),
    "length too small": (_written(f"{_HEAD}Content-Length: 40\r\n\r\n", lambda data: data), _USUAL),
    "length too large": (_written(f"{_HEAD}Content-Length: 99999\r\n\r\n", lambda data: data), _USUAL),
    "chunks end early": (
        _written(f"{_HEAD}Transfer-Encoding: chunked\r\n\r\n", lambda data: b"%x\r\n" % len(data) + data[:50]),
        _USUAL,
    ),
    "garbage for chunks": (_written(f"{_HEAD}Transfer-Encoding: chunked\r\n\r\n", lambda _data: b"zz\r\nxx"), _USUAL),
    "no HTTP": (_written("SSH-2.0-OpenSSH_9.6\r\n", lambda _data: b""), _USUAL),
    "headers stall": (_written("HTTP/1.1 200 OK\r\nContent-", lambda _data: b"", then="stall"), _HELD),
    "body stalls": (_written(f"{_HEAD}Content-Length: 999\r\n\r\n", lambda data: data[:9], then="stall"), _HELD),
    "a byte a second": (_trickled, _HELD),
    "gzip garbage": (_told(lambda _answer: b"no gzip" * 9, Content_Encoding="gzip"), _USUAL),
    "gzip": (_told(lambda answer: gzip.compress(json.dumps(answer).encode()), Content_Encoding="gzip"), _FINE),
    "a page": (_told(lambda _answer: b"<html><body>Sign in</body></html>", Content_Type="text/html"), _USUAL),
    "empty": (_told(lambda _answer: b""), _USUAL),
    "half JSON": (_told(lambda answer: json.dumps(answer).encode()[:60]), _USUAL),
    "a list": (_told(lambda _answer: b"[1, 2]"), _USUAL),
    "null": (_told(lambda _answer: b"null"), _USUAL),
    "no choices": (_changed(choices=[]), _USUAL),
    "choices null": (_changed(choices=None), _USUAL),
    "message null": (_told(lambda answer: _choice(answer, message=None)), _USUAL),
    "unasked tool calls": (_told(lambda answer: _choice(answer, message=_CALLS)), _STORED),
    "content a list": (
        _told(lambda answer: _choice(answer, message={"role": "assistant", "content": [{"type": "x", "y": 1}]})),
        {"always": (4,), "once": (0, 4), "is_stored": True},
    ),
    "events": (_told(_as_events, Content_Type="text/event-stream"), _USUAL),
    "10 MB": (_told(lambda answer: _choice(answer, message=_LONG)), _STORED),
    "10 MB of headers": (_written("HTTP/1.1 200 OK\r\nX: " + "x" * 10_000_000 + "\r\n\r\n", lambda data: data), _USUAL),
    "redirected for ever": (_redirected, {"always": (4,), "once": (0, 4)}),
    "no fields but choices": (_told(lambda answer: json.dumps({"choices": answer["choices"]}).encode()), _FINE),
    "error in a 200": (_told(lambda _answer: b'{"error": {"message": "overloaded", "code": 529}}'), _USUAL),
}  # fmt: skip
"""Name: how it is served, and how a run may end (see `ProviderFault`)."""


@contextmanager
def _nobody_accepts() -> Iterator[str]:
    """A port whose queue of connections is full: connecting takes for ever."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        port = server.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        yield f"http://127.0.0.1:{port}/v1"
        for one in waiting:
            one.close()


@contextmanager
def _silent() -> Iterator[str]:
    """A port that accepts and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"


@contextmanager
def _nobody_listens() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    yield f"http://127.0.0.1:{port}/v1"


@contextmanager
def _no_such_name() -> Iterator[str]:
    yield "http://no-such-host.localhost.invalid/v1"


@contextmanager
def _plain_for_tls() -> Iterator[str]:
    """A port that speaks no TLS."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"https://127.0.0.1:{server.getsockname()[1]}/v1"


PLACES: Final[dict[str, Callable[[], AbstractContextManager[str]]]] = {
    "nobody accepts": _nobody_accepts,
    "silent": _silent,
    "nobody listens": _nobody_listens,
    "no such name": _no_such_name,
    "plain for TLS": _plain_for_tls,
}
