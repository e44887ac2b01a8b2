"""Allows one writer per run. The operating system releases the lock when the process ends."""

from __future__ import annotations

import os
import platform
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tinytroupe_cli.core.bounded_files import check_regular
from tinytroupe_cli.core.errors import EnvironmentProblem, RunError

_OWNER_AT = 1
"""Where the owner is written: the first byte is the one locked, and Windows lets nobody else read it."""


@contextmanager
def locked(path: Path, *, what: str = "this run", since: str = "") -> Generator[None, None, None]:
    """Hold a lock file and write the owner into it; raises `RunError` naming the owner if another process holds it."""
    with _opened(path) as file:
        if not _took(file, path):
            message = f"another troupe process is writing {what}: {path.parent}{_owner(file)}"
            raise RunError(message, hint="wait for it to end, or stop it; no calls were made")
        file.truncate(0)
        owner = f"process {os.getpid()} on {platform.node()}{f', since {since}' if since else ''}"
        file.write(b" " * _OWNER_AT + owner.encode())
        file.flush()
        yield


def is_locked(path: Path) -> bool:
    """Return whether a process is writing the run; leaves a run that was never locked as it is."""
    if not path.exists():
        return False
    with _opened(path) as file:
        return not _took(file, path)


def _opened(path: Path) -> BinaryIO:
    try:
        check_regular(path)
    except OSError as error:
        raise RunError(f"'{path}' can't be used: {error.strerror}", hint="delete it and try again") from error
    return path.open("a+b")


def _took(file: BinaryIO, path: Path) -> bool:
    """Take the lock until the file is closed; return False if another process holds it."""
    from filelock import lock_descriptor  # noqa: PLC0415 - `check` and `plan` start without it

    try:
        return lock_descriptor(file.fileno(), blocking=False)
    except OSError as error:  # what some network file systems answer
        message = f"{path.parent} can't be locked: {error.strerror or error}"
        raise EnvironmentProblem(message, hint="keep runs on another disk: --results DIR") from error


def _owner(file: BinaryIO) -> str:
    """Return what the owner wrote; empty if it can't be read while locked."""
    try:
        file.seek(_OWNER_AT)
        words = file.read(200).decode(errors="replace")
    except OSError:
        return ""
    return f" ({words})" if words else ""
