"""Which files an experiment may read: its project's, the user's own people, the starters, and what is allowed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.personas.search_path import project_boundary, starters_folder, user_folder


@dataclass(frozen=True, slots=True)
class FileAccess:
    """Folders whose files may be read; links count as what they lead to."""

    project: Path
    folders: tuple[Path, ...]
    """Real paths, the project's first."""

    def has(self, path: Path) -> bool:
        """Return whether a file or folder may be read."""
        real = Path(os.path.realpath(path))
        return any(real.is_relative_to(folder) for folder in self.folders)

    def refusal(self, path: Path, written: str) -> RunError:
        """Return the error for a file outside."""
        real = Path(os.path.realpath(path))
        folder = real if real.is_dir() else real.parent
        what = "is" if Path(os.path.abspath(path)) == real else "leads to a file"  # noqa: PTH100 - follows no links
        message = f"'{written}' {what} outside the project {self.project}"
        hint = f"copy it into the project, or allow its folder: --allow-path {folder}"
        return RunError(message, hint=hint)

    def check(self, path: Path, written: str) -> None:
        """Raise `RunError` for a file outside."""
        if not self.has(path):
            raise self.refusal(path, written)


def file_access(base_dir: Path, allowed: Sequence[str] = ()) -> FileAccess:
    """Return what a file in this folder may read, with the folders the user allows."""
    project = project_boundary(base_dir)
    more = (Path(os.path.realpath(Path(folder).expanduser())) for folder in allowed)
    shared = (Path(os.path.realpath(folder)) for folder in (user_folder(), *_starters()))
    return FileAccess(project, (project, *shared, *more))


def _starters() -> tuple[Path, ...]:
    """Return the folders of the starters' files; in a checkout these lie beside the package."""
    folder = starters_folder()
    if folder.name == "starters":
        return (folder,)
    return tuple(folder / name for name in ("personas", "fragments", "populations", "experiments", "documents"))
