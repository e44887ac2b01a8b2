"""The parts of a trial in which its people are in one condition.

Most trials are of one condition and have one part: themselves. Where people meet conditions one after another, each
period is a part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tinytroupe_cli.events.event import TrialEvent
from tinytroupe_cli.plan.types import PlannedQuery, Trial

E = TypeVar("E", bound=TrialEvent)


@dataclass(frozen=True, slots=True)
class TrialPart:
    """A trial as far as it is of one condition."""

    trial: Trial
    """The trial with the stimuli and queries of the part alone, and its condition."""
    period: int = 0
    """Number of the period, from 1; 0: the trial has one condition."""
    preceding: str = ""
    """Name of the condition of the period before; empty: there is none."""
    first: int = 0
    """First step."""
    last: int | None = None
    """Last step; None: the trial's."""
    later: int = 0
    """By how many steps it is later than it would be as the first period."""

    def events(self, events: Iterable[E]) -> list[E]:
        """Return the events of a trial's log that belong to this part."""
        return [
            event for event in events if self.first <= event.step and (self.last is None or event.step <= self.last)
        ]


def parts_of(trial: Trial) -> Sequence[TrialPart]:
    """Return the parts of a trial, in the order they are played."""
    if not trial.periods:
        return (TrialPart(trial),)
    before = ("", *(period.condition for period in trial.periods))
    return tuple(
        TrialPart(
            trial.model_copy(
                update={
                    "condition": period.condition,
                    "periods": (),
                    "stimuli": tuple(one for one in trial.stimuli if period.first <= one.step <= period.last),
                    "queries": tuple(query for query in trial.queries if query.period == number),
                }
            ),
            number,
            before[number - 1],
            period.first,
            period.last,
            period.last - trial.periods[0].last,
        )
        for number, period in enumerate(trial.periods, start=1)
    )


def step_asked(trial: Trial, query: PlannedQuery) -> int:
    """Return the step after which a query is asked."""
    return trial.periods[query.period - 1].last if query.period else trial.world.steps
