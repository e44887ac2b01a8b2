"""Levels of factors that have several wordings: the idea is the treatment, not the sentence."""

from __future__ import annotations

from pydantic import JsonValue

_KEY = "wordings"
"""The only key of such a level."""


def wordings_of(level: JsonValue) -> tuple[str, ...]:
    """Return the wordings of a level {wordings: [a, b]}; empty for any other value."""
    if not isinstance(level, dict) or list(level) != [_KEY]:
        return ()
    texts = level[_KEY]
    return tuple(str(text) for text in texts) if isinstance(texts, list) else ()


def level_in(level: JsonValue, wording: int) -> JsonValue:
    """Return a level's value in a version, counted from 1; 0: the first."""
    texts = wordings_of(level)
    return texts[max(wording, 1) - 1] if max(wording, 1) <= len(texts) else level
