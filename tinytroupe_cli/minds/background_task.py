"""What a mind does between its turns, while nobody waits for it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from tinytroupe_cli.events.types import Event


@dataclass(frozen=True, slots=True)
class BackgroundTask:
    """Work that begins now and whose events enter the log at the beginning of a later turn, whenever it is done.

    When that is is fixed beforehand, so that the log does not depend on how long it takes.
    """

    work: Callable[[], Coroutine[Any, Any, tuple[Event, ...]]]
    """Returns what it comes to; steps and times are set by the engine."""
    due: int
    """The step before whose turn its events are in the person's past; they wait for it only there."""
