"""Converts LiteLLM's embedding responses into completions. Uses its responses only, not LiteLLM."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from tinytroupe_cli.core.errors import Transient
from tinytroupe_cli.models.port import Completion, Request, Usage

DIGITS = 6
"""Digits after the decimal point: more would only fill the store."""


def embedding_text(numbers: Any) -> str:
    """Write a vector as a completion carries it."""
    return json.dumps([round(float(number), DIGITS) for number in numbers], separators=(",", ":"))


def embedding_of(response: Any, request: Request) -> Completion:
    """Return the vector as a completion; raises `Transient` if there is none."""
    if not response.data:
        raise Transient(f"{request.model.name}: the provider returned no embedding")
    first = response.data[0]
    numbers = cast("Mapping[str, Any]", first)["embedding"] if isinstance(first, dict) else first.embedding
    usage = getattr(response, "usage", None)
    read = getattr(usage, "prompt_tokens", 0) or sum(len(message.content.encode()) for message in request.messages) // 4
    return Completion(text=embedding_text(numbers), usage=Usage(prompt=max(1, read)), model=str(response.model or ""))
