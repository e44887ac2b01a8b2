"""Directors: what may intervene at the beginning of a step, before people act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tinytroupe_cli.events.event import LogTime
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.simulation.state import WorldState


class Director(Protocol):
    """Looks at all that has happened and makes something happen, or not."""

    async def direct(self, stamp: LogTime, log: Sequence[Event], world: WorldState) -> Sequence[Event]:
        """Return what happens now, stamped; `Ended` lets this step be the last.

        `log` is all of the trial up to this step's stimuli, in its order; its events' `seq` are 0.
        """
        ...
