from __future__ import annotations

import asyncio

import pytest
from stacks import a_request

from tinytroupe_cli.core.errors import Transient
from tinytroupe_cli.models.gate import Gate
from tinytroupe_cli.models.port import Completion, ModelConfig, Request

USE = ModelConfig(name="openai/gpt-4o-mini", timeout=0.05)


class Slow:
    """Answers after some seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    async def complete(self, request: Request) -> Completion:
        await asyncio.sleep(self.seconds)
        return Completion(text=request.model.name)


def test_an_attempt_has_its_timeout_however_slowly_the_reply_comes() -> None:
    with pytest.raises(Transient, match=r"no complete reply within 0\.05 s"):
        asyncio.run(Gate(Slow(60)).complete(a_request(USE)))


def test_a_model_on_this_machine_takes_as_long_as_it_takes() -> None:
    use = USE.model_copy(update={"name": "local/smollm2-135m"})
    assert asyncio.run(Gate(Slow(0.1)).complete(a_request(use))).text == "local/smollm2-135m"


def test_a_closed_gate_lets_in_flight_calls_end_and_no_new_ones_begin() -> None:
    use = USE.model_copy(update={"timeout": 60.0})

    async def closing() -> tuple[str, bool]:
        gate = Gate(Slow(0.05))
        under_way = asyncio.ensure_future(gate.complete(a_request(use)))
        await asyncio.sleep(0)
        gate.close()
        late = asyncio.ensure_future(gate.complete(a_request(use)))
        await gate.drained()
        await asyncio.sleep(0)
        late_is_done = late.done()
        late.cancel()
        return (await under_way).text, late_is_done

    assert asyncio.run(closing()) == ("openai/gpt-4o-mini", False)
