"""troupe init: creates a small project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tinytroupe_cli.cli.terminal import err, out


def init(
    folder: Annotated[Path, typer.Argument(help="The folder for the project; it is created if missing.")] = Path(),
) -> None:
    """Create a project with one experiment, one person, one fragment and settings. Existing files are kept."""
    from tinytroupe_cli.api.project import init_project

    for path, is_new in init_project(folder):
        err().print(f"  {'wrote' if is_new else 'kept '}  {path}", markup=False)
    steps = [] if folder in (Path(), Path.cwd()) else [f"cd {folder}"]
    steps += ["troupe check experiments/", "troupe plan experiments/quickstart.yaml"]
    steps += ["troupe run experiments/quickstart.yaml"]
    err().print("\nWhat next:")
    for step in steps:
        out().print(f"  {step}", markup=False)
