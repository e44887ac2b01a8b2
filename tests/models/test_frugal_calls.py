"""What a call does not cost: no second identity, no cost computed twice."""

from __future__ import annotations

import pytest
from stacks import a_request

from tinytroupe_cli.models import identity as module
from tinytroupe_cli.models.identity import LastIdentity, identity
from tinytroupe_cli.models.port import ModelConfig

USE = ModelConfig(name="openai/gpt-4o-mini")


def test_layers_that_share_it_compute_an_identity_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    monkeypatch.setattr(module, "identity", lambda request: seen.append(request) or identity(request))
    first, second, shared = a_request(USE, sample=1), a_request(USE, sample=2), LastIdentity()

    found = [shared.of(request) for request in (first, first, second, second, first)]

    assert found == [identity(one) for one in (first, first, second, second, first)]
    assert len(seen) == 3


def test_litellm_still_has_what_troupe_turns_off() -> None:
    from litellm.litellm_core_utils.litellm_logging import Logging

    assert callable(Logging.response_cost_calculator)
