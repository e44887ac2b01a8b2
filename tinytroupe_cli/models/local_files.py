"""Model files on this machine: their paths, their integrity, their removal.

A file gets its final name only after its hash was checked, so an existing file is complete.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from tinytroupe_cli.core.bounded_files import sha256_of
from tinytroupe_cli.models.local_catalog import LocalModelEntry

CHUNK = 1 << 20


def user_models_folder() -> Path:
    """Return the default folder of model files: `models` in the user's cache."""
    return platformdirs.user_cache_path("troupe", appauthor=False) / "models"


@dataclass(frozen=True)
class LocalFiles:
    """The folder of model files; no other module knows its paths."""

    folder: Path

    def path(self, entry: LocalModelEntry) -> Path:
        """Return the path of the complete file, whether it exists or not; part of the hash is in the name."""
        if entry.file:
            return Path(entry.file)
        kind = "gguf" if entry.does == "chat" else "model"
        name = entry.name.removeprefix("hf:").removesuffix(".gguf").replace("/", "--")
        return self.folder / f"{name}-{entry.sha256[:8]}.{kind}"

    def draft(self, entry: LocalModelEntry) -> Path:
        """Return the path of a partial download."""
        return self.path(entry).with_suffix(".part")

    def workplace(self, entry: LocalModelEntry) -> Path:
        """Return a folder for temporary files; cleared before and after a download."""
        return self.path(entry).with_suffix(".fetch")

    def lock(self) -> Path:
        """Return the lock file; its holder may write here."""
        return self.folder / ".lock"

    def is_present(self, entry: LocalModelEntry) -> bool:
        """Return whether the whole file is here."""
        path = self.path(entry)
        return path.is_file() and path.stat().st_size == entry.bytes

    def fetched(self, entry: LocalModelEntry) -> int:
        """Return how many bytes an interrupted download left."""
        draft = self.draft(entry)
        return draft.stat().st_size if draft.is_file() else 0

    def is_sound(self, entry: LocalModelEntry) -> bool:
        """Read the file and compare its hash; takes seconds."""
        return self.is_present(entry) and sha256_of(self.path(entry)) == entry.sha256

    def remove(self, entry: LocalModelEntry) -> int:
        """Delete the file and any partial download; return the bytes freed."""
        freed = 0
        for path in (self.path(entry), self.draft(entry)):
            if path.is_file():
                freed += path.stat().st_size
                path.unlink()
        return freed


@contextmanager
def exclusive_lock(path: Path, *, waiting: Callable[[], None]) -> Generator[None]:
    """Hold a file lock against other processes; call `waiting` once if another process holds it.

    The system releases the lock when a process dies.
    """
    from filelock import lock_descriptor  # noqa: PLC0415 - only a download waits for it

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        if not lock_descriptor(file.fileno(), blocking=False):
            waiting()
            lock_descriptor(file.fileno())
        yield
