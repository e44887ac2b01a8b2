"""The likeliest first tokens of a reply with their probabilities, as OpenAI's chat format reports them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

MAX_ALTERNATIVES: Final = 20
"""Alternatives that servers return at the most."""


def first_token_chances(logprobs: Any) -> dict[str, float]:
    """Return token -> probability for the first token; empty: they are not reported. Equal tokens are added up."""
    content = _part(logprobs, "content")
    if not isinstance(content, Sequence) or not content:
        return {}
    alternatives = _part(cast("Sequence[Any]", content)[0], "top_logprobs")
    found: dict[str, float] = {}
    for one in cast("Sequence[Any]", alternatives) if isinstance(alternatives, Sequence) else ():
        token, logprob = _part(one, "token"), _part(one, "logprob")
        if isinstance(token, str) and isinstance(logprob, int | float) and not math.isnan(logprob):
            found[token] = found.get(token, 0.0) + math.exp(min(0.0, float(logprob)))
    return found


def _part(holder: Any, name: str) -> Any:
    if isinstance(holder, Mapping):
        return cast("Mapping[str, Any]", holder).get(name)
    return getattr(holder, name, None)
