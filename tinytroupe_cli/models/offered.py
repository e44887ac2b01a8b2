"""Chooses the model to suggest for a provider whose key is set: small, current, with a price in LiteLLM's table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final, NamedTuple

from tinytroupe_cli.models.prices import PriceTable

DEPLOYMENT: Final = "YOUR-DEPLOYMENT"
"""Placeholder for an Azure deployment's name, which users choose."""


class OfferedModel(NamedTuple):
    """A model, and the model whose price is used if the table has none for its name."""

    use: str
    base_model: str | None = None


TITLES: Final[Mapping[str, str]] = {
    "openai": "an OpenAI key",
    "anthropic": "an Anthropic key",
    "gemini": "a Gemini key",
    "mistral": "a Mistral key",
    "groq": "a Groq key",
    "deepseek": "a DeepSeek key",
    "openrouter": "an OpenRouter key",
    "azure": "an Azure key",
}
"""Provider -> the name of its key."""
_MODELS: Final[Mapping[str, tuple[OfferedModel, ...]]] = {
    "openai": (OfferedModel("openai/gpt-5-mini"), OfferedModel("openai/gpt-5.4-mini")),
    "anthropic": (OfferedModel("anthropic/claude-haiku-5-5"), OfferedModel("anthropic/claude-haiku-4-5")),
    "gemini": (OfferedModel("gemini/gemini-flash-latest"), OfferedModel("gemini/gemini-2.5-flash")),
    "mistral": (OfferedModel("mistral/mistral-small-latest"),),
    "groq": (OfferedModel("groq/openai/gpt-oss-120b"), OfferedModel("groq/llama-3.3-70b-versatile")),
    "deepseek": (OfferedModel("deepseek/deepseek-v4-flash"), OfferedModel("deepseek/deepseek-chat")),
    "openrouter": (
        OfferedModel("openrouter/openai/gpt-5-mini", "openai/gpt-5-mini"),
        OfferedModel("openrouter/openai/gpt-5.4-mini", "openai/gpt-5.4-mini"),
    ),
    "azure": (
        OfferedModel(f"azure/{DEPLOYMENT}", "azure/gpt-5-mini"),
        OfferedModel(f"azure/{DEPLOYMENT}", "azure/gpt-5.4-mini"),
    ),
}
"""Provider -> models, best choice first."""


def offered_model(provider: str, prices: PriceTable, today: dt.date) -> OfferedModel:
    """Return the first model that is in the table and not withdrawn; the last if none is."""
    models = _MODELS[provider]
    return next((model for model in models if _is_current(model, prices, today)), models[-1])


def _is_current(model: OfferedModel, prices: PriceTable, today: dt.date) -> bool:
    entry = prices.entry(model.base_model or model.use)
    withdrawn = str(entry.get("deprecation_date") or "9999-12-31")
    return bool(entry) and withdrawn > today.isoformat()
