"""Names of people's files: the folders and endings they have, and the name that a file stands for.

Imports nothing of this package, as names are also looked up while a shell completes a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tinytroupe_cli.personas.formats import Kind

FOLDERS: Final[Mapping[Kind, str]] = {"persona": "personas", "fragment": "fragments"}
ENDINGS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "persona": (".yaml", ".yml", ".agent.json", ".json"),
    "fragment": (".yaml", ".yml", ".fragment.json", ".json"),
}
"""In order of preference."""


def stem(path: Path, kind: Kind) -> str:
    """Return the name of a file; empty if it is not a file of this kind."""
    others = tuple(f"{other}.json" for other in (".agent", ".fragment") if f"{other}.json" not in ENDINGS[kind])
    if path.name.endswith(others):
        return ""
    endings = sorted(ENDINGS[kind], key=len, reverse=True)
    return next((path.name.removesuffix(ending) for ending in endings if path.name.endswith(ending)), "")


def named_files(folder: Path, kind: Kind) -> Iterator[tuple[str, Path]]:
    """Yield the names in a folder with their files, preferred endings first."""
    if not folder.is_dir():
        return
    files = [path for path in sorted(folder.iterdir()) if path.is_file() and not path.name.startswith(".")]
    for ending in ENDINGS[kind]:
        yield from ((name, path) for path in files if (name := stem(path, kind)) and path.name == name + ending)
