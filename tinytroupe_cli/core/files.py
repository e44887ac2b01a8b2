"""Writes files whole, and tells errors of the disk from others."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from tinytroupe_cli.core.bounded_files import check_regular


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file atomically: a reader sees either the old content or all of the new, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        _write_synced(draft, data)
        draft.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        error.filename, error.filename2 = str(path), None  # the user knows nothing of drafts
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Make sure that the names in a folder survive a power cut, where the system can do that."""
    with suppress(OSError):  # Windows opens no folders
        folder = os.open(path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def write_private(path: Path, content: str) -> None:
    """Write a file atomically that only its owner can read, in a folder that only its owner can open."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    draft.touch(mode=0o600)
    draft.write_text(content, encoding="utf-8")
    draft.replace(path)


def make_private(path: Path) -> None:
    """Make sure that a file exists and only its owner can read it, as well as a folder created for it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    check_regular(path)
    if not path.exists():
        path.touch(mode=0o600)
    elif path.stat().st_mode & 0o077:
        with suppress(PermissionError):  # somebody else's file, which this user may write
            path.chmod(0o600)


_OF_THE_DISK = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.EFBIG),
    *(errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG),
}
"""A full or locked disk, a file in place of a folder: problems the user can fix."""


def is_disk_error(error: BaseException) -> bool:
    """Return whether an error is a full disk, a locked folder or the like."""
    return isinstance(error, BrokenPipeError) or (isinstance(error, OSError) and error.errno in _OF_THE_DISK)
