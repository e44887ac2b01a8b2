"""The models of a run and their settings, as results."""

from __future__ import annotations

from pydantic import Field

from tinytroupe_cli.models.port import Frozen, ModelConfig
from tinytroupe_cli.plan.types import Models


class ModelSettings(Frozen):
    """A model and its settings; null leaves a setting to the provider."""

    name: str = Field(validation_alias="use", serialization_alias="use")
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


def _settings(model: ModelConfig) -> ModelSettings:
    return ModelSettings(
        name=model.name,
        temperature=model.temperature,
        top_p=model.top_p,
        max_tokens=model.max_tokens,
        reasoning_effort=model.reasoning_effort,
    )
