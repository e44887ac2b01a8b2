"""The whole stack against real HTTP, through the real LiteLLM."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from provider import (
    BROKEN,
    CUT,
    FILTERED_BY_CODE,
    FILTERED_BY_WORDS,
    FILTERED_SILENTLY,
    MALFORMED,
    NO_CHOICE,
    NO_MODEL,
    NO_SCHEMA,
    QUOTA,
    TOO_LONG,
    WRONG_KEY,
    FakeProvider,
    Fault,
    rate_limited,
    reply,
)
from stacks import Stack, a_request

from tinytroupe_cli.core.errors import BadOutput, Fatal, ProviderRefused, Rejected, Transient
from tinytroupe_cli.models.port import ModelConfig


def play(fake: FakeProvider, work: Callable[[Stack], Coroutine[Any, Any, Any]], **options: Any) -> Any:
    async def all_of_it() -> Any:
        async with Stack(fake.url, **options) as stack:
            return await work(stack)

    return asyncio.run(all_of_it())


def ask(stack: Stack) -> Coroutine[Any, Any, Any]:
    return stack.chat.complete(a_request(stack.use))


def test_an_answer_has_the_shape_that_was_asked_for_and_its_tokens() -> None:
    with FakeProvider() as fake:
        completion = play(fake, ask)
    assert set(completion.value) == {"to", "words"}
    assert completion.usage.prompt > 0
    assert completion.fingerprint == "fp_fake"


def test_equal_requests_at_once_are_asked_once() -> None:
    async def five(stack: Stack) -> list[Any]:
        return await asyncio.gather(*(ask(stack) for _ in range(5)))

    with FakeProvider(latency=0.05) as fake:
        answers = play(fake, five)
    assert len(fake.requests) == 1
    assert len({answer.text for answer in answers}) == 1


def test_a_429_waits_as_long_as_the_provider_says_and_costs_one_more_request() -> None:
    async def timed(stack: Stack) -> float:
        await ask(stack)
        return stack.clock.seconds()

    with FakeProvider(faults=[rate_limited(7)]) as fake:
        waited = play(fake, timed)
    assert len(fake.requests) == 2
    assert 7 <= waited < 15


@pytest.mark.parametrize(
    "fault",
    [BROKEN, CUT, MALFORMED, NO_CHOICE],
    ids=["a 500", "a cut connection", "a body that is no JSON", "an answer without one"],
)
def test_a_passing_fault_is_tried_again_by_one_layer_alone(fault: Fault) -> None:
    with FakeProvider(faults=[fault, fault]) as fake:
        completion = play(fake, ask)
    assert completion.value is not None
    assert len(fake.requests) == 3


def test_patience_ends_after_so_many_attempts() -> None:
    with FakeProvider(faults=[BROKEN] * 9) as fake, pytest.raises(Transient):
        play(fake, ask, attempts=4)
    assert len(fake.requests) == 4


@pytest.mark.parametrize(
    "fault",
    [FILTERED_BY_CODE, FILTERED_BY_WORDS, FILTERED_SILENTLY, reply(None, refusal="I can't help with that.")],
    ids=["by code", "by words", "silently", "by the model"],
)
def test_a_refusal_in_any_shape_is_refused_stored_and_never_asked_again(fault: Fault) -> None:
    async def twice(stack: Stack) -> None:
        for _ in range(2):
            with pytest.raises(ProviderRefused):
                await ask(stack)

    with FakeProvider(faults=[fault]) as fake:
        play(fake, twice)
    assert len(fake.requests) == 1


@pytest.mark.parametrize("fault", [QUOTA, WRONG_KEY, NO_MODEL], ids=["no quota", "a wrong key", "no such model"])
def test_what_can_never_work_is_fatal_at_once(fault: Fault) -> None:
    with FakeProvider(faults=[fault]) as fake, pytest.raises(Fatal) as failure:
        play(fake, ask)
    assert failure.value.hint
    assert len(fake.requests) == 1


def test_a_prompt_that_is_too_long_is_rejected_without_another_try() -> None:
    with FakeProvider(faults=[TOO_LONG]) as fake, pytest.raises(Rejected):
        play(fake, ask)
    assert len(fake.requests) == 1


def test_broken_json_is_mended_here_or_asked_for_once_more() -> None:
    faults = [reply("I would rather not use JSON."), reply('{"to": "Oscar", "words": "yes"}')]
    with FakeProvider(faults=faults) as fake:
        completion = play(fake, ask)
    assert completion.value == {"to": "Oscar", "words": "yes"}
    assert len(fake.requests) == 2
    assert "not a JSON object" in fake.requests[1]["messages"][-1]["content"]


def test_small_damage_is_repaired_without_a_second_call() -> None:
    with FakeProvider(faults=[reply('```json\n{"to": "Oscar", "words": "yes",}\n```')]) as fake:
        completion = play(fake, ask)
    assert completion.value == {"to": "Oscar", "words": "yes"}
    assert len(fake.requests) == 1


def test_a_reply_that_breaks_the_schema_twice_is_bad_output_and_both_are_stored() -> None:
    async def twice(stack: Stack) -> None:
        for _ in range(2):
            with pytest.raises(BadOutput, match="words"):
                await ask(stack)

    with FakeProvider(faults=[reply('{"to": "Oscar"}'), reply('{"to": "Oscar", "words": {"loud": true}}')]) as fake:
        play(fake, twice)
    assert len(fake.requests) == 2


def test_a_reply_cut_off_at_its_limit_says_so() -> None:
    cut = reply('{"to": "Oscar", "wor', finish="length")
    with FakeProvider(faults=[cut, cut]) as fake, pytest.raises(BadOutput) as failure:
        play(fake, ask)
    assert failure.value.is_cut_off
    first, again = fake.requests
    assert again["max_tokens"] >= 4 * first["max_tokens"]


BODY = '{"id": "x", "object": "chat.completion", "created": 0, "model": "m", "choices": [%s], "usage": {}}'


@pytest.mark.parametrize(
    "fault",
    [
        Fault(200, raw_bytes=b'{"id": "x", "choices": [{"message": {"content": "\xff\xfe"}}]}'),
        Fault(200, raw=BODY % ("[" * 100_000 + "]" * 100_000)),
        Fault(200, raw=BODY % ("9" * 5000)),
    ],
    ids=["no UTF-8", "too deep", "too long a number"],
)
def test_a_reply_whose_bytes_cannot_be_read_is_a_bad_reply_asked_for_once_more(fault: Fault) -> None:
    with FakeProvider(faults=[fault, fault]) as fake, pytest.raises(BadOutput):
        play(fake, ask)
    assert len(fake.requests) == 2
    with FakeProvider(faults=[fault, reply('{"to": "Oscar", "words": "yes"}')]) as fake:
        assert play(fake, ask).value == {"to": "Oscar", "words": "yes"}


def test_a_name_outside_an_open_enum_is_accepted() -> None:
    with FakeProvider(faults=[reply('{"to": "Oskar", "words": "yes"}')]) as fake:
        completion = play(fake, ask)
    assert completion.value["to"] == "Oskar"


def test_a_provider_without_schemas_is_asked_in_json_mode_and_remembered() -> None:
    async def two(stack: Stack) -> None:
        await ask(stack)
        await stack.chat.complete(a_request(stack.use, text="another"))

    with FakeProvider(faults=[NO_SCHEMA]) as fake:
        play(fake, two)
    forms = [request.get("response_format", {}).get("type") for request in fake.requests]
    assert forms == ["json_schema", "json_object", "json_object"]
    assert "JSON Schema" in fake.requests[2]["messages"][-1]["content"]


@pytest.mark.parametrize(("rung", "form"), [("native", "json_schema"), ("json", "json_object"), ("prompt", None)])
def test_a_rung_can_be_forced(rung: str, form: str | None) -> None:
    with FakeProvider() as fake:
        play(fake, ask, structured=rung)
    assert fake.requests[0].get("response_format", {}).get("type") == form


def test_samples_are_asked_anew_and_carry_their_own_seed() -> None:
    async def two(stack: Stack) -> list[Any]:
        return [await stack.chat.complete(a_request(stack.use, sample=sample)) for sample in (0, 1)]

    with FakeProvider() as fake:
        play(fake, two)
    assert len({request["seed"] for request in fake.requests}) == 2


def test_an_attempt_that_takes_too_long_is_given_up_and_tried_again() -> None:
    async def hurried(stack: Stack) -> None:
        use = stack.use.model_copy(update={"timeout": 0.1})
        await stack.chat.complete(a_request(use))

    with FakeProvider(latency=1.0) as fake, pytest.raises(Transient):
        play(fake, hurried, attempts=2)
    assert len(fake.requests) == 2


def test_a_provider_that_faults_often_is_asked_until_all_is_answered_and_no_request_is_lost() -> None:
    async def many(stack: Stack) -> int:
        asked = (stack.chat.complete(a_request(stack.use, text=str(n))) for n in range(40))
        await asyncio.gather(*asked)
        return stack.ledger.snapshot().retries

    with FakeProvider(faults=[rate_limited(1), BROKEN, CUT], often=0.2) as fake:
        retries = play(fake, many)
    assert retries > 0
    assert len(fake.requests) == 40 + retries


def test_a_provider_that_tells_no_tokens_still_uses_up_the_limit() -> None:
    message = {"role": "assistant", "content": json.dumps({"to": "Lisa", "words": "No."})}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    body = {"id": "x", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
    told_nothing = Fault(200, raw=json.dumps(body))
    with FakeProvider(faults=[told_nothing]) as fake:
        completion = play(fake, ask)
    assert completion.usage.prompt > 0
    assert completion.usage.completion > 0


@pytest.mark.parametrize(
    ("model", "variable"),
    [
        ("openai/mine", "OPENAI_API_KEY"),
        ("mistral/mine", "MISTRAL_API_KEY"),
        ("hosted_vllm/mine", "HOSTED_VLLM_API_KEY"),
    ],
)
def test_a_server_of_ones_own_gets_the_key_of_its_provider(
    model: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeProvider() as fake:
        play(fake, ask, model=model)
        monkeypatch.setenv(variable, "the-real-key")
        play(fake, ask, model=model)
    assert fake.keys == ["Bearer none", "Bearer the-real-key"]


def test_a_remark_of_a_library_on_another_neither_shows_nor_stops_a_call() -> None:
    lines = """
import asyncio, sys
from stacks import Stack, a_request
async def ask():
    async with Stack(sys.argv[1], model="mistral/mine") as stack:
        await stack.chat.complete(a_request(stack.use))
asyncio.run(ask())
"""
    with FakeProvider() as fake:
        for warn in ("default::UserWarning", "error::UserWarning"):
            command = [sys.executable, "-W", warn, "-c", lines, fake.url]
            done = subprocess.run(command, cwd="tests", capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            assert "ReadOnly" not in done.stderr
    assert len(fake.requests) == 2


@pytest.mark.parametrize(
    ("model", "settings"),
    [("openai/gpt-5-mini", {"temperature": 0.2}), ("openai/gpt-4o-mini", {"reasoning_effort": "low"})],
)
def test_a_setting_that_litellm_knows_a_model_won_t_take_is_left_out(model: str, settings: dict[str, Any]) -> None:
    async def ask_so(stack: Stack) -> None:
        await stack.chat.complete(a_request(ModelConfig(name=model, api_base=stack.use.api_base, **settings)))

    with FakeProvider() as fake:
        play(fake, ask_so)
    [sent] = fake.requests
    assert not set(settings) & set(sent)


def test_models_of_two_roles_warm_up_together() -> None:
    async def both(stack: Stack) -> None:
        await asyncio.gather(*(stack.provider.warm_up(use) for use in ("openai/a", "anthropic/b")))
        await ask(stack)

    with FakeProvider() as fake:
        play(fake, both)
    assert len(fake.requests) == 1


def test_a_key_never_reaches_a_stored_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")

    async def stored(stack: Stack) -> str:
        await ask(stack)
        return str(stack.store.kept)

    with FakeProvider() as fake:
        assert "very-secret" not in play(fake, stored)
