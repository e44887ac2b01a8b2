"""What is told while a run is played, and a view that shows nothing of it."""

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
    """Is told what happens, and shows it."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def begun(self, folder: Path, accounts: Callable[[], Snapshot]) -> None:
        """The run has a folder, and accounts."""
        ...

    def happened(self, event: Event) -> None:
        """Something happened."""
        ...

    def wrote(self, progress: GenerationProgress) -> None:
        """Somebody of a population is there."""
        ...

    def noted(self, note: str) -> None:
        """Something was found out of a model's server."""
        ...

    def stopping(self, in_flight: int) -> None:
        """The run is being stopped by hand; so many answers are waited for."""
        ...

    def interrupted(self, command: str) -> None:
        """The run was stopped by hand."""
        ...


class NullView:
    """Shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to clear away."""

    def begun(self, folder: Path, accounts: Callable[[], Snapshot]) -> None:
        """Show nothing."""

    def happened(self, event: Event) -> None:
        """Show nothing."""

    def wrote(self, progress: GenerationProgress) -> None:
        """Show nothing."""

    def noted(self, note: str) -> None:
        """Show nothing."""

    def stopping(self, in_flight: int) -> None:
        """Print what is waited for, even with --quiet."""
        if in_flight:
            answers = "1 answer" if in_flight == 1 else f"{in_flight} answers"
            err().print(f"\nfinishing {answers}; Ctrl-C again to stop at once", markup=False)

    def interrupted(self, command: str) -> None:
        """Print how to resume, even with --quiet."""
        err().print(f"\nStopped. All answers are kept; resume with:\n  {command}", markup=False)
