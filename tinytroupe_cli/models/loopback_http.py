"""Sends one GET to a server on this machine. Refuses other addresses; follows no redirect."""

from __future__ import annotations

import asyncio
import http.client
import io
import json
from dataclasses import dataclass
from typing import Any, Final, cast

from tinytroupe_cli.models.servers import host_and_port, is_loopback

MAX_BYTES: Final = 4_000_000
"""Limit of a reply in bytes; the rest is not read."""


@dataclass(frozen=True, slots=True)
class HttpReply:
    """What a server answered."""

    status: int
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON; None for anything else."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


async def get(address: str, path: str) -> HttpReply | None:
    """Ask for a path; None where the reply is no HTTP. Raises `OSError` where nothing listens, `ValueError` elsewhere.

    Waits as long as the server takes: the caller bounds the time. Goes by no proxy.
    """
    place = host_and_port(address)
    if place is None or not is_loopback(address):
        raise ValueError(f"{address} is not on this machine")
    host, port = place
    reader, writer = await asyncio.open_connection(host, port)
    try:
        name = f"[{host}]" if ":" in host else host
        lines = (f"GET {path} HTTP/1.1", f"Host: {name}:{port}", "Accept: application/json", "Connection: close")
        writer.write("\r\n".join((*lines, "", "")).encode("ascii", "replace"))
        await writer.drain()
        return _parsed(await _all_of(reader))
    finally:
        writer.close()


async def _all_of(reader: asyncio.StreamReader) -> bytes:
    parts: list[bytes] = []
    size = 0
    while size < MAX_BYTES and (part := await reader.read(65_536)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


class _Received:
    """Replaces a socket for `http.client`, which reads status, headers and chunks from it."""

    def __init__(self, received: bytes) -> None:
        self._received = received

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._received)


def _parsed(received: bytes) -> HttpReply | None:
    response = http.client.HTTPResponse(cast("Any", _Received(received)))
    try:
        response.begin()
        return HttpReply(response.status, response.read())
    except (http.client.HTTPException, ValueError, OSError):
        return None
