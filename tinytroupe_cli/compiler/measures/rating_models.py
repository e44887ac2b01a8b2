"""Chooses the model that rates scales from answers in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.plan.types import Models, Trial

DEFAULT: Final = "local/all-minilm-l6-v2"


def with_ratings(models: Models, trials: Iterable[Trial]) -> Models:
    """Return the models with one for ratings, if words are to be rated."""
    small = {"interview": models.people.turns == "script", "observe": models.judge.turns == "script"}
    is_rated = any(
        type_of(field).is_rated
        for trial in trials
        for query in trial.queries
        if small.get(query.procedure, False)
        for field in query.fields
    )
    is_ssr = any(field.rating for trial in trials for query in trial.queries for field in query.fields)
    if not is_rated and not is_ssr:
        return models
    return models.model_copy(update={"ratings": models.embeddings or ModelConfig(name=DEFAULT)})
