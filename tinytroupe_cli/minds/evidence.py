"""Cuts what is to be judged into pieces that can be read at once; nothing is left out."""

from __future__ import annotations

from collections.abc import Iterator


def split_by_bytes(text: str, most: int) -> list[str]:
    """Return a text in pieces of at most `most` bytes, cut between paragraphs, else lines, else anywhere."""
    return list(_joined(_cut(text, most, ("\n\n", "\n", " ")), most))


def size(text: str) -> int:
    """Return a text's size in bytes: nearer to tokens than letters are, in any script."""
    return len(text.encode())


def _cut(text: str, most: int, breaks: tuple[str, ...]) -> Iterator[str]:
    """Yield parts that fit, each with the break that follows it."""
    if size(text) <= most:
        yield text
    elif breaks:
        first, *rest = breaks
        *parts, last = text.split(first)
        for part in (*(f"{part}{first}" for part in parts), last):
            yield from _cut(part, most, tuple(rest))
    else:
        characters = max(most // 4, 1)  # a letter has at most four bytes
        yield from (text[at : at + characters] for at in range(0, len(text), characters))


def _joined(parts: Iterator[str], most: int) -> Iterator[str]:
    piece = ""
    for part in parts:
        if piece and size(piece) + size(part) > most:
            yield piece
            piece = ""
        piece += part
    yield piece
