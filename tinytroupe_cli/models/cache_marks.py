"""Sets prompt-cache marks for providers that need them: Anthropic, also on Bedrock.

Two marks: after the persona, which every call of a person shares, and after the past, which the next turn extends.
OpenAI, DeepSeek and others cache prefixes automatically; Gemini's marks would need extra calls.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.models.prices import PriceTable

_WANTS_MARKS: Final = re.compile(
    r"^(?:anthropic/|(?:bedrock|vertex_ai|openrouter)/.*(?:anthropic|claude)|bedrock/.*nova)", re.IGNORECASE
)
_MARK: Final = {"type": "ephemeral"}


def wants_marks(use: ModelConfig, prices: PriceTable) -> bool:
    """Return whether a model's provider takes marks, and the model keeps what is marked."""
    if not _WANTS_MARKS.search(use.name):
        return False
    entry = prices.entry_of(use)
    return bool(entry.get("supports_prompt_caching")) if entry else use.name.startswith("anthropic/")


def with_marks(messages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return messages with a mark on the system message and on the last message before the new one."""
    last_of_system = max((at for at, message in enumerate(messages) if message["role"] == "system"), default=None)
    last_of_past = len(messages) - 2
    marked = {at for at in (last_of_system, last_of_past) if at is not None and at >= 0}
    return [_marked(message) if at in marked else message for at, message in enumerate(messages)]


def _marked(message: dict[str, Any]) -> dict[str, Any]:
    content: Any = message["content"]
    blocks: list[dict[str, Any]] = [{"type": "text", "text": content}] if isinstance(content, str) else list(content)
    *before, last = blocks
    return {**message, "content": [*before, {**last, "cache_control": _MARK}]}
