"""Small models on one's own machine are asked for lines; others, and whatever nobody knows, for JSON moments."""

from __future__ import annotations

import pytest

from tinytroupe_cli.models.local_sizes import billions_of, size_in
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.models.turn_forms import settled


@pytest.mark.parametrize(
    ("model", "turns"),
    [
        ("local/qwen2.5-coder-1.5b", "script"),
        ("local/smollm2-135m", "script"),
        ("ollama/qwen3:4b", "script"),
        ("ollama_chat/llama3.1:8b", "moment"),
        ("ollama/mistral", "moment"),
        ("lm_studio/google/gemma-3-4b", "script"),
        ("openai/gpt-5-mini", "moment"),
        ("groq/gemma-3-4b", "moment"),
        ("openrouter/qwen/qwen3-1.7b", "moment"),
    ],
)
def test_the_size_of_a_model_on_ones_own_machine_decides(model: str, turns: str) -> None:
    assert settled(ModelConfig(name=model)).turns == turns


def test_what_the_user_says_is_kept() -> None:
    assert settled(ModelConfig(name="local/qwen2.5-coder-1.5b", turns="moment")).turns == "moment"
    assert settled(ModelConfig(name="openai/gpt-5-mini", turns="script")).turns == "script"


@pytest.mark.parametrize(
    ("name", "billions"),
    [("qwen3:4b", 4), ("smollm2-135m", 0.135), ("qwen2.5-coder-1.5b", 1.5), ("gemma-4-e2b", 2), ("gpt-4o", None)],
)
def test_a_name_tells_the_size(name: str, billions: float | None) -> None:
    assert size_in(name) == billions
    assert billions_of(f"local/{name}") == billions
    assert billions_of(f"openai/{name}") is None
