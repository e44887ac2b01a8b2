"""Prints a run as JSON lines, for programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tinytroupe_cli.cli.terminal import out, print_json_line
from tinytroupe_cli.cli.view import NullView
from tinytroupe_cli.events.codec import encode
from tinytroupe_cli.events.types import Event

if TYPE_CHECKING:
    from tinytroupe_cli.api.run import GenerationProgress, Snapshot


class JsonLines(NullView):
    """Records for programs: `run_started` and every event; the end of a run adds `run_finished`."""

    def __init__(self, name: str) -> None:
        self._name = name

    def on_start(self, folder: Path, accounts: Callable[[], Snapshot]) -> None:  # noqa: ARG002 - View's signature
        """Write the run's folder."""
        print_json_line({"record": "run_started", "name": self._name, "folder": str(folder)})

    def on_person(self, progress: GenerationProgress) -> None:
        """Write who was generated."""
        print_json_line({"record": "person_written", "person": progress.person, "name": progress.name})

    def on_note(self, note: str) -> None:
        """Write the note."""
        print_json_line({"record": "note", "text": note})

    def on_stopping(self, in_flight: int) -> None:
        """Write how many answers are pending; also tell the user where stdout is redirected."""
        print_json_line({"record": "stopping", "in_flight": in_flight})
        if not out().is_terminal:
            super().on_stopping(in_flight)

    def on_event(self, event: Event) -> None:
        """Write the event."""
        print_json_line(json.loads(encode(event)))
