"""A run that is going, read from its folder by any process: its progress, and the rows that are new.

A reader names the version they have. They get, for each trial, the rows from the first that differs: events are
appended, and a resumed run writes the journals of its unfinished trials anew.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from tinytroupe_cli.api.viewing.run_figures import cost_in_words, planned_calls, seconds_since_start, spent
from tinytroupe_cli.core.clock import Clock
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.events.codec import decode
from tinytroupe_cli.events.types import Event, TrialEnded
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.reports.live_page import RunProgress, live_page
from tinytroupe_cli.reports.page_templates import Served
from tinytroupe_cli.reports.transcript_rows import COLUMNS, trial_rows
from tinytroupe_cli.runs.damage import what_is_left
from tinytroupe_cli.runs.folder import RunFolder
from tinytroupe_cli.runs.journal import whole_lines
from tinytroupe_cli.runs.manifest import Manifest

LATEST: Final = 6
"""Events shown above the transcript."""
_KIND, _PROBLEM = COLUMNS.index("kind"), COLUMNS.index("problem")
_QUIET: Final = ("noticed", "memory", "felt")
"""Kinds of rows that are not news."""


@dataclass
class _TrialLog:
    """What has been read of one journal."""

    read: int = 0
    """Bytes."""
    events: list[Event] = field(default_factory=list[Event])
    rows: list[list[Any]] = field(default_factory=list[list[Any]])

    def forget(self) -> None:
        """Read the journal from its start next time; rows are kept to tell which of them differ then."""
        self.read, self.events = 0, []


class LiveRun:
    """Reads what is new in a run's folder."""

    def __init__(self, folder: RunFolder, clock: Clock) -> None:
        self._folder, self._clock = folder, clock
        self._lock = threading.Lock()
        self._trials: list[_TrialLog] = []
        self._changes: list[tuple[int, int, int]] = []
        """Version, trial, and its first row that differs."""
        self._version = 0
        self._latest: deque[list[Any]] = deque(maxlen=LATEST)
        self._frame, self._planned_calls, self._sessions = "", 1, 0

    def page(self, served: Served) -> bytes:
        """Return the page that shows it; raises `RunError` if a file is damaged."""
        with self._lock:
            manifest, plan = self._folder.manifest(), self._folder.plan()
            self._read(plan, manifest)
            return live_page(plan, self._progress(plan, manifest), self._frame, served, started=manifest.started)

    def news(self, since: int) -> dict[str, Any]:
        """Return the progress and all that is new since a version; raises `RunError` if a file is damaged."""
        with self._lock:
            manifest, plan = self._folder.manifest(), self._folder.plan()
            self._read(plan, manifest)
            progress = self._progress(plan, manifest)
            return {
                "frame": self._frame,
                "version": self._version,
                "facts": progress.facts(),
                "share": round(progress.share, 4),
                "changes": list(self._changed(since)),
                "latest": list(self._latest),
            }

    def _progress(self, plan: Plan, manifest: Manifest) -> RunProgress:
        calls, usd = spent(self._folder, manifest)
        ended = (bool(trial.events) and isinstance(trial.events[-1], TrialEnded) for trial in self._trials)
        return RunProgress(
            trials_done=sum(ended),
            trials=len(plan.trials),
            calls=calls,
            planned_calls=self._planned_calls,
            cost=cost_in_words(plan, usd),
            seconds=seconds_since_start(manifest, self._clock),
            problems=sum(bool(row[_PROBLEM]) for trial in self._trials for row in trial.rows),
        )

    def _changed(self, since: int) -> Iterator[dict[str, Any]]:
        starts: dict[int, int] = {}
        for version, trial, start in self._changes:
            if version > since:
                starts[trial] = min(start, starts.get(trial, start))
        for trial, start in starts.items():
            yield {"trial": trial, "start": start, "rows": self._trials[trial].rows[start:]}

    def _read(self, plan: Plan, manifest: Manifest) -> None:
        if _frame_of(plan) != self._frame:  # people were generated, or added
            self._frame, self._planned_calls = _frame_of(plan), planned_calls(plan)
            self._trials = [_TrialLog() for _ in plan.trials]
            self._changes.clear()
            self._latest.clear()
        if manifest.sessions != self._sessions:  # it was resumed, and answers asked again may be others
            self._sessions = manifest.sessions
            for trial in self._trials:
                trial.forget()
        places = {member.id: number for number, member in enumerate(plan.cast)}
        files = [self._folder.events_file(trial.id) for trial in plan.trials]
        for number in _oldest_first(files):
            if _read_more(self._trials[number], files[number]):
                self._take(number, list(trial_rows(number, self._trials[number].events, places)))

    def _take(self, number: int, rows: list[list[Any]]) -> None:
        before = self._trials[number].rows
        pairs = enumerate(zip(before, rows, strict=False))
        start = next((place for place, (old, new) in pairs if old != new), min(len(before), len(rows)))
        if start == len(before) == len(rows):
            return
        self._trials[number].rows = rows
        self._version += 1
        self._changes.append((self._version, number, start))
        self._latest.extend(row for row in rows[max(start, len(before)) :] if row[_KIND] not in _QUIET)


def _frame_of(plan: Plan) -> str:
    """Return what tells whether the people and trials are still the same."""
    return f"{len(plan.cast)} {len(plan.trials)}"


def _oldest_first(files: Sequence[Path]) -> list[int]:
    """Return the places of files that exist, those that were changed last at the end."""
    changed: dict[int, int] = {}
    for number, file in enumerate(files):
        with suppress(OSError):
            changed[number] = file.stat().st_mtime_ns
    return sorted(changed, key=lambda number: (changed[number], number))


def _read_more(trial: _TrialLog, path: Path) -> bool:
    """Read a journal's new lines; return whether there are any. One that became shorter is read from the start."""
    try:
        size = path.stat().st_size
        if size == trial.read:
            return False
        if size < trial.read:
            trial.forget()
        lines = whole_lines(path, trial.read)
        trial.events += [decode(line) for line in lines]
    except (OSError, ValidationError) as error:
        raise RunError(f"'{path}' can't be read", hint=what_is_left(path.parents[2])) from error
    trial.read += sum(len(line) + 1 for line in lines)
    return True
