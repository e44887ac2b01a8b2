"""A fake provider: OpenAI's chat endpoint over real HTTP on loopback.

In tests: `with FakeProvider() as fake:` and point `api_base` at `fake.url`. From outside:
`python tests/provider.py --port 0 --latency 0.2` prints its address;
`--fault rate_limited --fault cut` serves those first, `--often 0.2` serves them to a fifth of the requests.
Answers are a function of the request; `faults` are served first, one per request, and `often` anew.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import math
import re
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web
from vectors import vectors_for

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Fault:
    """Something other than an answer: a status with a body, text that is no JSON, or a connection cut short."""

    status: int = 500
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    raw: str | None = None
    raw_bytes: bytes | None = None
    serve: Callable[[web.Request, Mapping[str, Any]], Awaitable[web.StreamResponse]] | None = None
    """Answers the request by itself; it is handed the answer that would have been sent."""


def rate_limited(retry_after: float | None = None) -> Fault:
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return Fault(429, {"error": {"message": "Rate limit reached", "code": "rate_limit_exceeded"}}, headers)


QUOTA = Fault(429, {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}})
WRONG_KEY = Fault(401, {"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}})
NO_MODEL = Fault(404, {"error": {"message": "The model does not exist", "code": "model_not_found"}})
BROKEN = Fault(500, {"error": {"message": "The server had an error"}})
CUT = Fault(cut=True)
MALFORMED = Fault(200, raw='{"id": "fake", "choices": [{"mess')
NO_CHOICE = Fault(200, raw='{"id": "fake", "object": "chat.completion", "created": 0, "model": "m", "choices": []}')
FILTERED_BY_CODE = Fault(400, {"error": {"message": "filtered", "code": "content_filter", "type": "content_filter"}})
FILTERED_BY_WORDS = Fault(400, {"error": {"message": "The response was filtered by our content management policy."}})
NO_SCHEMA = Fault(
    400, {"error": {"message": "Invalid parameter: 'response_format' of type 'json_schema' is not supported"}}
)
TOO_LONG = Fault(400, {"error": {"message": "maximum context length is 10 tokens", "code": "context_length_exceeded"}})


def reply(content: str | None, *, finish: str = "stop", refusal: str | None = None) -> Fault:
    """An answer of the test's own making."""
    message = {"role": "assistant", "content": content, "refusal": refusal}
    return Fault(200, {"message": message, "finish": finish})


FILTERED_SILENTLY = reply(None, finish="content_filter")
CUT_OFF = reply('{"words": "I was about to sa', finish="length")
NO_SHAPE = reply('{"nothing": "that was asked for"}')

FAULTS = {
    "rate_limited": rate_limited(1),
    "broken": BROKEN,
    "cut": CUT,
    "malformed": MALFORMED,
    "no_choice": NO_CHOICE,
    "no_shape": NO_SHAPE,
    "cut_off": CUT_OFF,
    "refused": FILTERED_SILENTLY,
    "filtered": FILTERED_BY_CODE,
    "quota": QUOTA,
    "wrong_key": WRONG_KEY,
}
"""By the names the command line knows."""


class FakeProvider:
    """Listens on 127.0.0.1 in a thread of its own."""

    def __init__(
        self,
        *,
        latency: float = 0.0,
        faults: list[Fault] | None = None,
        often: float = 0.0,
        answer: Callable[[Body], str] | None = None,
        headers: Mapping[str, str] | None = None,
        port: int = 0,
        chances: Callable[[Body], Mapping[str, float]] | None = None,
    ) -> None:
        self.latency = latency
        self.faults = list(faults or [])
        self._often = (often, list(self.faults))
        self.requests: list[Body] = []
        self.answered: list[Body] = []
        self.sent: list[tuple[Body, float]] = []
        """What was answered to the last byte, and when, by `time.perf_counter()`."""
        self.embedded: list[Body] = []
        self.keys: list[str] = []
        self.most_at_once = 0
        self.url = ""
        self._answer = answer or answer_for
        self._headers = dict(headers or {})
        self._port = port
        self._chances = chances
        self._now = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._runner.cleanup())
        self._loop.run_until_complete(self._left())
        self._loop.close()

    async def _left(self) -> None:
        """End the requests that nobody waits for any more."""
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=1)

    async def _start(self) -> None:
        app = web.Application(client_max_size=2**26)
        app.router.add_post("/v1/chat/completions", self._chat_sent)
        app.router.add_post("/v1/embeddings", self._embeddings)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        listening = socket.create_server(("127.0.0.1", self._port))
        await web.SockSite(self._runner, listening).start()
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}/v1"

    async def _chat_sent(self, request: web.Request) -> web.StreamResponse:
        """Answer, and note when the answer had been written whole."""
        answered = len(self.answered)
        response = await self._chat(request)
        body = await request.json()
        if len(self.answered) > answered and response.status == 200 and not response.prepared:
            with contextlib.suppress(ConnectionError):  # whoever asked has gone
                await response.prepare(request)
                await response.write_eof()
                self.sent.append((body, time.perf_counter()))
        return response

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        self.keys.append(request.headers.get("Authorization", ""))
        fault = self._fault()
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            await asyncio.sleep(self.latency)
        finally:
            self._now -= 1
        if fault is not None and fault.serve is not None:
            message = {"role": "assistant", "content": self._answer(body)}
            return await fault.serve(request, _completion(body, message, "stop"))
        if fault is not None and fault.cut and request.transport is not None:
            request.transport.abort()
            return web.Response()
        if fault is not None and fault.raw_bytes is not None:
            return web.Response(body=fault.raw_bytes, content_type="application/json")
        if fault is not None and fault.raw is not None:
            return web.Response(text=fault.raw, content_type="application/json", status=fault.status)
        if fault is not None and fault.status != 200:
            return web.json_response(fault.body, status=fault.status, headers=dict(fault.headers))
        self.answered.append(body)
        message = {"role": "assistant", "content": self._answer(body)}
        finish = "stop"
        if fault is not None and "message" in fault.body:
            message, finish = fault.body["message"], fault.body["finish"]
        written = _completion(body, message, finish)
        if fault is not None and "usage" in fault.body:
            written["usage"] = fault.body["usage"]
        if body.get("logprobs") and self._chances is not None:
            written["choices"][0]["logprobs"] = _logprobs(self._chances(body))
        return web.json_response(written, headers=self._headers)

    async def _embeddings(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        fault = self._fault()
        self.embedded.append(body)
        if fault is not None:
            return web.json_response(fault.body, status=fault.status, headers=dict(fault.headers))
        return web.json_response(vectors_for(body))

    def _fault(self) -> Fault | None:
        share, faults = self._often
        if share and faults:
            count = len(self.requests)
            return faults[count % len(faults)] if _number(str(count)) % 1000 < share * 1000 else None
        return self.faults.pop(0) if self.faults else None


def _logprobs(chances: Mapping[str, float]) -> dict[str, Any]:
    """Return the chances of the first token as OpenAI does."""
    top = [{"token": token, "logprob": math.log(chance), "bytes": None} for token, chance in chances.items()]
    return {"content": [{**top[0], "top_logprobs": top}], "refusal": None}


def _completion(body: Body, message: Mapping[str, Any], finish: str) -> dict[str, Any]:
    prompt = sum(len(str(item["content"])) for item in body["messages"]) // 4
    written = len(message["content"] or "") // 4
    return {
        "id": "fake",
        "object": "chat.completion",
        "created": 0,
        "model": body["model"],
        "system_fingerprint": "fp_fake",
        "choices": [{"index": 0, "message": dict(message), "finish_reason": finish}],
        "usage": {"prompt_tokens": prompt, "completion_tokens": written, "total_tokens": prompt + written},
    }


def answer_for(body: Body) -> str:
    """Fill the schema that was asked for with values that depend on the request alone."""
    schema = schema_of(body)
    seed = json.dumps([body["messages"], body.get("seed")], sort_keys=True)
    return _sentence(seed) if schema is None else json.dumps(_value(schema, seed), ensure_ascii=False)


def schema_of(body: Body) -> Mapping[str, Any] | None:
    """Find the schema in the response format or, failing that, in the last message."""
    form = body.get("response_format") or {}
    if form.get("type") == "json_schema":
        return form["json_schema"]["schema"]
    for message in reversed(body["messages"]):
        found = re.search(r"JSON Schema:\n(\{.*\})", str(message["content"]))
        if found:
            return json.loads(found.group(1))
    return None


def _value(schema: Mapping[str, Any], seed: str) -> Any:
    if "enum" in schema:
        return schema["enum"][_number(seed) % len(schema["enum"])]
    kinds = schema.get("type", "string")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    match kind:
        case "object":
            parts: Mapping[str, Any] = schema.get("properties", {})
            return {name: _short(_value(part, seed + name), name) for name, part in parts.items()}
        case "array":
            return [_value(schema.get("items", {}), seed + str(n)) for n in range(schema.get("minItems", 2))]
        case "integer" | "number":
            low, high = schema.get("minimum", 1), schema.get("maximum", 7)
            return low + _number(seed) % (int(high - low) + 1)
        case "boolean":
            return _number(seed) % 2 == 0
        case "null":
            return None
        case _:
            return _sentence(seed)


def _short(value: Any, name: str) -> Any:
    """Feelings and goals take a few words, as people are asked to give them."""
    return " ".join(value.split()[:3]) if name in ("feeling", "goal") else value


_WORDS = [
    "well",
    "the",
    "price",
    "seems",
    "fair",
    "but",
    "my",
    "kitchen",
    "is",
    "small",
    "and",
    "we",
    "rarely",
    "cook",
    "on",
    "weekdays",
    "so",
    "maybe",
    "later",
]


def _sentence(seed: str) -> str:
    start = _number(seed)
    words = [_WORDS[(start >> (3 * n)) % len(_WORDS)] for n in range(8 + start % 9)]
    return " ".join(words).capitalize() + "."


def _number(seed: str) -> int:
    return int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=8).digest(), "big")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--fault", action="append", choices=sorted(FAULTS), default=[])
    parser.add_argument(
        "--often", type=float, default=0.0, help="share of requests that meet a fault; 0: the first ones"
    )
    options = parser.parse_args()
    faults = [FAULTS[name] for name in options.fault]
    with FakeProvider(latency=options.latency, faults=faults, often=options.often, port=options.port) as fake:
        print(fake.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
