"""The interface of run views, and a view that shows nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from tinytroupe_cli.cli.terminal import err
from tinytroupe_cli.events.types import Event

if TYPE_CHECKING:
    from tinytroupe_cli.api.run import GenerationProgress, Snapshot


class View(Protocol):
    """Receives what happens in a run, and shows it."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def on_start(self, folder: Path, accounts: Callable[[], Snapshot]) -> None:
        """The run has a folder and accounts."""
        ...

    def on_event(self, event: Event) -> None:
        """An event was recorded."""
        ...

    def on_person(self, progress: GenerationProgress) -> None:
        """A person of a population was generated."""
        ...

    def on_note(self, note: str) -> None:
        """Something was learned about a model's server."""
        ...

    def on_stopping(self, in_flight: int) -> None:
        """The run is being stopped by hand; this many answers are pending."""
        ...

    def on_interrupt(self, command: str) -> None:
        """The run was stopped by hand."""
        ...


class NullView:
    """Shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Do nothing."""

    def on_start(self, folder: Path, accounts: Callable[[], Snapshot]) -> None:
        """Show nothing."""

    def on_event(self, event: Event) -> None:
        """Show nothing."""

    def on_person(self, progress: GenerationProgress) -> None:
        """Show nothing."""

    def on_note(self, note: str) -> None:
        """Show nothing."""

    def on_stopping(self, in_flight: int) -> None:
        """Print what is waited for, even with --quiet."""
        if in_flight:
            answers = "1 answer" if in_flight == 1 else f"{in_flight} answers"
            err().print(f"\nfinishing {answers}; press Ctrl-C again to stop at once", markup=False)

    def on_interrupt(self, command: str) -> None:
        """Print how to resume, even with --quiet."""
        err().print(f"\nStopped. All answers are kept; resume with:\n  {command}", markup=False)
