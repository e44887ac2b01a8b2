"""Shows on a terminal that a command is at work, once it takes longer than a second.

Nothing is shown in a pipe, with --json or with -q, and the line is gone before anything else is printed.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from tinytroupe_cli.cli.terminal import err, printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

DELAY: Final = 1.0
"""Seconds without a sign that nobody minds."""

Counted = Callable[[int, int], None]
"""Called with how much is done, and of how much."""


@contextmanager
def waiting(what: str, *, is_quiet: bool = False) -> Generator[Counted]:
    """Show what is being done, with the time it has taken and a bar, while the block runs; print nothing in it."""
    console = err()
    if is_quiet or not console.is_terminal or os.environ.get("TERM") == "dumb":
        yield lambda _, __: None
        return
    sign = _Sign(console, printable(what))
    try:
        yield sign.count
    finally:
        sign.end()


class _Sign:
    """The line; drawn by a thread, since the command is busy."""

    def __init__(self, console: Console, what: str) -> None:
        self._console, self._what = console, what
        self._lock = threading.Lock()
        self._has_ended = False
        self._bar: Progress | None = None
        self._counted: tuple[int, int] | None = None
        self._timer = threading.Timer(DELAY, self._begin)
        self._timer.daemon = True
        self._timer.start()

    def count(self, done: int, total: int) -> None:
        """Say how far the work is."""
        self._counted = (done, total)
        with self._lock:
            if self._bar is not None:
                self._bar.update(self._bar.task_ids[0], completed=done, total=total)

    def end(self) -> None:
        """Remove the line."""
        self._timer.cancel()
        with self._lock:
            self._has_ended = True
            if self._bar is not None:
                self._bar.stop()

    def _begin(self) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("  {task.description}", markup=False), BarColumn(), TimeElapsedColumn())
        with self._lock:
            if self._has_ended:
                return
            bar = Progress(
                *columns, console=self._console, transient=True, redirect_stdout=False, redirect_stderr=False
            )
            done, total = self._counted or (0, None)
            bar.add_task(self._what, completed=done, total=total)
            bar.start()
            self._bar = bar
