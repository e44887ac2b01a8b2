"""Prints a run as plain lines, for pipes and logs: what is said, and progress every tenth of the way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.text import Text

from tinytroupe_cli.cli.generation_progress import generation_lines
from tinytroupe_cli.cli.narration import Narrator
from tinytroupe_cli.cli.outline import Outline
from tinytroupe_cli.cli.status import StatusLine
from tinytroupe_cli.cli.terminal import err, print_text, relative_path, wrapped
from tinytroupe_cli.cli.view import NullView
from tinytroupe_cli.events.types import Event

if TYPE_CHECKING:
    from tinytroupe_cli.api.run import GenerationProgress, Snapshot


class PlainLines(NullView):
    """Prints plain lines without control characters."""

    every = 5.0
    """Seconds between two progress checks."""

    def __init__(self, outline: Outline, *, says: bool) -> None:
        self._says = says
        self._narrator = Narrator(outline)
        self._status = StatusLine(outline)
        self._tenths = 0
        self._began = time.perf_counter()
        self._accounts: Callable[[], Snapshot] | None = None
        self._telling = threading.Lock()
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._keep_telling, daemon=True)

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop watching."""
        self._over.set()
        self._watch.join()

    def on_start(self, folder: Path, accounts: Callable[[], Snapshot]) -> None:
        """Print the run's folder."""
        self._accounts = accounts
        self._began = time.perf_counter()
        err().print(f"  folder: {relative_path(folder)}", markup=False)

    def on_person(self, progress: GenerationProgress) -> None:
        """Print doubtful people, and when all are generated."""
        for line in generation_lines(progress):
            print_text(err(), line)

    def on_note(self, note: str) -> None:
        """Print the note."""
        print_text(err(), f"note: {note}")

    def on_event(self, event: Event) -> None:
        """Print what was said, and the progress."""
        self._status.on_event(event)
        for line in self._narrator.lines(event):
            if self._says or line.kind == "trouble":
                console = err()
                console.print(wrapped(Text(line.text), console))
        self._tell_progress()

    def _keep_telling(self) -> None:
        """Print progress also while no event comes: the answers to a survey all come at its end."""
        while not self._over.wait(self.every):
            self._tell_progress()

    def _tell_progress(self) -> None:
        if self._accounts is None:
            return
        with self._telling:
            now = self._accounts()
            tenths = int(10 * self._status.share(now))
            if tenths > self._tenths:
                self._tenths = tenths
                words = ", ".join(self._status.parts(now, time.perf_counter() - self._began))
                err().print(f"[{10 * tenths:3} %] {words}", markup=False)
