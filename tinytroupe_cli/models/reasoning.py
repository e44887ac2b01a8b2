"""Knows which models reason before they answer, and how many tokens that takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.models.prices import PriceTable

ROOM: Final[Mapping[str, int]] = {
    "none": 0,
    "disable": 0,
    "minimal": 1_000,
    "low": 2_000,
    "medium": 4_000,
    "high": 16_000,
    "xhigh": 32_000,
    "max": 32_000,
}
"""Effort -> tokens of a reply for reasoning. A bound, not a cost: only tokens used are paid."""
USUAL: Final = "medium"
TYPICAL: Final[tuple[int, int]] = (150, 1_500)
"""Tokens of reasoning before a short answer at the usual effort, low and high: for estimates."""
WIDER: Final = 4
"""Factor for the room of a reply that was cut off."""
_NAMES: Final = re.compile(
    r"(?:^|[/\-_.:])(?:o[1-9](?:-|$)|gpt-5|deepseek-(?:reasoner|r\d)|qwq|qwen3(?!.*instruct)|magistral|.*thinking"
    r"|.*reasoner|.*reasoning|gpt-oss)",
    re.IGNORECASE,
)
_NOT_REASONING: Final = re.compile(r"non-reasoning|no-?think|gpt-5-chat|gpt-5(?:\.\d)?-chat", re.IGNORECASE)


def reasons(model: ModelConfig, prices: PriceTable) -> bool:
    """Return whether a model thinks before it answers unless it is told not to: as LiteLLM's table says, else its name.

    The table lists Anthropic's and Gemini's models that *can*; Anthropic's only do when asked to.
    """
    entry, use = prices.entry_of(model), model.base_model or model.name
    if _NOT_REASONING.search(use):
        return False
    if entry.get("supports_reasoning"):
        return not (use.startswith("anthropic/") or "claude" in use)
    return bool(_NAMES.search(use)) and not use.startswith("local/")


def reasoning_room(model: ModelConfig, prices: PriceTable) -> int:
    """Return the tokens of a reply for reasoning."""
    effort = (model.reasoning_effort or "").lower()
    if effort:
        return ROOM.get(effort, ROOM[USUAL])
    return ROOM[USUAL] if reasons(model, prices) else 0


def typical_thought(model: ModelConfig, prices: PriceTable) -> tuple[int, int]:
    """Return how many tokens a model reasons before a short answer, low and high."""
    room = reasoning_room(model, prices)
    low, high = TYPICAL
    return (low * room // ROOM[USUAL], high * room // ROOM[USUAL])
