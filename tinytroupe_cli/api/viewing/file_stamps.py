"""Whether a run's files have changed since they were read."""

from __future__ import annotations

from contextlib import suppress

from tinytroupe_cli.runs.folder import RunFolder

Stamps = frozenset[tuple[str, int, int]]
"""Path, time of change in nanoseconds and size of every file of a run."""
_OTHERS = (".sqlite", "-wal", "-shm", ".lock")
"""Ends of files that also change when a run is only read; what is in them changes with the logs of trials."""


def stamps(folder: RunFolder) -> Stamps:
    """Return when each file of a run was changed."""
    found: set[tuple[str, int, int]] = set()
    for path in folder.path.rglob("*"):
        with suppress(OSError):  # it has been replaced or removed meanwhile
            is_told = path.is_file() and not path.name.endswith(_OTHERS)
            if is_told:
                stat = path.stat()
                found.add((str(path), stat.st_mtime_ns, stat.st_size))
    return frozenset(found)
