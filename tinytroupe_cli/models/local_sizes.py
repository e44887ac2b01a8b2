"""Derives a model's size, in billions of parameters, from its name."""

from __future__ import annotations

import re
from typing import Final

_SIZE: Final = re.compile(r"(?<![\d.a-z])e?(\d+(?:\.\d+)?)(b|m)(?![a-z\d])")


def billions_of(model: str) -> float | None:
    """Return the billions of parameters of `local/NAME`; None if unknown or the model isn't local."""
    return size_in(model) if model.startswith("local/") else None


def is_file_name(name: str) -> bool:
    """Return whether a model is named by its file."""
    return name.casefold().endswith(".gguf")


def size_in(name: str) -> float | None:
    """Return the billions of parameters a name states: `qwen3:4b` 4, `smollm2-135m` 0.135; None: none."""
    found = _SIZE.search(name.casefold())
    if found is None:
        return None
    return float(found[1]) / (1 if found[2] == "b" else 1_000)
