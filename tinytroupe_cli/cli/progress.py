"""What is seen while a run is played: a reader of events like any other.

On a terminal a live view; elsewhere plain lines; JSON lines or nothing if asked.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from rich.console import Group
from rich.live import Live
from rich.text import Text

from tinytroupe_cli.cli.casting import casting_lines
from tinytroupe_cli.cli.progress_words import one_line, said, status
from tinytroupe_cli.cli.terminal import err, harmless, near, print_json_line
from tinytroupe_cli.events.codec import encode
from tinytroupe_cli.events.types import Event, Failed, Refused, TrialBegan, TrialEnded

if TYPE_CHECKING:
    from tinytroupe_cli.api.preparing import Prepared
    from tinytroupe_cli.api.running import Progress, Snapshot

LINES = 8
"""Of what was said last, in the live view."""
MOST_TURNS = 150
"""Turns up to which plain lines print all that is said."""


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

    def wrote(self, progress: Progress) -> None:
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


def view_for(prepared: Prepared, *, is_quiet: bool, is_json: bool) -> View:
    """Choose how a run is shown."""
    if is_json:
        return JsonLines(prepared.plan.name)
    if is_quiet:
        return Silent()
    total = prepared.estimate.calls.low
    turns = sum(len(trial.people) * trial.world.steps for trial in prepared.plan.trials)
    console = err()
    if console.is_terminal and os.environ.get("TERM") != "dumb":
        return LiveView(total, says=turns <= MOST_TURNS)
    return PlainLines(total, says=turns <= MOST_TURNS)


class Silent:
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

    def wrote(self, progress: Progress) -> None:
        """Show nothing."""

    def noted(self, note: str) -> None:
        """Show nothing."""

    def stopping(self, in_flight: int) -> None:
        """Say what is waited for; that is always told."""
        if in_flight:
            answers = "1 answer" if in_flight == 1 else f"{in_flight} answers"
            err().print(f"\nfinishing {answers}; Ctrl-C again to stop at once", markup=False)

    def interrupted(self, command: str) -> None:
        """Say how to go on; that much is always told."""
        err().print(f"\nStopped. Nothing that was answered is lost; this goes on from here:\n  {command}", markup=False)


class JsonLines(Silent):
    """Records for programs: `run_started` and every event; whoever ends the run adds `run_finished`."""

    def __init__(self, name: str) -> None:
        self._name = name

    def begun(self, folder: Path, accounts: Callable[[], Snapshot]) -> None:  # noqa: ARG002 - View's signature
        """Write where the run is."""
        print_json_line({"record": "run_started", "name": self._name, "folder": str(folder)})

    def wrote(self, progress: Progress) -> None:
        """Write who is there."""
        print_json_line({"record": "person_written", "person": progress.person, "name": progress.name})

    def noted(self, note: str) -> None:
        """Write it."""
        print_json_line({"record": "note", "text": note})

    def happened(self, event: Event) -> None:
        """Write the event."""
        print_json_line(json.loads(encode(event)))


class PlainLines(Silent):
    """One line for whatever is worth one, and one for every tenth of the way."""

    every = 5.0
    """Seconds between two looks at how far we are."""

    def __init__(self, total: int, *, says: bool) -> None:
        self._total = max(total, 1)
        self._says = says
        self._names: dict[str, str] = {}
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
        """Watch no longer."""
        self._over.set()
        self._watch.join()

    def begun(self, folder: Path, accounts: Callable[[], Snapshot]) -> None:
        """Print where the run is."""
        self._accounts = accounts
        self._began = time.perf_counter()
        err().print(f"  folder {near(folder)}", markup=False)

    def wrote(self, progress: Progress) -> None:
        """Print who is doubtful, and when all are there."""
        for line in casting_lines(progress):
            err().print(line, markup=False)

    def noted(self, note: str) -> None:
        """Print it."""
        err().print(f"  note   {harmless(note)}", markup=False)

    def happened(self, event: Event) -> None:
        """Print what was said, and how far we are."""
        if isinstance(event, TrialBegan):
            self._names |= event.names
        line = said(event, self._names)
        if line and (self._says or isinstance(event, Refused | Failed)):
            err().print(line)
        self._tell_progress()

    def _keep_telling(self) -> None:
        """Tell also while nothing happens: the answers to a survey are all told at its end."""
        while not self._over.wait(self.every):
            self._tell_progress()

    def _tell_progress(self) -> None:
        if self._accounts is None:
            return
        with self._telling:
            now = self._accounts()
            tenths = min(10 * (now.calls + now.found) // self._total, 10)
            if tenths > self._tenths:
                self._tenths = tenths
                words = status(now, self._total, time.perf_counter() - self._began)
                err().print(f"[{10 * tenths:3} %] {words}", markup=False)


class LiveView(Silent):
    """Who is acting, what was said last, calls, tokens, cost, time left."""

    def __init__(self, total: int, *, says: bool) -> None:
        self._total = max(total, 1)
        self._says = says
        self._names: dict[str, str] = {}
        self._lines: deque[Text] = deque(maxlen=LINES)
        self._trials = 0
        self._began = time.perf_counter()
        self._accounts: Callable[[], Snapshot] | None = None
        self._live = Live(console=err(), get_renderable=self._draw, refresh_per_second=4, transient=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the terminal as it was."""
        self._live.stop()

    def begun(self, folder: Path, accounts: Callable[[], Snapshot]) -> None:
        """Begin to count."""
        self._accounts = accounts
        self._began = time.perf_counter()
        self._live.console.print(f"  folder {near(folder)}", markup=False)

    def wrote(self, progress: Progress) -> None:
        """Print who is doubtful, and when all are there; keep who came last."""
        self._names[progress.person] = progress.name
        self._lines.append(Text(f"  {progress.done} of {progress.total} people: {harmless(progress.name)}"))
        for line in casting_lines(progress):
            self._live.console.print(line, markup=False)

    def noted(self, note: str) -> None:
        """Print it."""
        self._live.console.print(f"  note   {harmless(note)}", markup=False)

    def happened(self, event: Event) -> None:
        """Show what was said; where that is much, only what was said last."""
        if isinstance(event, TrialBegan):
            self._names |= event.names
        self._trials += isinstance(event, TrialEnded)
        line = said(event, self._names)
        if line and self._says:
            self._live.console.print(line)
        elif line:
            self._lines.append(line)

    def interrupted(self, command: str) -> None:
        """Clear the view before saying how to go on."""
        self._live.stop()
        super().interrupted(command)

    def _draw(self) -> Group:
        lines = [one_line(line) for line in self._lines]
        if self._accounts is None:
            return Group(Text("  preparing the model …", style="dim"))
        now = self._accounts()
        acting = sorted({self._names.get(purpose.person, purpose.person or "the judge") for purpose in now.in_flight})
        shown = ", ".join(acting[:6]) + (" …" if len(acting) > 6 else "")  # noqa: PLR2004 - what fits a line
        words = status(now, self._total, time.perf_counter() - self._began)
        return Group(*lines, Text(f"  now    {shown or '-'}", style="dim"), Text(f"  {words}", style="bold"))
