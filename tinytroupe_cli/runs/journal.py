"""Appends and reads events.jsonl; a torn last line, left by a kill, is not an event."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import ValidationError

from tinytroupe_cli.core.bounded_files import check_regular, read_regular
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.core.files import sync_folder
from tinytroupe_cli.events.codec import decode, encode
from tinytroupe_cli.events.types import Event, TrialEnded
from tinytroupe_cli.runs.damage import what_is_left


class Journal:
    """Writes one trial's events from the start; each line is flushed before the next, and all are synced at the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("wb", buffering=0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            os.fsync(self._file.fileno())
            sync_folder(self._path.parent)
            sync_folder(self._path.parent.parent)
        self._file.close()

    def write(self, event: Event) -> None:
        """Append an event."""
        self._file.write(encode(event).encode() + b"\n")


def read_events(path: Path) -> list[Event]:
    """Return a trial's events; empty if it has not started. Raises `RunError` for a damaged line inside."""
    if not path.exists():
        return []
    try:
        *whole, torn = read_regular(path).split(b"\n")
    except OSError as error:
        message = f"{path} can't be read: {(error.strerror or 'unknown reason').lower()}"
        raise RunError(message, hint=what_is_left(path.parents[2])) from error
    events: list[Event] = []
    for number, line in enumerate(whole, start=1):
        try:
            events.append(decode(line))
        except ValidationError as error:
            raise RunError(
                f"{path}:{number} is not an event this version can read", hint=what_is_left(path.parents[2])
            ) from error
    if torn and not torn.startswith(b"{"):  # else it is what a kill left of a line
        raise RunError(f"{path}:{len(whole) + 1} is damaged: it is not an event", hint=what_is_left(path.parents[2]))
    return events


def whole_lines(path: Path, start: int) -> list[bytes]:
    """Return the lines of a journal that are complete, from a position on; raises `OSError` if it can't be read."""
    check_regular(path)
    with path.open("rb") as file:
        file.seek(start)
        *whole, _torn = file.read().split(b"\n")
    return whole


def is_finished(events: Sequence[Event]) -> bool:
    """Return whether a trial was played to its end."""
    return bool(events) and isinstance(events[-1], TrialEnded)
