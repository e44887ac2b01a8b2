"""What a run reports while it goes on, and what it returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tinytroupe_cli.api.people_generation import GenerationProgress
from tinytroupe_cli.api.results import Results
from tinytroupe_cli.core.errors import LimitReached
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.models.ledger import Snapshot

__all__ = ["RunListener", "RunOutcome"]


@dataclass(frozen=True)
class RunOutcome:
    """A run that ended, or reached a limit."""

    folder: Path
    results: Results
    reports: tuple[Path, ...]
    limit: LimitReached | None = None
    bugs: tuple[Path, ...] = ()
    """Reports of bugs in troupe that broke trials off."""
    shard: str = ""
    """The shard that was run, such as `2/3`; its expectations are judged when the shards are merged."""

    @property
    def main_report(self) -> Path:
        """Return the path of the report to read first."""
        return next((path for path in self.reports if path.suffix == ".md"), self.reports[0])


@dataclass(frozen=True)
class RunListener:
    """Callbacks of a run."""

    on_start: Callable[[Path, Callable[[], Snapshot]], None] = lambda _folder, _accounts: None
    """The run's folder, and a function that returns the accounts at any moment."""
    on_event: Callable[[Event], None] = lambda _event: None
    on_note: Callable[[str], None] = lambda _note: None
    """Something was learned about a model's server, such as a parameter it does not accept."""
    on_person: Callable[[GenerationProgress], None] = lambda _progress: None
    """A person of a population was generated, or existed already."""
    on_stopping: Callable[[int], None] = lambda _in_flight: None
    """The run is being stopped by the user; this many answers are pending."""
