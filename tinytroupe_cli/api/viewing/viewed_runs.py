"""Which runs a viewer shows, each by a name: the path of a request is looked up here, and never opens a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tinytroupe_cli.runs.folder import LATEST, RunFolder
from tinytroupe_cli.runs.run_lookup import folders_below, no_run_in, open_folder


@dataclass(frozen=True)
class ViewedRuns:
    """All runs in some folders, or one run alone."""

    where: tuple[Path, ...]
    """Folders of runs, such as results/."""
    only: RunFolder | None = None
    """The one run that is shown; None: all."""

    def all(self) -> dict[str, RunFolder]:
        """Return `name/folder` -> run, of those that are there now."""
        if self.only is not None:
            return {key_of(self.only.path): self.only}
        return {key_of(folder.path): folder for folder in self._found()}

    def _found(self) -> Iterator[RunFolder]:
        for where in self.where:
            yield from folders_below(where)


def viewed(where: Path) -> ViewedRuns:
    """Return the run in a folder, or all runs in a folder of runs; raises `NothingToDo` if there is none."""
    if (where / "manifest.json").is_file() or where.name == LATEST:
        return ViewedRuns((), open_folder(where))
    found = ViewedRuns((where,))
    if not found.all():
        raise no_run_in(where)
    return found


def viewed_folders(where: Sequence[Path]) -> ViewedRuns:
    """Return all runs in folders of runs, which may be empty so far."""
    return ViewedRuns(tuple(dict.fromkeys(where)))


def key_of(path: Path) -> str:
    """Return `name/folder`."""
    path = path.resolve()
    return f"{path.parent.name}/{path.name}"


def address_of(key: str) -> str:
    """Return the address of a run's page, relative to the server's first page."""
    return f"runs/{quote(key)}/"
