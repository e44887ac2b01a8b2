"""Creates a project from the starter files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.core.files import write_whole
from tinytroupe_cli.personas.library import starters_folder
from tinytroupe_cli.spec.json_schema import experiment_schema

__all__ = ["init_project"]

STARTERS = (
    "experiments/quickstart.yaml",
    "personas/lisa.yaml",
    "fragments/picky_customer.yaml",
    "config.ini",
)
SCHEMA = ".troupe/experiment.schema.json"
HEADER = f"# yaml-language-server: $schema=../{SCHEMA}\n"


def init_project(folder: Path) -> Iterator[tuple[Path, bool]]:
    """Write the starter files to a folder; yields each file and whether it is new. Existing files are kept."""
    if folder.exists() and not folder.is_dir():
        raise RunError(f"'{folder}' is a file", hint="name a folder")
    contents = {name: (starters_folder() / name).read_text(encoding="utf-8") for name in STARTERS}
    contents["experiments/quickstart.yaml"] = HEADER + contents["experiments/quickstart.yaml"]
    contents[".gitignore"] = "results/\n"
    contents[SCHEMA] = json.dumps(experiment_schema(), indent=2, ensure_ascii=False) + "\n"
    for name, text in contents.items():
        path = folder / name
        is_new = not path.exists()
        if is_new:
            write_whole(path, text)
        yield path, is_new
