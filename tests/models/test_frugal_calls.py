"""What a call does not cost: no second identity, no cost computed twice."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest
from provider import FakeProvider
from stacks import Stack, a_request

from tinytroupe_cli.models import identity as module
from tinytroupe_cli.models import litellm_provider
from tinytroupe_cli.models.identity import LastIdentity, identity
from tinytroupe_cli.models.port import Completion, ModelConfig

USE = ModelConfig(name="openai/gpt-4o-mini")


def test_layers_that_share_it_compute_an_identity_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    monkeypatch.setattr(module, "identity", lambda request: seen.append(request) or identity(request))
    first, second, shared = a_request(USE, sample=1), a_request(USE, sample=2), LastIdentity()

    found = [shared.of(request) for request in (first, first, second, second, first)]

    assert found == [identity(one) for one in (first, first, second, second, first)]
    assert len(seen) == 3


def test_litellm_computes_no_cost_of_a_call(monkeypatch: pytest.MonkeyPatch) -> None:
    litellm = litellm_provider._imported()
    from litellm.litellm_core_utils.litellm_logging import Logging

    assert callable(Logging.response_cost_calculator), "LiteLLM computes costs elsewhere now"
    computed: list[object] = []
    monkeypatch.setattr(litellm, "response_cost_calculator", lambda **use: computed.append(use) or 0.0)

    async def ask(url: str) -> Completion:
        async with Stack(url) as stack:
            return await stack.provider.complete(a_request(stack.use))

    with FakeProvider() as fake:
        assert asyncio.run(ask(fake.url)).usage.prompt > 0
    assert not computed


def test_litellm_computes_the_cost_of_calls_that_are_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    litellm = litellm_provider._imported()
    computed: list[object] = []
    monkeypatch.setattr(litellm, "response_cost_calculator", lambda **use: computed.append(use) or 0.5)

    async def ask(url: str) -> Any:
        async with Stack(url) as stack:
            await stack.provider.complete(a_request(stack.use))
            words = [{"role": "user", "content": "Hello"}]
            return await litellm.acompletion(model=USE.name, messages=words, api_base=url, api_key="none")

    with FakeProvider() as fake:
        answer = asyncio.run(ask(fake.url))
    assert answer._hidden_params["response_cost"] == 0.5
    assert computed


def test_a_second_run_in_a_process_keeps_no_garbage_and_changes_no_thresholds() -> None:
    litellm_provider._imported()
    before, thresholds = gc.get_freeze_count(), gc.get_threshold()
    kept = [[number] for number in range(1_000)]

    litellm_provider._imported()

    assert gc.get_freeze_count() == before
    assert gc.get_threshold() == thresholds
    assert len(kept) == 1_000
