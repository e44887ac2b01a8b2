"""Reads files of bounded size, and refuses pipes, devices and folders before they are opened."""

from __future__ import annotations

import codecs
import errno
import hashlib
import os
import stat
from pathlib import Path
from typing import Final

from tinytroupe_cli.core.errors import TroupeError

MAX_TEXT_BYTES: Final = 3_000_000
"""Of an experiment, a persona, a fragment, a population, config.ini, and a text document."""
MAX_TABLE_BYTES: Final = 20_000_000
"""Of a table of people or of answers."""
MAX_PACKED_BYTES: Final = 30_000_000
"""Of a PDF, a Word or an Excel file as it is on the disk."""

_SPECIAL: Final = (
    (stat.S_ISDIR, "a folder, not a file"),
    (stat.S_ISFIFO, "a pipe, not a file"),
    (stat.S_ISCHR, "a device, not a file"),
    (stat.S_ISBLK, "a device, not a file"),
    (stat.S_ISSOCK, "a socket, not a file"),
)


class UnreadableFileError(TroupeError):
    """A file can't be read; the message continues a sentence that begins with its name: `can't be read: …`."""


def read_bounded(path: Path, most: int) -> bytes:
    """Return a file's content of at most `most` bytes; raises `UnreadableFileError`."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            _check(os.fstat(descriptor), most)
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if len(data) > most:
        raise too_large(len(data), most)
    return data


def decoded(data: bytes) -> str:
    """Return a file's text: UTF-8, or UTF-16 if its first two bytes say so, as Excel and PowerShell write it.

    Raises `UnicodeDecodeError` for any other encoding.
    """
    is_utf16 = data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return data.decode("utf-16" if is_utf16 else "utf-8-sig")


def read_regular(path: Path) -> bytes:
    """Return all of a file of our own; raises `OSError` also for a pipe or a device, which would not end."""
    check_regular(path)
    return path.read_bytes()


def sha256_of(path: Path) -> str:
    """Return the hash of a file, read in pieces; raises `OSError` also for a pipe or a device."""
    check_regular(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_regular(path: Path) -> None:
    """Raise `OSError` if something other than a file has this path; nothing if there is nothing."""
    if path.exists() and not path.is_file():
        kind = next((words for is_kind, words in _SPECIAL if is_kind(path.stat().st_mode)), "not a file")
        raise OSError(errno.EINVAL, f"it is {kind}", str(path))


def check_file(path: Path, most: int) -> None:
    """Raise `UnreadableFileError` if this is not a file of at most `most` bytes."""
    try:
        _check(path.stat(), most)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def is_named(path: Path) -> bool:
    """Return whether something other than a folder has this path: a file, a pipe, a link that leads nowhere."""
    return os.path.lexists(path) and not os.path.isdir(path)  # noqa: PTH112 - a name may be no possible path


def too_large(found: int, most: int) -> UnreadableFileError:
    """Return the error for a file of `found` bytes."""
    return UnreadableFileError(
        f"is too large: {megabytes(found)}; the maximum is {megabytes(most)}", hint="keep only the relevant part"
    )


def megabytes(count: int) -> str:
    """Format a number of bytes: 15.9 MB, 30 MB, 0.02 MB."""
    return f"{count / 10**6:.{1 if count >= 10**6 else 2}f}".rstrip("0").rstrip(".") + " MB"


def _check(found: os.stat_result, most: int) -> None:
    for is_kind, words in _SPECIAL:
        if is_kind(found.st_mode):
            raise UnreadableFileError(f"is {words}")
    if found.st_size > most:
        raise too_large(found.st_size, most)


def _unreadable(path: Path, error: OSError | ValueError) -> UnreadableFileError:
    if isinstance(error, FileNotFoundError) and path.is_symlink():
        return UnreadableFileError(f"is a link to '{path.readlink()}', which does not exist")
    if isinstance(error, IsADirectoryError):
        return UnreadableFileError("is a folder, not a file")
    reason = getattr(error, "strerror", None) or "not a possible path"
    return UnreadableFileError(f"can't be read: {reason.lower()}")
