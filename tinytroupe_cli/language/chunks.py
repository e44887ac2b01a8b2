"""Splits a long text at its natural boundaries: headings, paragraphs, lines, sentences, words.

Nothing is lost: together, the chunks have every word of the text, in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tinytroupe_cli.core.tokens import estimate_tokens

_HEADING = re.compile(r"^(#{1,6})\s+(\S.*?)\s*#*\s*$")
_JOINTS = (
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])"),  # noqa: RUF001 - where sentences of Chinese and Japanese end
    re.compile(r"\s+"),
)
"""Where a paragraph that is too long may be split, best first."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a text."""

    heading: str
    """The headings above it, outermost first: `Prices > Discounts`; empty if there are none."""
    text: str


def chunks(text: str, most: int) -> list[Chunk]:
    """Split a text into chunks of at most about `most` tokens; none for a text without words."""
    packing = _Chunker(most)
    for paragraph in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        packing.add(paragraph.strip("\n").rstrip())
    packing.close()
    return packing.chunks


@dataclass(slots=True)
class _Chunker:
    """Fills one chunk after another."""

    most: int
    chunks: list[Chunk] = field(default_factory=list[Chunk])
    trail: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    """Level and words of the current headings."""
    heading: str = ""
    """Tokens of the current chunk."""
    held: list[str] = field(default_factory=list[str])

    def add(self, paragraph: str) -> None:
        if not paragraph.strip():
            return
        found = _HEADING.match(paragraph.split("\n", maxsplit=1)[0])
        if found:
            self._open(len(found[1]), found[2])
        for piece in filter(str.strip, _pieces(paragraph, self.most)):
            if self.held and estimate_tokens("\n\n".join([*self.held, piece])) > self.most:
                self.close()
            self.held.append(piece)

    def close(self) -> None:
        """End the current chunk."""
        if self.held:
            self.chunks.append(Chunk(self.heading, "\n\n".join(self.held)))
        self.held = []
        self.heading = " > ".join(words for _, words in self.trail)

    def _open(self, level: int, words: str) -> None:
        """Start below a heading; an introductory line stays with the text that follows."""
        if not all(_HEADING.match(piece) for piece in self.held):
            self.close()
        self.trail = [(above, title) for above, title in self.trail if above < level] + [(level, words)]
        self.heading = " > ".join(title for _, title in self.trail)


def _pieces(paragraph: str, most: int, joints: tuple[re.Pattern[str], ...] = _JOINTS) -> Iterator[str]:
    """Yield a paragraph whole or, if it is too long, split at the best boundaries."""
    if estimate_tokens(paragraph) <= most:
        yield paragraph
        return
    if not joints:
        yield from _slices(paragraph, most)
        return
    held, end = 0, 0
    for begin, stop in _spans(paragraph, joints[0]):
        if estimate_tokens(paragraph[held:stop]) > most and end > held:
            yield from _pieces(paragraph[held:end], most, joints[1:])
            held = begin
        end = stop
    yield from _pieces(paragraph[held:], most, joints[1:])


def _spans(text: str, joint: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Yield start and end of the spans between boundaries."""
    begin = 0
    for match in joint.finditer(text):
        if match.start() > begin:
            yield begin, match.start()
        begin = match.end()
    if begin < len(text):
        yield begin, len(text)


def _slices(text: str, most: int) -> Iterator[str]:
    """Split a text without boundaries."""
    begin = 0
    while begin < len(text):
        end = begin + max(1, most // 2)  # no letter has more than two tokens by our count
        while end < len(text) and estimate_tokens(text[begin : end + 1]) <= most:
            end += 1
        yield text[begin:end]
        begin = end
