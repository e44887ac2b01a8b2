"""Shows a run on a terminal: messages as they are said, and a status line below."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from tinytroupe_cli.cli.generation_progress import generation_lines
from tinytroupe_cli.cli.narration import NarrationLine, Narrator
from tinytroupe_cli.cli.outline import Outline
from tinytroupe_cli.cli.status import StatusLine, who_acts
from tinytroupe_cli.cli.terminal import INDENT, can_show, err, printable, wrapped
from tinytroupe_cli.cli.view import NullView
from tinytroupe_cli.events.types import Event

if TYPE_CHECKING:
    from tinytroupe_cli.api.run import GenerationProgress, Snapshot

COLORS = ("color(32)", "color(166)", "color(134)", "color(64)", "color(30)", "color(168)")
"""Colors of names; all are readable on dark and light backgrounds."""
LAST = 4
"""Lines of a long run shown temporarily."""


class LiveView(NullView):
    """Prints messages; a status line shows who is acting, calls, time left and cost."""

    def __init__(self, outline: Outline, *, says: bool) -> None:
        self._says = says
        self._narrator = Narrator(outline)
        self._status = StatusLine(outline)
        self._before = ""
        """The kind of what was printed last."""
        self._last: deque[NarrationLine | str] = deque(maxlen=LAST)
        self._colors: dict[str, str] = {}
        self._began = time.perf_counter()
        self._accounts: Callable[[], Snapshot] | None = None
        self._live = Live(console=err(), get_renderable=self._draw, refresh_per_second=4, transient=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the status line."""
        self._live.stop()

    def on_start(self, folder: Path, accounts: Callable[[], Snapshot]) -> None:  # noqa: ARG002 - told at the end
        """Start counting."""
        self._accounts = accounts
        self._began = time.perf_counter()

    def on_person(self, progress: GenerationProgress) -> None:
        """Print doubtful people, and when all are generated; show the latest."""
        self._narrator.names[progress.person] = progress.name
        self._last.append(f"{progress.done} of {progress.total} people: {printable(progress.name)}")
        for line in generation_lines(progress):
            self._live.console.print(wrapped(Text(line), self._live.console))
        if progress.done == progress.total:
            self._last.clear()

    def on_note(self, note: str) -> None:
        """Print the note."""
        self._live.console.print(wrapped(Text(f"note: {printable(note)}"), self._live.console))

    def on_event(self, event: Event) -> None:
        """Print what was said or, in a long run, show it temporarily."""
        self._status.on_event(event)
        for line in self._narrator.lines(event):
            if self._says or line.kind == "trouble":
                self._print(line)
            else:
                self._last.append(line)

    def on_interrupt(self, command: str) -> None:
        """Clear the view before printing how to resume."""
        self._live.stop()
        super().on_interrupt(command)

    def _print(self, line: NarrationLine) -> None:
        """Print a line, with a blank line before messages from outside."""
        is_new = line.kind == "voice" and self._before not in {"", "voice"}
        self._before = line.kind
        rows = wrapped(self._styled(line), self._live.console, hang=2 * INDENT if line.kind == "answer" else INDENT)
        self._live.console.print(Text("\n") + rows if is_new else rows)

    def _styled(self, line: NarrationLine) -> Text:
        match line.kind:
            case "person":
                return Text.assemble((line.who, f"bold {self._color(line.person)}"), ": ", line.words)
            case "answer":
                arrow = "→ " if can_show("→", self._live.console) else "> "
                return Text.assemble(arrow, (line.who, self._color(line.person)), ": ", line.words)
            case "voice":
                return Text(line.text, style="italic")
            case "trouble":
                return Text(line.text, style="red")

    def _color(self, person: str) -> str:
        return self._colors.setdefault(person, COLORS[len(self._colors) % len(COLORS)]) if person else "bold"

    def _draw(self) -> Group:
        if self._accounts is None:
            return Group(_one_line("  getting the model ready …"))
        now = self._accounts()
        last = [_one_line(f"  {line if isinstance(line, str) else line.text}") for line in self._last]
        parts = self._status.parts(now, time.perf_counter() - self._began)
        who = who_acts(now, self._narrator.names)
        line = _separator(self._live.console).join([*parts, *([printable(who)] if who else [])])
        return Group(*last, _one_line(f"  {line}", style="bold"))


def _separator(console: Console) -> str:
    return " · " if can_show("·", console) else " | "


def _one_line(words: str, *, style: str = "") -> Text:
    return Text(words, style=style, no_wrap=True, overflow="ellipsis")
