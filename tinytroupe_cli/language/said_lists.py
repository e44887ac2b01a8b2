"""Parses a list written as one text: on lines, with bullets or numbers, between commas or semicolons."""

from __future__ import annotations

import json
import re
from typing import Final, cast

MAX_WORDS: Final = 5
"""Maximum length of an entry between commas; longer pieces are sentences."""
_BULLET = re.compile(r"^\s*(?:[-*•\u2013—]|\(?\d{1,2}[.)])\s+")
_NUMBERED = re.compile(r"(?:^|\s)\(?\d{1,2}[.)]\s+")
_CLAUSE = re.compile(r"^(?:and|but|because|so|which|if|that|when|it|i|you|we|they|he|she|not|the)\b", re.IGNORECASE)


def said_entries(text: str) -> tuple[str, ...] | None:
    """Return the entries of a clear list; None for any other text."""
    words = text.strip()
    if words[:1] == "[":
        return _json_entries(words)
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    if len(lines) > 1 and (all(_BULLET.match(line) for line in lines) or _are_short(lines)):
        return tuple(_BULLET.sub("", line).strip() for line in lines)
    if len(lines) == 1 and len(_NUMBERED.findall(words)) > 1 and _NUMBERED.match(words):
        return _kept(_NUMBERED.split(words))
    if len(lines) == 1 and _BULLET.match(words):
        return (_BULLET.sub("", words).strip(),)
    return _between_marks(words) if len(lines) == 1 else None


def _json_entries(words: str) -> tuple[str, ...] | None:
    try:
        entries = json.loads(words)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entries, list):
        return None
    texts = [entry for entry in cast("list[object]", entries) if isinstance(entry, str)]
    return tuple(texts) if len(texts) == len(cast("list[object]", entries)) else None


def _between_marks(words: str) -> tuple[str, ...] | None:
    if words.endswith((".", "!", "?")) and not words.endswith(("etc.", "...")):
        return None
    if ";" in words:
        return _kept(words.split(";"))
    pieces = _kept(words.split(","))
    if len(pieces) < 2:  # noqa: PLR2004
        return None
    *first, last = pieces
    last = re.sub(r"^(?:and|or|und|et|y)\s+", "", last)
    all_pieces = (*first, last)
    is_list = all(len(piece.split()) <= MAX_WORDS and not _CLAUSE.match(piece) for piece in all_pieces)
    return all_pieces if is_list else None


def _are_short(lines: list[str]) -> bool:
    return all(len(line.split()) <= MAX_WORDS * 2 and not line.endswith((",", ":")) for line in lines)


def _kept(pieces: list[str]) -> tuple[str, ...]:
    return tuple(piece.strip() for piece in pieces if piece.strip())
