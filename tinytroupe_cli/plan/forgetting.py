"""How much of their past people have before them at each turn, and how often they make facts of what leaves.

Bounds for the estimate, in letters; a run knows the lengths and counts exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinytroupe_cli.plan.types import MemoryPlan

LETTERS_PER_TOKEN = 3
"""As a run counts them, cautiously."""
SHARE = 0.6
"""Of a prompt, at the most, for what is kept word for word."""
LEAD = 3
"""So many turns before it leaves, facts are made of a block."""
FACTS = 1_600
"""Letters of the facts made at a time, at the most."""
FEWEST_FACTS = 60
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
        return int(self.memory.tokens * SHARE) * LETTERS_PER_TOKEN

    @property
    def kept(self) -> int:
        """Return the most moments kept word for word."""
        return max(1, min(self.memory.window, self.letters // max(1, self.moment)))

    def behind(self, turns: int) -> int:
        """Return the letters of what is kept after so many turns."""
        return min(turns, self.kept) * self.moment

    def blocks(self, turns: int) -> list[int]:
        """Return the letters of each block of which facts are made in so many turns."""
        if not self.memory.consolidate:
            return []
        soft = self.kept - min(LEAD, self.kept // 4)
        block = soft + 1 - max(1, self.kept // 2)
        count = 0 if turns <= soft else 1 + (turns - soft - 1) // max(1, block)
        return [max(1, block) * self.moment] * count
