"""Sends the requests of a run again through LiteLLM alone, with a semaphore: the least that a run could cost.

    python tests/benchmarks/bare_loop.py MARKS.json BODIES.json URL CONCURRENCY

BODIES is a list of chains, each a list of rounds, each a list of bodies: chains go side by side, rounds one after
another, and the bodies of a round side by side. LiteLLM is set up as troupe sets it up, so it is no slower here.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from timed_run import peak_mib

from tinytroupe_cli.models import litellm_provider


async def main(chains: list[list[list[dict[str, Any]]]], url: str, concurrency: int) -> dict[str, Any]:
    """Send them all; return when the first was sent and the last answered, with seconds of CPU."""
    litellm = litellm_provider._imported()  # pyright: ignore[reportPrivateUsage] - the same set-up
    place = {"api_base": url, "api_key": "none", "max_retries": 0}
    with contextlib.suppress(Exception):
        await litellm.acompletion(model=f"openai/{chains[0][0][0]['model']}", messages=[], **place)
    slots = asyncio.Semaphore(concurrency)

    async def ask(body: dict[str, Any]) -> None:
        async with slots:
            await litellm.acompletion(**body | {"model": f"openai/{body['model']}"}, **place)

    async def follow(rounds: list[list[dict[str, Any]]]) -> None:
        for asked in rounds:
            await asyncio.gather(*(ask(body) for body in asked))

    began = [time.perf_counter(), time.process_time()]
    await asyncio.gather(*(follow(rounds) for rounds in chains))
    ended = [time.perf_counter(), time.process_time()]
    await litellm.close_litellm_async_clients()
    return {"asked": began, "played": ended, "peak": peak_mib()}


if __name__ == "__main__":
    marks = asyncio.run(main(json.loads(Path(sys.argv[2]).read_text()), sys.argv[3], int(sys.argv[4])))
    Path(sys.argv[1]).write_text(json.dumps(marks))
