"""Checks models before any money is spent: names, keys, prices. Imports no LiteLLM."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tinytroupe_cli.core.diagnostics import did_you_mean, nearest
from tinytroupe_cli.models.local_catalog import LOCAL_PREFIX
from tinytroupe_cli.models.local_lookup import known_entry
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.models.prices import PriceTable

_KEYS: dict[str, tuple[str, ...]] = {
    "anthropic": ("ANTHROPIC_API_KEY",),
    "azure": ("AZURE_API_KEY",),
    "cerebras": ("CEREBRAS_API_KEY",),
    "cohere": ("COHERE_API_KEY", "CO_API_KEY"),
    "deepseek": ("DEEPSEEK_API_KEY",),
    "fireworks_ai": ("FIREWORKS_API_KEY", "FIREWORKS_AI_API_KEY"),
    "gemini": ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
    "groq": ("GROQ_API_KEY",),
    "mistral": ("MISTRAL_API_KEY",),
    "openai": ("OPENAI_API_KEY",),
    "openrouter": ("OPENROUTER_API_KEY",),
    "perplexity": ("PERPLEXITYAI_API_KEY", "PERPLEXITY_API_KEY"),
    "together_ai": ("TOGETHERAI_API_KEY", "TOGETHER_API_KEY"),
    "xai": ("XAI_API_KEY",),
}
"""Provider -> the variables of which one must hold its key."""

_OTHER_PROVIDERS = ("bedrock", "hosted_vllm", "llamafile", "lm_studio", "local", "ollama", "ollama_chat", "vertex_ai")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a model that the user should know before the run."""

    message: str
    hint: str = ""
    is_error: bool = True


def keys_of(provider: str) -> tuple[str, ...]:
    """Return the variables of which one holds a provider's key."""
    return _KEYS.get(provider, (f"{provider.upper()}_API_KEY",))


def key_names() -> list[str]:
    """Return the names of the variables that hold keys."""
    return sorted(name for names in _KEYS.values() for name in names)


def keys_set(env: Mapping[str, str]) -> list[str]:
    """Return the names of the variables that hold providers' keys here."""
    return [name for name in key_names() if env.get(name)]


def check_models(
    models: Iterable[ModelConfig], env: Mapping[str, str], prices: PriceTable, *, max_usd: float | None = None
) -> list[Finding]:
    """Return errors and warnings about these models, without calling any."""
    found: dict[Finding, None] = {}
    for use in dict.fromkeys(models):
        for finding in _about(use, env, prices, max_usd):
            found.setdefault(finding)
    return list(found)


def role_mismatches(roles: Mapping[str, ModelConfig], prices: PriceTable) -> list[Finding]:
    """Return models assigned to the wrong role: embedding models that should speak, or the reverse."""
    found: list[Finding] = []
    for role, use in roles.items():
        does_vectors = _does_vectors(use.name, prices)
        if role == "embeddings" and does_vectors is False:
            hint = "for example, openai/text-embedding-3-small or local/all-minilm-l6-v2"
            found.append(Finding(f"{use.name} is not an embedding model, which model.embeddings needs", hint))
        elif role != "embeddings" and does_vectors:
            found.append(Finding(f"{use.name} is an embedding model; it can't be used for '{role}'"))
    return found


def _does_vectors(use: str, prices: PriceTable) -> bool | None:
    """Return whether a model is one of vectors; None: nobody knows."""
    if use.startswith(LOCAL_PREFIX):
        entry = known_entry(use)
        return None if entry is None else entry.does == "vectors"
    mode = prices.entry(use).get("mode")
    return None if mode is None else mode == "embedding"


def _about(use: ModelConfig, env: Mapping[str, str], prices: PriceTable, max_usd: float | None) -> list[Finding]:
    provider, slash, name = use.name.partition("/")
    if provider == "local":
        return []
    if not slash or not name:
        hint = _full_name(use.name, prices)
        return [Finding(f"'{use.name}' is not the name of a model: write provider/name", hint)]
    known = {*prices.providers(), *_KEYS, *_OTHER_PROVIDERS}
    if provider not in known:
        closest = nearest(provider, known)
        hint = (
            f"did you mean '{closest[0]}/{name}'?"
            if closest
            else "use LiteLLM's model names, such as openai/gpt-5-mini"
        )
        return [Finding(f"unknown provider '{provider}' in '{use.name}'", hint)]
    return [*_key(use, provider, env), *_model(use, provider, prices), *_price(use, prices, max_usd)]


def _key(use: ModelConfig, provider: str, env: Mapping[str, str]) -> list[Finding]:
    names = _KEYS.get(provider, ())
    if not names or use.api_base or any(env.get(name) for name in names):
        return []
    hint = f"export {names[0]}=…, or use the model on this machine: --model local/qwen2.5-coder-1.5b"
    return [Finding(f"{use.name} needs a key: {' or '.join(names)} is not set", hint)]


def _model(use: ModelConfig, provider: str, prices: PriceTable) -> list[Finding]:
    if use.api_base or prices.entry_of(use) or provider not in _KEYS or provider in ("azure", "openrouter"):
        return []
    hint = did_you_mean(use.name, prices.models(provider), label="known models", most=5)
    return [Finding(f"LiteLLM's table has no '{use.name}': the name may be wrong", hint, is_error=False)]


def _price(use: ModelConfig, prices: PriceTable, max_usd: float | None) -> list[Finding]:
    if max_usd is None or prices.price_of(use) is not None:
        return []
    hint = f"write its price: prices: {{{use.name}: {{input: …, output: …}}}} (USD per million tokens), or limit tokens"
    return [Finding(f"the price of {use.name} is unknown, so a limit in dollars can't be kept", hint)]


def _full_name(name: str, prices: PriceTable) -> str:
    provider = prices.entry(name).get("litellm_provider")
    return f"did you mean '{provider}/{name}'?" if provider else "for example, openai/gpt-5-mini or local/smollm2-135m"
