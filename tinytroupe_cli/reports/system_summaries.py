"""How the systems did that people talked to: replies, failures, and how long they took."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from tinytroupe_cli.events.types import Event, SystemReplied
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.types import Plan

ExchangeKey = tuple[str, str, int, str]
"""Trial, person, step, system: one exchange at the most."""
PERCENTILE = 0.95


class SystemSummary(Frozen):
    """Exchanges with one system, over all trials."""

    name: str
    """Name of the system."""
    replies: int = 0
    """Number of replies."""
    failures: int = 0
    """Number of failures."""
    seconds_median: float | None = None
    """Median wall time of an exchange, failures included; null: nobody talked to it."""
    seconds_p95: float | None = None
    """95th percentile."""
    seconds_max: float | None = None
    """Longest."""


def system_summaries(
    plan: Plan, events: Mapping[str, Sequence[Event]], seconds: Mapping[ExchangeKey, float]
) -> Iterator[SystemSummary]:
    """Yield a summary of each system, in the order written."""
    found = [event for trial in plan.trials for event in events.get(trial.id, ()) if isinstance(event, SystemReplied)]
    for name in dict.fromkeys(system.name for trial in plan.trials for system in trial.systems):
        own = [event for event in found if event.system == name]
        times = sorted(
            took for event in own if (took := seconds.get((event.trial, event.person, event.step, name))) is not None
        )
        yield SystemSummary(
            name=name,
            replies=sum(event.is_ok for event in own),
            failures=sum(not event.is_ok for event in own),
            seconds_median=_rounded(median(times)) if times else None,
            seconds_p95=_rounded(times[math.ceil(PERCENTILE * len(times)) - 1]) if times else None,
            seconds_max=_rounded(times[-1]) if times else None,
        )


def _rounded(seconds: float) -> float:
    return round(seconds, 4)
