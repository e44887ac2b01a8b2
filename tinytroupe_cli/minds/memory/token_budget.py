"""How much of a prompt each part of a person's past may take, so that none ever outgrows its model.

Counted in tokens, cautiously; knows lengths only, and nothing of what fills them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PRESENT: Final = 500
"""Kept free for where a person is, who is there and what they can do."""
SCHEMA: Final = 700
"""Kept free for an answer's shape, which some models must be told in words, and for one repair."""
MIN_TOKENS: Final = 900
"""Given to the past even where a model is too small for the person: it will say so itself."""
MAX_RECALLED: Final = 600
MAX_RECALLED_IN_FULL: Final = 8_000
NEWS: Final = 0.4
"""Share of what is left that may have just reached a person; the rest is what they have behind them."""


@dataclass(frozen=True, slots=True)
class TokenBudget:
    """Tokens, at the most."""

    past: int
    """What they keep word for word."""
    news: int
    """What has reached them since their last turn."""
    recalled: int
    """What comes back to them."""


def shares_of(context: int, *, fixed: int, reply: int, is_full: bool = False) -> TokenBudget:
    """Divide what a model can read, once `fixed` tokens of rules and portrait and a reply have their place.

    With `is_full`, all that is remembered is to come back, not just what fits the moment.
    """
    room = max(MIN_TOKENS, context - fixed - reply - PRESENT - SCHEMA)
    recalled = min(MAX_RECALLED_IN_FULL, room // 3) if is_full else min(MAX_RECALLED, room // 8)
    news = int((room - recalled) * NEWS)
    return TokenBudget(past=room - recalled - news, news=news, recalled=recalled)
