"""One writer per run. The operating system lets go of it when the process ends, however it ends."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

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
def locked(path: Path) -> Generator[None, None, None]:
    """Hold a lock file; raises `RunError` if another process does."""
    with path.open("ab") as file:
        try:
            _try_lock(file.fileno())
        except (BlockingIOError, PermissionError) as error:  # what POSIX and Windows say when it is taken
            message = f"another troupe is writing this run: {path.parent}"
            raise RunError(message, hint="wait for it to end, or stop it") from error
        yield


def is_locked(path: Path) -> bool:
    """Say whether a process is writing the run; leaves a run that was never locked as it is."""
    if not path.exists():
        return False
    try:
        with locked(path):
            return False
    except RunError:
        return True
