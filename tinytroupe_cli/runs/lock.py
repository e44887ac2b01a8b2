"""Allows one writer per run. The operating system releases the lock when the process ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tinytroupe_cli.core.errors import RunError

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def locked(path: Path, *, what: str = "this run", since: str = "") -> Generator[None, None, None]:
    """Hold a lock file and write the owner into it; raises `RunError` naming the owner if another process holds it."""
    with path.open("a+b") as file:
        if not _took(file):
            message = f"another troupe is writing {what}: {path.parent}{_owner(file)}"
            raise RunError(message, hint="wait for it to end, or stop it; nothing was asked")
        file.truncate(0)
        file.write(f"process {os.getpid()}{f', since {since}' if since else ''}".encode())
        file.flush()
        yield


def is_locked(path: Path) -> bool:
    """Return whether a process is writing the run; leaves a run that was never locked as it is."""
    if not path.exists():
        return False
    with path.open("a+b") as file:
        return not _took(file)


def _took(file: BinaryIO) -> bool:
    """Take the lock until the file is closed; return False if another process holds it."""
    try:
        _try_lock(file.fileno())
    except (BlockingIOError, PermissionError):  # what POSIX and Windows say when it is taken
        return False
    return True


def _owner(file: BinaryIO) -> str:
    """Return what the owner wrote; empty if it can't be read while locked (Windows)."""
    try:
        file.seek(0)
        words = file.read(200).decode(errors="replace")
    except OSError:
        return ""
    return f" ({words})" if words else ""
