"""What a page shows beside the results: every event, every call to a model, and the pictures people were shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tinytroupe_cli.events.types import Event


class RecordedCall(NamedTuple):
    """One call to a model, from the run's store."""

    trial: str
    person: str
    step: int
    what: str
    """Its purpose: turn, interview, observe, …"""
    request: str
    """The request as JSON; empty: it was not kept."""
    completion: str
    """The completion as JSON."""


def _no_calls() -> Iterable[RecordedCall]:
    return ()


@dataclass(frozen=True, slots=True)
class RunLog:
    """A run's events, and its calls, which are read only when they are wanted."""

    events: Mapping[str, Sequence[Event]] = field(default_factory=dict[str, Sequence[Event]])
    """Trial id -> its events."""
    calls: Callable[[], Iterable[RecordedCall]] = _no_calls
    """Reads the calls, in the order they were answered."""
    images: Mapping[str, str] = field(default_factory=dict[str, str])
    """Name of a picture people were shown -> the picture as a data URL."""
