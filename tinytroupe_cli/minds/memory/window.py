"""Which moments a person still has word for word: a pure fold of how long their moments were.

They leave in blocks, the older half at once, so that a prompt's beginning stays put in between.
A block is chosen a little before it leaves: that is the time to make facts of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

LEAD: Final = 3
"""So many turns before it leaves a block is chosen, where moments are of usual length."""
NEARLY: Final = 0.8
"""Share of the tokens at which the next block is chosen."""


@dataclass(frozen=True, slots=True)
class WindowLimits:
    """The most that is kept word for word."""

    moments: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Block:
    """Moments that leave together: from `first` up to, but without, `through`."""

    first: int
    through: int


@dataclass(slots=True)
class Window:
    """What is kept, what is about to leave, what has left; `add` tells it each moment that is over."""

    bounds: WindowLimits
    lengths: list[int] = field(default_factory=list[int])
    """Tokens of each moment, in order."""
    evicted: list[Block] = field(default_factory=list[Block])
    """The blocks that have left, in order."""
    evicting: Block | None = None
    """Chosen, and still kept."""
    chosen: list[tuple[int, Block]] = field(default_factory=list[tuple[int, Block]])
    """Every block that has left or is leaving, with the number of the moment that made it be chosen."""
    tokens: int = 0
    """Of what is kept."""

    @property
    def begin(self) -> int:
        """Return the number of the first moment that is kept."""
        return self.evicted[-1].through if self.evicted else 0

    def add(self, tokens: int) -> None:
        """Take in a moment that is over, and let go what no longer fits."""
        self.lengths.append(tokens)
        self.tokens += tokens
        while self._exceeds(self.bounds.moments, self.bounds.tokens):
            block = self.evicting or self._choose()
            self.evicting = None
            self.tokens -= sum(self.lengths[block.first : block.through])
            self.evicted.append(block)
        if self.evicting is None and self._exceeds(self._soft, int(self.bounds.tokens * NEARLY)):
            self.evicting = self._choose()

    @property
    def _soft(self) -> int:
        return self.bounds.moments - min(LEAD, self.bounds.moments // 4)

    def _exceeds(self, moments: int, tokens: int) -> bool:
        return len(self.lengths) - self.begin > moments or self.tokens > tokens

    def _choose(self) -> Block:
        """Choose the oldest moments that must go for at most half to stay."""
        kept, tokens, through = len(self.lengths) - self.begin, self.tokens, self.begin
        half = max(1, self.bounds.moments // 2)
        while through == self.begin or kept > half or tokens > self.bounds.tokens // 2:
            kept, tokens = kept - 1, tokens - self.lengths[through]
            through += 1
        block = Block(self.begin, through)
        self.chosen.append((len(self.lengths) - 1, block))
        return block


def window_of(lengths: Iterable[int], bounds: WindowLimits) -> Window:
    """Fold the lengths of all moments."""
    window = Window(bounds)
    for tokens in lengths:
        window.add(tokens)
    return window
