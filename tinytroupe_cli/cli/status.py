"""Tracks the progress of a run: step, calls, time left, cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tinytroupe_cli.cli.outline import Outline
from tinytroupe_cli.core.number_format import duration
from tinytroupe_cli.events.types import Event, StepBegan, TrialEnded

if TYPE_CHECKING:
    from tinytroupe_cli.api.run import Snapshot

MAX_NAMES = 3


class StatusLine:
    """Counts events and describes the progress."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._step = 0
        self._ended = 0

    def on_event(self, event: Event) -> None:
        """Count steps and trials."""
        if isinstance(event, StepBegan):
            self._step = event.step
        self._ended += isinstance(event, TrialEnded)

    def share(self, now: Snapshot) -> float:
        """Return the share of the run that is done, from 0 to 1.

        It is that of the calls the run takes at least; once these are done, that of its steps.
        """
        outline = self._outline
        done = _answered(now) / outline.calls
        if done < 1 or outline.trials > 1 or not self._step:
            return min(done, 1.0)
        return self._step / outline.steps

    def parts(self, now: Snapshot, seconds: float) -> list[str]:
        """Return the step, the calls and, if a model is called, the time left and the cost so far."""
        asked = [] if self._outline.is_offline else [self._time(now, seconds), self._cost(now)]
        return [*self._place(), self._calls(now), *asked]

    def _place(self) -> list[str]:
        outline = self._outline
        if outline.trials > 1:
            return [f"{self._ended} of {outline.trials:,} trials done"]
        return [f"step {self._step} of {outline.steps}"] if self._step else []

    def _calls(self, now: Snapshot) -> str:
        done, total = _answered(now), self._outline.calls
        retries = f", {now.retries} retries" if now.retries else ""
        is_last = done == total and self.share(now) == 1
        return (f"{done:,} of {total:,} calls" if done < total or is_last else f"{done:,} calls") + retries

    def _time(self, now: Snapshot, seconds: float) -> str:
        share = self.share(now)
        left = seconds / share * (1 - share) if 0 < share < 1 else 0
        return duration(seconds) + (f", about {duration(left)} left" if left >= 1 else "")

    def _cost(self, now: Snapshot) -> str:
        if self._outline.is_free:
            return "free"
        if now.unpriced and not now.usd:
            return "cost unknown"
        return (f"${now.usd:.4f}" if now.usd else "$0") + (" and an unknown cost" if now.unpriced else "")


def _answered(now: Snapshot) -> int:
    """Return the calls that estimates count."""
    return now.calls + now.found - now.embeddings


def who_acts(now: Snapshot, names: dict[str, str]) -> str:
    """Return who is being waited for; empty where nobody is."""
    who = sorted({names.get(purpose.person, purpose.person) or "the judge" for purpose in now.in_flight})
    if not who:
        return ""
    more = len(who) - MAX_NAMES
    shown = ", ".join(who[:MAX_NAMES]) + (f" and {more} more" if more > 0 else "")
    return f"{shown} …"
