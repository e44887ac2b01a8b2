"""Creates a person's file from a few answers, or from a template; `authors.py` does it from a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.core.files import write_whole
from tinytroupe_cli.personas.library import standard_library
from tinytroupe_cli.personas.persona_file import blank_yaml, file_stem, persona_yaml
from tinytroupe_cli.personas.search_path import project_root

__all__ = ["QUESTIONS", "OutputPath", "write_answered", "write_blank", "write_fields"]

QUESTIONS: Final = {
    "name": "What is their name?",
    "age": "How old are they?",
    "work": "What do they do? (such as: baker with her own shop)",
    "residence": "Where do they live? (such as: Leeds, with two flatmates)",
    "traits": "What are they like? (a few words, with commas)",
}
"""Only the name has to be answered."""
MAX_NAMESAKES: Final = 1000


@dataclass(frozen=True, slots=True)
class OutputPath:
    """Where a new person's file goes."""

    project_dir: Path
    """The folder the command runs in."""
    out: str = ""
    """The requested file or folder; default: `personas/` of the project, or here."""
    force: bool = False
    """Overwrite an existing file."""

    def file(self, name: str) -> Path:
        """Return the file for a person; raises RunError if it exists, unless forced."""
        path = self._named(file_stem(name))
        if path.exists() and not self.force:
            raise RunError(
                f"{self.shown(path)} already exists",
                hint="replace it with --force, or choose another file with --name or --out",
            )
        return path

    def output_file(self, name: str) -> Path:
        """Return an unused file for an automatically named person; a longer name where the short one is taken."""
        if self.force or self._is_file:
            return self.file(name)
        short, whole = file_stem(name), file_stem(name.replace(" ", "-"))
        return next(path for path in self._names(short, whole) if not path.exists())

    def shown(self, path: Path) -> str:
        """Return a path relative to the command's folder."""
        return standard_library(self.project_dir).shown(path)

    @property
    def _is_file(self) -> bool:
        return self.out.lower().endswith((".yaml", ".yml"))

    def _named(self, stem: str) -> Path:
        if self.out.lower().endswith(".json"):
            raise RunError("a new person is always written as YAML", hint=f"use --out {self.out[:-5]}.yaml")
        if self._is_file:
            return self.project_dir / self.out
        folder = (
            self.project_dir / self.out
            if self.out
            else (project_root(self.project_dir) or self.project_dir) / "personas"
        )
        return folder / f"{stem}.yaml"

    def _names(self, short: str, whole: str) -> Iterator[Path]:
        yield self._named(short)
        yield self._named(whole)
        for number in range(2, MAX_NAMESAKES):
            yield self._named(f"{whole}-{number}")
        raise RunError(f"there are too many people called {whole}", hint="choose another file with --name or --out")


def write_answered(answers: Mapping[str, str], path: Path) -> None:
    """Write the person described by the answers; an empty one leaves its field out."""
    traits: list[JsonValue] = [trait.strip() for trait in answers["traits"].split(",") if trait.strip()]
    fields: dict[str, JsonValue] = {
        "name": answers["name"],
        "age": int(answers["age"]) if answers["age"] else None,
        "residence": answers["residence"],
        "occupation": {"title": answers["work"]},
        "personality": {"traits": traits},
    }
    write_fields(fields, path, heading=f"{answers['name']}, as described by hand.")


def write_fields(fields: Mapping[str, JsonValue], path: Path, *, heading: str) -> None:
    """Write a person's fields as a short commented file."""
    write_whole(path, persona_yaml(fields, heading=heading))


def write_blank(name: str, path: Path) -> None:
    """Write a template to fill in."""
    write_whole(path, blank_yaml(name))
