"""Private polls of the people in a discussion, as planned."""

from __future__ import annotations

from collections.abc import Iterator

from tinytroupe_cli.models.port import Frozen

START, ALONE = 0, -1
"""Moments that are no step."""


class PlannedPoll(Frozen):
    """A field of an interview that is also asked before the end."""

    query: str
    field: str
    at_start: bool = True
    at_steps: bool = False
    alone: bool = True

    @property
    def measure(self) -> str:
        """Return the measure."""
        return f"{self.query}.{self.field}"

    def moments(self, steps: int) -> Iterator[int]:
        """Yield when people are asked beside the end: `START`, after a step before the last, `ALONE`."""
        if self.at_start:
            yield START
        if self.at_steps:
            yield from range(1, steps)
        if self.alone:
            yield ALONE
