"""Decides the form of a model's turns: a JSON moment or, for small models, the next line of a transcript."""

from __future__ import annotations

from typing import Final

from tinytroupe_cli.models.local_catalog import LOCAL_PREFIX
from tinytroupe_cli.models.local_lookup import find_entry
from tinytroupe_cli.models.local_sizes import billions_of, is_file_name, size_in
from tinytroupe_cli.models.port import ModelConfig

SMALL: Final = 7.0
"""Billions of parameters below which a model writes better lines than JSON."""
OWN_SERVERS: Final = ("ollama/", "ollama_chat/", "lm_studio/", "llamafile/")
"""Local servers, whose models' names state their sizes."""


def settled(use: ModelConfig) -> ModelConfig:
    """Return the model with the form of its turns decided."""
    if use.turns != "auto":
        return use
    return use.model_copy(update={"turns": "script" if is_small(use.name) else "moment"})


def is_small(model: str) -> bool:
    """Return whether a model on one's own machine is known to have fewer than 7 billion parameters."""
    if model.startswith(LOCAL_PREFIX) and is_file_name(model):
        entry = find_entry(model)
        billions = entry.parameters / 1e9 if entry.parameters else billions_of(model)
    else:
        billions = billions_of(model) or (size_in(model) if model.startswith(OWN_SERVERS) else None)
    return billions is not None and billions < SMALL
