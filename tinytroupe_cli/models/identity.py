"""A request's identity: what makes two calls the same call."""

from __future__ import annotations

import hashlib
import json

from tinytroupe_cli.models.port import Request


def identity(request: Request) -> str:
    """Return the hash of all that can change the answer: not why it was asked, nor how long we would wait."""
    content = request.model_dump(mode="json", exclude={"purpose": True, "model": {"timeout", "structured"}})
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()
