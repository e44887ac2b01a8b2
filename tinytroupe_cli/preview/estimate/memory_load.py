"""How much of their past people have before them at each turn, and how often they make facts of what leaves.

Bounds for the estimate, in letters; a run knows the lengths and counts exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinytroupe_cli.plan.types import MemoryPlan

CHARACTERS_PER_TOKEN = 3
"""As a run counts them, cautiously."""
SHARE = 0.6
"""Of a prompt, at the most, for what is kept word for word."""
LEAD = 3
"""So many turns before it leaves, facts are made of a block."""
FACTS = 1_600
"""Letters of the facts made at a time, at the most."""
MIN_FACTS = 60
ONE_IN = 5
"""Of those who could, so many stop to think of something, at the most."""
PIECE = 400
"""Letters of a piece of memory that is turned into a vector."""
ASKED = 800
"""Letters of the request for facts."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What a memory does to moments of a given length."""

    memory: MemoryPlan
    moment: int
    """Letters of a usual moment: what reached them, and their own turn."""

    @property
    def letters(self) -> int:
        """Return the most letters kept word for word."""
        return int(self.memory.tokens * SHARE) * CHARACTERS_PER_TOKEN

    @property
    def kept(self) -> int:
        """Return the most moments kept word for word."""
        return max(1, min(self.memory.window, self.letters // max(1, self.moment)))

    def behind(self, turns: int) -> int:
        """Return the letters of what is kept after so many turns."""
        return min(turns, self.kept) * self.moment

    def blocks(self, turns: int) -> list[int]:
        """Return the letters of each block of which facts are made in so many turns; none that would come too late."""
        if not self.memory.consolidate or self.memory.recall == "off":
            return []
        soft = self.kept - min(LEAD, self.kept // 4)
        block = max(1, soft + 1 - max(1, self.kept // 2))
        last = turns - LEAD
        return [block * self.moment] * (0 if last <= soft else 1 + (last - soft - 1) // block)

    def reminded(self, turns: int) -> int:
        """Return how many of so many turns come when something has left the mind already."""
        return max(0, turns - self.kept) if self.memory.recall != "off" else 0
