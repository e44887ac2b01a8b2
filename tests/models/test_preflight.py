from __future__ import annotations

import subprocess
import sys

import pytest

from tinytroupe_cli.models.port import ModelConfig, Usage
from tinytroupe_cli.models.preflight import check_models
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.servers import with_server

PRICES = PriceTable()


def words(model: str, env: dict[str, str] | None = None, *, api_base: str | None = None) -> str:
    found = check_models([ModelConfig(name=model, api_base=api_base)], env or {}, PRICES, max_usd=1.0)
    return " | ".join(f"{finding.message} {finding.hint}" for finding in found if finding.is_error)


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("gpt-4o-mini", "did you mean 'openai/gpt-4o-mini'?"),
        ("opnai/gpt-4o-mini", "did you mean 'openai/gpt-4o-mini'?"),
        ("openai/gpt-4o-mini", "OPENAI_API_KEY is not set"),
        ("anthropic/claude-haiku-4-5", "ANTHROPIC_API_KEY is not set"),
    ],
)
def test_what_can_not_work_is_told_before_anything_is_asked(model: str, said: str) -> None:
    assert said in words(model)


def test_a_key_or_a_server_of_ones_own_is_enough() -> None:
    assert not words("openai/gpt-4o-mini", {"OPENAI_API_KEY": "x"})
    assert not words("openai/gpt-4o-mini", api_base="http://127.0.0.1:1/v1")
    assert not words("local/smollm2-135m")


def test_a_price_is_found_under_the_names_of_a_provider_s_products() -> None:
    assert PRICES.per_million("bedrock/amazon.nova-lite-v1:0")
    assert PRICES.per_million("vertex_ai/gemini-2.5-flash")
    assert not PRICES.per_million("mistral/gemini-2.5-flash")


def test_a_limit_in_dollars_needs_a_price() -> None:
    assert "the price of openai/mine is unknown" in words("openai/mine", api_base="http://192.0.2.1/v1")


def test_a_server_of_this_machine_is_free_unless_a_price_is_given() -> None:
    used = Usage(prompt=1_000_000, completion=1_000_000)
    for use in (
        ModelConfig(name="openai/gpt-4o-mini", api_base="http://127.0.0.1:8000/v1"),
        ModelConfig(name="openai/mine", api_base="http://localhost:1234"),
        with_server(ModelConfig(name="ollama_chat/qwen3"), {}),
        with_server(ModelConfig(name="lm_studio/qwen3"), {}),
        with_server(ModelConfig(name="ollama/qwen3"), {"OLLAMA_API_BASE": "http://[::1]:11434"}),
    ):
        assert PRICES.cost(used, use) == 0
    assert PriceTable({"openai/mine": (1.0, 2.0, None)}).cost(
        used, ModelConfig(name="openai/mine", api_base="http://127.0.0.1:1/v1")
    )
    assert PRICES.cost(used, with_server(ModelConfig(name="ollama/q"), {"OLLAMA_API_BASE": "http://192.0.2.1"})) is None


def test_a_deployment_costs_what_the_model_behind_it_costs() -> None:
    used = Usage(prompt=1_000_000, completion=1_000_000)
    own = ModelConfig(name="azure/our-own", base_model="gpt-4o-mini", api_base="https://ours.example.org")
    assert PRICES.cost(used, ModelConfig(name="azure/our-own")) is None
    assert (PRICES.cost(used, own) or 0) > 0
    assert PRICES.accepts_images(own)


def test_prices_are_read_without_importing_litellm() -> None:
    code = (
        "import sys; from tinytroupe_cli.models.prices import PriceTable;"
        "assert PriceTable().per_million('openai/gpt-4o-mini'); assert 'litellm' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
