"""Converts tokens to money by LiteLLM's bundled table, without importing LiteLLM.

An unknown price stays unknown (None), never 0; a local model costs 0.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from tinytroupe_cli.models.port import ModelConfig, Usage
from tinytroupe_cli.models.servers import is_loopback

TABLE = "model_prices_and_context_window_backup.json"


class PriceTable:
    """Prices, context windows and abilities of models. The bundled table is read on first use."""

    def __init__(self, own: Mapping[str, tuple[float, float, float | None]] | None = None) -> None:
        """Take the user's own prices: model -> USD per million tokens in, out, in from the prompt cache."""
        self._own = dict(own or {})

    def cost(self, usage: Usage, model: ModelConfig) -> float | None:
        """Return USD, with cached tokens priced separately; None if the model's price is unknown."""
        prices = self.price_of(model)
        if prices is None:
            return None
        fresh, written, cached = prices
        cached = fresh if cached is None else cached
        money = (usage.prompt - usage.cached) * fresh + usage.cached * cached + usage.completion * written
        return money / 1_000_000

    def price_of(self, model: ModelConfig) -> tuple[float, float, float | None] | None:
        """Return USD per million tokens as `per_million` does; 0 for a local server unless the user sets a price."""
        if model.name in self._own:
            return self._own[model.name]
        if is_loopback(model.server or model.api_base or ""):
            return (0.0, 0.0, 0.0)
        if model.base_model is None:
            return self.per_million(model.name)
        provider = model.name.partition("/")[0]
        return self.per_million(model.base_model) or self.per_million(f"{provider}/{model.base_model}")

    def per_million(self, use: str) -> tuple[float, float, float | None] | None:
        """Return USD per million tokens: read, written, read from the provider's cache."""
        if use in self._own:
            return self._own[use]
        if use.startswith("local/"):
            return (0.0, 0.0, 0.0)
        entry = self.entry(use)
        fresh, written = entry.get("input_cost_per_token"), entry.get("output_cost_per_token")
        if entry.get("mode") == "embedding":
            written = written or 0.0
        if not isinstance(fresh, int | float) or not isinstance(written, int | float):
            return None
        cached = entry.get("cache_read_input_token_cost")
        return (fresh * 1e6, written * 1e6, cached * 1e6 if isinstance(cached, int | float) else None)

    def context_window(self, use: str) -> int | None:
        """Return the maximum tokens of a prompt, if known."""
        window = self.entry(use).get("max_input_tokens")
        return int(window) if isinstance(window, int | float) else None

    def accepts_images(self, model: ModelConfig) -> bool:
        """Return whether a model takes pictures: as its settings say, else as the table does."""
        return (
            bool(self.entry_of(model).get("supports_vision")) if model.accepts_images is None else model.accepts_images
        )

    def entry_of(self, model: ModelConfig) -> Mapping[str, Any]:
        """Return the table's entry of a model or of the model behind a deployment's own name."""
        if model.base_model is None:
            return self.entry(model.name)
        return self.entry(model.base_model) or self.entry(f"{model.name.partition('/')[0]}/{model.base_model}")

    def entry(self, use: str) -> Mapping[str, Any]:
        """Return the table's entry of a model; empty if there is none."""
        provider, _, name = use.partition("/")
        found = self._table.get(use)
        if found is None:
            found = self._table.get(name)
            if found is not None and not _is_of(provider, str(found.get("litellm_provider", ""))):
                found = None
        return found or {}

    def providers(self) -> list[str]:
        """Return the providers in the table."""
        return sorted({str(entry.get("litellm_provider", "")) for entry in self._table.values()} - {""})

    def models(self, provider: str) -> list[str]:
        """Return a provider's models as `provider/name`."""
        names = [name for name, entry in self._table.items() if entry.get("litellm_provider") == provider]
        return sorted(name if name.startswith(f"{provider}/") else f"{provider}/{name}" for name in names)

    @cached_property
    def sha256(self) -> str:
        """The hash of the bundled table; empty if there is none."""
        path = _path()
        return hashlib.sha256(path.read_bytes()).hexdigest() if path else ""

    @cached_property
    def _table(self) -> dict[str, dict[str, Any]]:
        path = _path()
        table = cast("dict[str, dict[str, Any]]", json.loads(path.read_bytes())) if path else {}
        table.pop("sample_spec", None)
        return table


def _is_of(provider: str, listed: str) -> bool:
    """Return whether the table lists a provider this way: itself, or with one of its products (`bedrock_converse`)."""
    return listed == provider or listed.startswith((f"{provider}_", f"{provider}-"))


def _path() -> Path | None:
    package = importlib.util.find_spec("litellm")
    folders = list(package.submodule_search_locations or []) if package else []
    paths = [Path(folder) / TABLE for folder in folders]
    return next((path for path in paths if path.exists()), None)
