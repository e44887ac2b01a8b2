"""The real smollm2-135m, in this process; fetched once into the user's cache (98 MB)."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from tinytroupe_cli.api import local_models
from tinytroupe_cli.api.pulling import pull
from tinytroupe_cli.core.errors import Rejected
from tinytroupe_cli.minds.script.coder import Coder, ToCode
from tinytroupe_cli.models.adaptations import Adaptations
from tinytroupe_cli.models.local_files import LocalFiles, user_models_folder
from tinytroupe_cli.models.local_provider import LocalProvider
from tinytroupe_cli.models.port import AnswerSchema, Completion, Message, ModelConfig, Purpose, Request, SampleKey
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.structured import Structured
from tinytroupe_cli.models.token_chances import MAX_ALTERNATIVES

pytestmark = pytest.mark.local

NAME = "smollm2-135m"
TEXT: dict[str, Any] = {"type": "string", "maxLength": 80}
TURN: dict[str, Any] = {
    "type": "object",
    "properties": {
        "thought": TEXT,
        "to": {"type": "string", "enum": ["Oscar", "everyone", "nobody"]},
        "words": TEXT,
        "feeling": TEXT,
    },
    "required": ["thought", "to", "words", "feeling"],
    "additionalProperties": False,
}
PERSONA = "You are Lisa, a data scientist from Toronto. You are curious, and blunt when bored. " * 6


class Live:
    """The provider, with one event loop for all tests."""

    def __init__(self, provider: LocalProvider, runner: asyncio.Runner) -> None:
        self.provider = provider
        self.runner = runner

    def ask(self, *requests: Request) -> list[Completion]:
        async def all_at_once() -> list[Completion]:
            return await asyncio.gather(*map(self.provider.complete, requests))

        return self.runner.run(all_at_once())


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    pytest.importorskip("xllamacpp")
    pull(NAME, env=os.environ)
    provider = LocalProvider(LocalFiles(user_models_folder()))
    with asyncio.Runner() as runner:
        yield Live(provider, runner)
        runner.run(provider.aclose())


def a_request(text: str = "What do you think of this TV?", *, system: str = PERSONA, **changes: Any) -> Request:
    request = Request(
        model=ModelConfig(name=f"local/{NAME}"),
        messages=(Message(role="system", content=system), Message(role="user", content=text)),
        max_tokens=40,
        purpose=Purpose(role="people"),
    )
    return request.model_copy(update=changes)


def test_a_constrained_answer_has_the_shape_and_the_order_asked_for(live: Live):
    schema = AnswerSchema(name="turn", body=TURN)

    [completion] = live.ask(a_request(answer=schema, form="native", max_tokens=600))

    answer = json.loads(completion.text)
    jsonschema.validate(answer, TURN)
    assert list(answer) == list(TURN["properties"])
    assert completion.finish == "stop"


def test_what_a_yes_or_no_comes_to_is_one_of_three_sentences_however_small_the_model(live: Live):
    coder = Coder(Structured(live.provider, PriceTable(), Adaptations()), ModelConfig(name=f"local/{NAME}"), 1, "r1")
    words = ["Yes, gladly!", "Never.", "Ask me again in spring."]

    found = [live.runner.run(coder.verdict(to_code(one))) for one in words]

    assert all(one in {True, False, None} for one in found), found


def to_code(words: str) -> ToCode:
    return ToCode("lisa", "Lisa", "Would you order it?", words, "", AnswerSchema.flat("answer", {}), 0, 1)


def test_the_chances_of_first_tokens_are_read_off_a_real_model(live: Live):
    question = "Answer in one letter. What is the capital of France? A: Paris. B: a carrot."
    request = a_request(question, system="You answer in one letter.", max_tokens=1, alternatives=MAX_ALTERNATIVES)

    first, again = live.ask(request), live.ask(request)

    chances = first[0].alternatives
    assert len(chances) > 1
    assert 0.2 < sum(chances.values()) <= 1.0001
    assert max(chances.values()) < 1
    assert chances == again[0].alternatives
    assert live.ask(request.model_copy(update={"alternatives": 0}))[0].alternatives == {}


def test_many_requests_at_once_are_all_answered(live: Live):
    completions = live.ask(*(a_request(f"Say the number {n}.") for n in range(6)))

    assert len(completions) == 6
    assert all(completion.text and completion.usage.completion > 0 for completion in completions)


def test_what_a_person_has_read_is_not_read_again(live: Live):
    system = "You are Oscar, an architect of sixty-one who distrusts advertising. " * 6
    live.ask(a_request("Good morning.", system=system))

    [second] = live.ask(a_request("And what would you pay for it?", system=system))

    assert second.usage.cached > 0.7 * second.usage.prompt


def test_equal_salts_repeat_the_answer_and_others_give_another(live: Live):
    texts = [live.ask(a_request(salt=SampleKey(seed=seed)))[0].text for seed in (6, 5, 5)]

    assert texts[1] == texts[2]
    assert texts[0] != texts[1]


def test_a_line_asked_for_again_does_not_repeat_the_prompt(live: Live):
    said = "The river behind our house froze twice in the winter of my tenth birthday."
    past = [Message(role="user", content="And then?"), Message(role="assistant", content=said)] * 4
    exact = a_request().model_copy(
        update={
            "model": ModelConfig(name=f"local/{NAME}", temperature=0),
            "messages": (*past, Message(role="user", content="And then?")),
        }
    )

    [copied] = live.ask(exact)
    [other] = live.ask(exact.model_copy(update={"unlike_before": 1}))

    assert said in copied.text
    assert other.text
    assert said not in other.text


def test_an_answer_cut_off_by_its_limit_says_so(live: Live):
    [completion] = live.ask(a_request("Tell a long story about the sea.", max_tokens=5))

    assert completion.finish == "length"
    assert completion.usage.completion == 5


def test_a_conversation_beyond_the_context_is_rejected_and_the_next_is_answered(live: Live):
    with pytest.raises(Rejected, match="too long for smollm2-135m here"):
        live.ask(a_request("word " * 9_000))

    assert live.ask(a_request())[0].text


def test_a_schema_the_library_does_not_know_is_rejected(live: Live):
    schema = AnswerSchema(name="turn", body={"type": "nonsense"})

    with pytest.raises(Rejected, match="nonsense"):
        live.ask(a_request(answer=schema, form="native"))


def test_trying_a_model_out_tells_what_it_said_and_how_fast(live: Live):
    tried = live.runner.run(local_models.measure_speed(NAME))

    assert tried.answer
    assert tried.written_per_second > 0


INTERRUPTED = """
    import asyncio
    import signal
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
    from tinytroupe_cli.api import local_models
    from tinytroupe_cli.models.port import *

    def ask(n):
        messages = (Message(role="user", content=f"Tell a very long story about {n} ships."),)
        use = ModelConfig(name="local/smollm2-135m")
        return Request(model=use, messages=messages, max_tokens=4000, purpose=Purpose(role="people"))

    async def main():
        provider = local_models.local_provider()
        await provider.warm_up("local/smollm2-135m")
        print("asking", flush=True)
        await asyncio.gather(*(provider.complete(ask(n)) for n in range(3)))

    asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a child there")
def test_an_interrupt_ends_the_process_promptly_and_without_a_crash(live: Live):
    assert live  # the model is here
    command = [sys.executable, "-c", textwrap.dedent(INTERRUPTED)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "asking\n"
        time.sleep(0.3)
        started = time.perf_counter()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)

    assert process.returncode == -signal.SIGINT
    assert said.rstrip().endswith("KeyboardInterrupt")
    assert time.perf_counter() - started < 5
