"""Settings of DRY (Don't Repeat Yourself) sampling, for a line that is asked for again from a model on this machine.

The longer a sequence of the prompt a token would continue, the less likely it is. Measured with the 1.5B model on a
group of three (`apartment_ad`, 12 turns): 3 repeats without it, none with it.
"""

from __future__ import annotations

from typing import Final

from pydantic import JsonValue

ALLOWED_LENGTHS: Final = (5, 3)
"""Tokens of a sequence that are free, by strictness from 1 on. With 2 from the first time on facts changed too: 62
square metres became 60, Herrera Herrmann; so a shorter length is only for the last try."""


def dry_settings(strictness: int) -> dict[str, JsonValue]:
    """Return the engine's settings for a strictness from 1 on; they are part of a call's identity."""
    return {
        "dry_multiplier": 0.8,
        "dry_base": 1.75,
        "dry_penalty_last_n": 8192,
        "dry_sequence_breakers": [":", '"'],
        "dry_allowed_length": ALLOWED_LENGTHS[min(strictness, len(ALLOWED_LENGTHS)) - 1],
    }
