"""Servers that don't take a request as it is: over real HTTP, through the real LiteLLM."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from provider import Body, FakeProvider, Fault
from stacks import Stack, a_request

from tinytroupe_cli.core.errors import Rejected
from tinytroupe_cli.models.identity import identity
from tinytroupe_cli.models.port import ModelConfig

OWN = "openai/our-own-deployment"
REFUSALS: list[tuple[str, int, Callable[[Body], bool]]] = [
    ("seed: extra fields not permitted", 400, lambda body: "seed" in body),
    ("Unrecognized request argument supplied: seed", 400, lambda body: "seed" in body),
    ("[{'type': 'extra_forbidden', 'loc': ('body', 'seed')}]", 422, lambda body: "seed" in body),
    ("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", 400, lambda b: "max_tokens" in b),
    ("temperature does not support 0.3 with this model", 400, lambda body: "temperature" in body),
    ("`temperature` and `top_p` cannot both be specified", 400, lambda b: "temperature" in b and "top_p" in b),
    ("System role not supported", 400, lambda body: body["messages"][0]["role"] == "system"),
    ("Conversation roles must alternate user/assistant", 400, lambda body: body["messages"][0]["role"] == "system"),
    ("JSON mode is not enabled for this model", 400, lambda body: "response_format" in body),
    ("Failed to initialize samplers: failed to parse grammar", 400, lambda body: _form(body) == "json_schema"),
    ("reasoning_effort is not supported", 400, lambda body: "reasoning_effort" in body),
    ("Invalid request", 400, lambda body: "seed" in body),
    ("Bad request", 400, lambda body: "response_format" in body),
    (
        "'messages[0].role' does not support 'system' with this model",
        400,
        lambda b: b["messages"][0]["role"] == "system",
    ),
    ("Jinja Exception: System role not supported", 500, lambda body: body["messages"][0]["role"] == "system"),
    ("seed is not implemented", 501, lambda body: "seed" in body),
    ("failed to parse grammar", 500, lambda body: _form(body) == "json_schema"),
    ("No endpoints found that can handle the requested parameters.", 404, lambda body: "seed" in body),
    (
        "maximum context length is 4096 tokens. However, you requested 4900 tokens (500 in the messages, 4400 in the",
        400,
        lambda body: "max_tokens" in body or "max_completion_tokens" in body,
    ),
]


def _form(body: Body) -> str:
    return (body.get("response_format") or {}).get("type", "")


class Picky(FakeProvider):
    """Refuses every request to which `refuses` applies."""

    def __init__(self, message: str, status: int, refuses: Callable[[Body], bool]) -> None:
        super().__init__()
        self._refusal = Fault(status, {"error": {"message": message}})
        self._refuses = refuses

    def _fault(self) -> Fault | None:
        return self._refusal if self._refuses(self.requests[-1]) else None


def play(fake: FakeProvider, use: Mapping[str, Any], *, times: int = 1, at_once: int = 1) -> Stack:
    async def ask() -> Stack:
        async with Stack(fake.url) as stack:
            model = ModelConfig(api_base=stack.use.api_base, **{"name": OWN, **use})
            for time in range(times):
                calls = (stack.chat.complete(a_request(model, sample=100 * time + n)) for n in range(at_once))
                await asyncio.gather(*calls)
            return stack

    return asyncio.run(ask())


@pytest.mark.parametrize(("message", "status", "refuses"), REFUSALS)
def test_what_a_server_refuses_is_left_out_and_not_tried_again(
    message: str, status: int, refuses: Callable[[Body], bool]
) -> None:
    settings = {"temperature": 0.3, "top_p": 0.9, "reasoning_effort": "low"}
    with Picky(message, status, refuses) as fake:
        play(fake, settings, times=3)
    assert len(fake.answered) == 3
    assert not any(refuses(body) for body in fake.requests[-2:])
    assert len(fake.requests) <= 9


def test_what_was_cured_stays_cured_when_the_form_changes() -> None:
    complaints = [
        ("Unknown parameter: 'seed'.", lambda body: "seed" in body),
        ("Unknown parameter: 'response_format'.", lambda body: "response_format" in body),
    ]

    class Picky2(Picky):
        def _fault(self) -> Fault | None:
            said = next((words for words, refuses in complaints if refuses(self.requests[-1])), None)
            return Fault(400, {"error": {"message": said}}) if said else None

    with Picky2("", 400, lambda _body: False) as fake:
        play(fake, {})
    assert len(fake.requests) == 4  # with a seed, with a schema, in JSON mode, in words


def test_calls_at_once_learn_from_one_of_them() -> None:
    with Picky("seed: extra fields not permitted", 400, lambda body: "seed" in body) as fake:
        play(fake, {}, at_once=10)
    assert len(fake.answered) == 10
    assert len(fake.requests) <= 20


def test_what_was_adjusted_is_no_part_of_a_call() -> None:
    request = a_request(ModelConfig(name=OWN))
    adjusted = request.model_copy(update={"adjusted": ("without_seed",), "room": 4_000})
    assert identity(adjusted) == identity(request)
    assert identity(request.model_copy(update={"is_wider": True})) != identity(request)


def test_a_refusal_that_nothing_cures_is_told_in_the_servers_words() -> None:
    with Picky("the moon is in the wrong house", 400, lambda _: True) as fake, pytest.raises(Rejected) as failure:
        play(fake, {})
    assert failure.value.message == f"{OWN}: the moon is in the wrong house"
    assert len(fake.requests) <= 12


def test_a_server_that_gives_up_on_the_shape_is_asked_for_another_sample() -> None:
    failed = Fault(400, {"error": {"message": "Failed to generate JSON.", "code": "json_validate_failed"}})
    with FakeProvider(faults=[failed]) as fake:
        play(fake, {"name": "openai/gpt-4o-mini"}, times=2)
    first, again, later = fake.requests
    assert first["seed"] != again["seed"]
    assert [_form(body) for body in (first, again, later)] == ["json_schema"] * 3


def test_a_text_before_the_first_message_stands_for_the_system_role() -> None:
    with Picky("System role not supported", 400, lambda body: body["messages"][0]["role"] == "system") as fake:
        play(fake, {})
    [sent] = fake.answered
    assert [message["role"] for message in sent["messages"]] == ["user"]
    assert sent["messages"][0]["content"].startswith("You are Lisa.\n\nWhat do you say?")
