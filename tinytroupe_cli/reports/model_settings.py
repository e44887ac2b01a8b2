"""The models of a run and their settings, as results."""

from __future__ import annotations

from tinytroupe_cli.models.port import Frozen, ModelConfig
from tinytroupe_cli.plan.types import Models


class ModelSettings(Frozen):
    """A model and its settings; null leaves a setting to the provider."""

    use: str
    """Name of the model; never its address."""
    temperature: float | None = None
    """Sampling temperature."""
    top_p: float | None = None
    """Nucleus sampling."""
    max_tokens: int | None = None
    """Maximum number of tokens per reply."""
    reasoning_effort: str | None = None
    """How much a reasoning model thinks."""


def model_settings(models: Models) -> dict[str, ModelSettings]:
    """Return role -> model: people, judge and, where used, embeddings and ratings."""
    vectors = {"embeddings": _settings(models.embeddings)} if models.embeddings else {}
    vectors |= {"ratings": _settings(models.ratings)} if models.ratings else {}
    return {"people": _settings(models.people), "judge": _settings(models.judge), **vectors}


def _settings(use: ModelConfig) -> ModelSettings:
    return ModelSettings(
        use=use.name,
        temperature=use.temperature,
        top_p=use.top_p,
        max_tokens=use.max_tokens,
        reasoning_effort=use.reasoning_effort,
    )
