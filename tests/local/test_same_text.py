"""The same seed gives the same text, whatever else the machine does: threads are its only part that could tell."""

from __future__ import annotations

import asyncio
import os

import pytest

from tinytroupe_cli.api.pulling import pull
from tinytroupe_cli.models.local_engine import Engine, load_engine

pytest.importorskip("xllamacpp")

ASKED = "Write the next line of this transcript.\n\nThe interviewer: What did you have for dinner yesterday?\n\nLisa:"


def text_with(threads: int) -> str:
    engine = Engine(load_engine(pull("smollm2-135m", env=os.environ), context=1024, threads=threads))
    body = {
        "messages": [{"role": "system", "content": "Lisa cooks on Sundays. " * 20}, {"role": "user", "content": ASKED}],
        "max_tokens": 40,
        "temperature": 0.7,
        "seed": 5,
        "cache_prompt": True,
    }
    try:
        return asyncio.run(engine.ask(body)).text
    finally:
        engine.close()


@pytest.mark.local
@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core has one thread")
def test_a_text_is_the_same_with_one_thread_as_on_a_busy_machine_and_with_two() -> None:
    assert text_with(1) == text_with(2)
