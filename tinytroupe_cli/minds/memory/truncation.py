"""Fits texts into the tokens there are for them: the longest give way, and each says what it left out.

Beginning and end stay, cut at words; nothing is left out without a note in its place.
"""

from __future__ import annotations

from collections.abc import Sequence

from tinytroupe_cli.core.tokens import estimate_tokens

NOTE_TOKENS = 30
FRONT = 0.75
"""Share of what stays of a text that is its beginning."""


def truncate_all(texts: Sequence[str], most: int) -> list[str]:
    """Return the texts, together about `most` tokens at the most; short ones are never touched."""
    lengths = [estimate_tokens(text) for text in texts]
    if sum(lengths) <= most:
        return list(texts)
    fair = _fair(lengths, most)
    return [truncate_middle(text, fair) if tokens > fair else text for text, tokens in zip(texts, lengths, strict=True)]


def truncate_middle(text: str, most: int) -> str:
    """Return a text's beginning and end with a note between them of how much is left out there."""
    if estimate_tokens(text) <= most:
        return text
    room = max(0, most - NOTE_TOKENS)
    front = _beginning(text, int(room * FRONT))
    back = _end(text[len(front) :], room - int(room * FRONT))
    words = len(text[len(front) : len(text) - len(back)].split())
    note = f"[… about {max(words, 1):,} {'word' if words <= 1 else 'words'} are left out here …]"
    return " ".join(part for part in (front.rstrip(), note, back.lstrip()) if part)


def _fair(lengths: Sequence[int], most: int) -> int:
    """Return the length to which the longest are cut for all to fit."""
    room, left = most, sorted(lengths)
    while left and left[0] <= room // len(left):
        room -= left.pop(0)
    return room // len(left) if left else most


def _beginning(text: str, tokens: int) -> str:
    cut = text.encode()[: tokens * 3].decode(errors="ignore")
    at = max(cut.rfind(" "), cut.rfind("\n"))
    return cut[:at] if at > len(cut) // 2 else cut


def _end(text: str, tokens: int) -> str:
    cut = text.encode()[max(0, len(text.encode()) - tokens * 3) :].decode(errors="ignore") if tokens else ""
    at = min((found for found in (cut.find(" "), cut.find("\n")) if found >= 0), default=-1)
    return cut[at:] if 0 <= at < len(cut) // 2 else cut
