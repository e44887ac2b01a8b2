"""The fake provider's embedding model: bags of words, hashed; texts that share words are near each other."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

SIZE = 64


def vectors_for(body: Mapping[str, Any]) -> dict[str, Any]:
    """Answer as OpenAI's endpoint does."""
    texts: list[str] = [body["input"]] if isinstance(body["input"], str) else body["input"]
    tokens = sum(len(text) for text in texts) // 4 + 1
    data = [{"object": "embedding", "index": n, "embedding": vector_for(text)} for n, text in enumerate(texts)]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "model": body["model"], "data": data, "usage": usage}


def vector_for(text: str) -> list[float]:
    """Count words by their beginnings, so that `walk` and `walks` are one."""
    counts = [0.0] * SIZE
    for word in re.findall(r"\w+", text.lower()):
        digest = hashlib.blake2b(word[:4].encode(), digest_size=8).digest()
        counts[int.from_bytes(digest, "big") % SIZE] += 1.0
    length = sum(count * count for count in counts) ** 0.5
    return [count / length for count in counts] if length else counts
