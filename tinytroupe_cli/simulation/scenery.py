"""What is known of a trial before it is played: times, stimuli, places, who reaches whom.

Moves are planned, so all of this is a function of the trial alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tinytroupe_cli.core.streams import Stream
from tinytroupe_cli.events.types import Perceived
from tinytroupe_cli.plan.types import Trial
from tinytroupe_cli.simulation.clock import time_at
from tinytroupe_cli.simulation.worlds import interviews, room


@dataclass(frozen=True)
class Scenery:
    """A trial, answering the engine's questions about it."""

    trial: Trial
    cast: tuple[str, ...]
    places: tuple[dict[str, str], ...]
    """Person -> place, for each step; index 0 is before the first."""

    def time(self, step: int) -> datetime:
        """Return the simulated time of a step."""
        world = self.trial.world
        return time_at(datetime.fromisoformat(world.start), world.pace, max(step, 1))

    def stamp(self, step: int) -> str:
        """Return a step's time as events carry it."""
        return self.time(step).isoformat(timespec="minutes")

    def reach(self, person: str, step: int) -> tuple[str, ...]:
        """Return those a person can hear and speak to at a step, in cast order."""
        if self.trial.world.type == "interviews":
            return interviews.within_reach()
        return room.within_reach(person, self.cast, self.places[step])

    def stimuli(self, step: int) -> list[Perceived]:
        """Return what reaches people at a step, as written."""
        return [
            Perceived(
                trial=self.trial.id,
                step=step,
                time=self.stamp(step),
                people=stimulus.to,
                sense=stimulus.verb,
                source=stimulus.source,
                to=self._addressed(stimulus.to, to_everyone=stimulus.to_everyone),
                text=stimulus.text,
            )
            for stimulus in self.trial.stimuli
            if stimulus.step == step
        ]

    def order(self, step: int) -> list[str]:
        """Return the order in which people act at a step."""
        if self.trial.world.order == "shuffled":
            return Stream(self.trial.seed, "order", step).shuffled(self.cast)
        return list(self.cast)

    def _addressed(self, to: Sequence[str], *, to_everyone: bool) -> str:
        alone = self.trial.world.type == "interviews" or len(to) == 1
        return to[0] if alone and len(to) == 1 else "everyone" if to_everyone else "several"


def scenery_of(trial: Trial) -> Scenery:
    """Work out where everyone is at every step."""
    cast = tuple(member.id for member in trial.people)
    now = dict.fromkeys(cast, trial.world.place)
    places = [dict(now)]
    for step in range(1, trial.world.steps + 1):
        for stimulus in trial.stimuli:
            if stimulus.step == step and stimulus.verb == "move":
                now |= dict.fromkeys(stimulus.to, stimulus.text)
        places.append(dict(now))
    return Scenery(trial, cast, tuple(places))
