"""An OpenAI-compatible provider with a latency, in a process of its own; fast enough not to bind a benchmark.

    python tests/benchmarks/latency_provider.py

Prints its address. The latency is part of the path, `/LATENCY/SPREAD/v1/chat/completions`, in seconds; with a spread it
is lognormal around that mean, drawn from the request alone, so equal requests take equally long. `GET /log` returns a
line of JSON per request, in order of arrival, and forgets them.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import json
import math
import re
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import provider

NORMAL = statistics.NormalDist()
LOG: list[dict[str, Any]] = []
SPOKEN = ("held_out_answers.yaml", "spoken_answers.yaml", "unseen_answers.yaml")
"""Their words are those that people here say: with few words, everybody would seem to repeat themselves."""


class Connection(asyncio.Protocol):
    """Reads requests from one connection, one after another, as HTTP/1.1 clients send them."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self._read = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._read[:end]).decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
            size = int(headers.get("content-length", 0))
            if len(self._read) < end + 4 + size:
                return
            body = bytes(self._read[end + 4 : end + 4 + size])
            del self._read[: end + 4 + size]
            self._answer(head[0].split(" ")[1], body)

    def _answer(self, path: str, body: bytes) -> None:
        if path == "/log":
            self._send(b"\n".join(json.dumps(one).encode() for one in LOG))
            LOG.clear()
            return
        latency, spread = (float(part) for part in path.split("/")[1:3])
        if spread:
            chance = (int.from_bytes(hashlib.blake2b(body, digest_size=6).digest(), "big") + 0.5) / 2**48
            latency *= math.exp(spread * NORMAL.inv_cdf(chance) - spread**2 / 2)
        entry = {"arrived": time.perf_counter(), "latency": latency, "body": body.decode()}
        LOG.append(entry)
        asyncio.get_running_loop().call_later(latency, self._complete, json.loads(body), entry)

    def _complete(self, body: dict[str, Any], entry: dict[str, Any]) -> None:
        self._send(json.dumps(completion(body)).encode())
        entry["answered"] = time.perf_counter()

    def _send(self, body: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.transport.write(head.encode() + body)


def completion(body: dict[str, Any]) -> dict[str, Any]:
    """Answer with what fits the schema; the same request gets the same answer."""
    text = provider.answer_for(body)
    prompt, written = sum(len(str(message["content"])) for message in body["messages"]) // 4, len(text) // 4
    usage = {"prompt_tokens": prompt, "completion_tokens": written, "total_tokens": prompt + written}
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    named = {"id": "fake", "object": "chat.completion", "created": 0, "model": body["model"]}
    return named | {"choices": [choice], "usage": usage}


async def _serve() -> None:
    texts = "".join(Path(__file__).with_name(name).read_text() for name in SPOKEN)
    provider._WORDS[:] = sorted(set(re.findall(r"[a-z]{3,10}", texts)))  # pyright: ignore[reportPrivateUsage]
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", 0, backlog=1_024)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
