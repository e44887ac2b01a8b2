"""Estimates how much of their past is in people's prompts at each turn, and how often facts are extracted.

Bounds for the estimate, in characters; a run counts exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinytroupe_cli.plan.types import MemoryPlan

CHARACTERS_PER_TOKEN = 3
"""The same cautious factor as in a run."""
SHARE = 0.6
"""Maximum share of a prompt for verbatim moments."""
LEAD = 3
"""Number of turns before a block leaves the window at which its facts are extracted."""
FACTS = 1_600
"""Maximum characters of the facts extracted at a time."""
MIN_FACTS = 60
ONE_IN = 5
"""Maximum share of eligible people who use recall."""
PIECE = 400
"""Characters of a memory that is embedded."""
ASKED = 800
"""Characters of the request for facts."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """The effect of a memory's settings on moments of a given length."""

    memory: MemoryPlan
    moment: int
    """Characters of a typical moment: stimuli and the person's own turn."""

    @property
    def characters(self) -> int:
        """Return the maximum characters kept verbatim."""
        return int(self.memory.tokens * SHARE) * CHARACTERS_PER_TOKEN

    @property
    def kept(self) -> int:
        """Return the maximum number of moments kept verbatim."""
        return max(1, min(self.memory.window, self.characters // max(1, self.moment)))

    def behind(self, turns: int) -> int:
        """Return the characters kept after so many turns."""
        return min(turns, self.kept) * self.moment

    def blocks(self, turns: int) -> list[int]:
        """Return the characters of each block of facts in so many turns, without those that would come too late."""
        if not self.memory.consolidate or self.memory.recall == "off":
            return []
        soft = self.kept - min(LEAD, self.kept // 4)
        block = max(1, soft + 1 - max(1, self.kept // 2))
        last = turns - LEAD
        return [block * self.moment] * (0 if last <= soft else 1 + (last - soft - 1) // block)

    def reminded(self, turns: int) -> int:
        """Return how many of so many turns come after something has left the window."""
        return max(0, turns - self.kept) if self.memory.recall != "off" else 0
