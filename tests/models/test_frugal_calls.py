"""What a call does not cost: no second identity, no cost computed twice."""

from __future__ import annotations

import asyncio

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
