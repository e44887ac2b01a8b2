"""How long commands take that ask no model, and what the provider of these benchmarks can bear."""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.measuring import HERE, Bench, Figures, a_project, run_words
from benchmarks.workloads import workloads

COMMANDS = {"help": ("--help",), "check": ("check", "x.yaml"), "plan": ("plan", "x.yaml")}


def starting_times(bench: Bench, *, rounds: int = 5) -> Figures:
    """Return median seconds of whole processes; `cached` is W2 with all answers in the cache, and its reports."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        a_project(workloads()["W2"], bench, folder)
        bench.python("-m", "tinytroupe_cli", *run_words(bench), folder=folder)
        bench.log()
        times = {
            command: [bench.python("-m", "tinytroupe_cli", *words, folder=folder) for _ in range(rounds + 1)][1:]
            for command, words in COMMANDS.items()
        }
        times["cached"] = [_from_cache(bench, folder, number) for number in range(rounds + 1)][1:]
        asked = len(bench.log())
        marks = folder / "marks.json"
        bench.python(str(HERE / "timed_run.py"), str(marks), *run_words(bench, "--results", "watched"), folder=folder)
        modules = json.loads(marks.read_text())["modules"]
    assert not asked, "the later runs asked the model"
    return {name: statistics.median(found) for name, found in times.items()} | {
        "cached_imports_litellm": float("litellm" in modules)
    }


def _from_cache(bench: Bench, folder: Path, number: int) -> float:
    return bench.python("-m", "tinytroupe_cli", *run_words(bench, "--results", f"again-{number}"), folder=folder)


def provider_capacity(url: str, *, calls: int = 3_000, connections: int = 64) -> float:
    """Return the calls a second that the provider answers at no latency, over plain sockets."""
    return asyncio.run(_capacity(url, calls // connections, connections))


async def _capacity(url: str, each: int, connections: int) -> float:
    host, _, port = url.removeprefix("http://").partition(":")
    messages = [{"role": "system", "content": "You are Oscar. " * 100}, {"role": "user", "content": "What now?"}]
    schema = {"type": "object", "properties": {"thought": {"type": "string"}, "words": {"type": "string"}}}
    form = {"type": "json_schema", "json_schema": {"name": "turn", "schema": schema}}
    body = json.dumps({"model": "fake", "messages": messages, "response_format": form}).encode()
    head = f"POST /0/0/v1/chat/completions HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n\r\n".encode()

    async def one() -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        for _ in range(each):
            writer.write(head + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    return each * connections / (time.perf_counter() - began)
