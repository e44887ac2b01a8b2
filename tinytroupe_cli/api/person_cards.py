"""Finds, shows and checks the people and fragments available in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from tinytroupe_cli.core.diagnostics import Diagnostic
from tinytroupe_cli.core.errors import NothingToDo, SpecError
from tinytroupe_cli.personas.file_names import stem
from tinytroupe_cli.personas.formats import Kind, kind_of, unwrap
from tinytroupe_cli.personas.fragment import fragment_from
from tinytroupe_cli.personas.library import Library, NotFound, standard_library
from tinytroupe_cli.personas.persona import persona_from
from tinytroupe_cli.personas.rendering import PersonaLine, one_line, persona_lines

__all__ = [
    "Kind",
    "Library",
    "PersonCard",
    "PersonaLine",
    "check_person_file",
    "list_cards",
    "looks_like_person_file",
    "one_line",
    "person_files",
    "read_card",
    "standard_library",
]


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person or fragment as described by their file."""

    stem: str
    """Its name in an experiment."""
    file: str
    fields: dict[str, JsonValue]
    lines: tuple[PersonaLine, ...]
    summary: str = ""
    """The file's opening comment."""
    problems: tuple[Diagnostic, ...] = ()
    """Findings; if they include errors, the fields are empty."""


def list_cards(kind: Kind, project_dir: Path) -> list[PersonCard]:
    """Return every person (or fragment) available to experiments in this folder, broken files included."""
    library = standard_library(project_dir)
    return [_card(library, kind, name, path) for name, path in library.names(kind, base_dir=project_dir).items()]


def read_card(kind: Kind, name: str, project_dir: Path) -> PersonCard:
    """Return one card, by name or path; raises SpecError if the file is wrong, RunError if it does not exist."""
    library = standard_library(project_dir)
    found = library.find(kind, name, base_dir=project_dir)
    if isinstance(found, NotFound):
        raise NothingToDo(found.message, hint=found.hint)
    card = _card(library, kind, stem(found, kind) or found.name, found)
    errors = [problem for problem in card.problems if problem.is_error]
    if errors:
        raise SpecError(errors)
    return card


def check_person_file(path: Path, project_dir: Path | None = None) -> list[Diagnostic]:
    """Return all findings in a persona or fragment file; `project_dir` shortens the path shown."""
    library = standard_library(project_dir or Path.cwd())
    try:
        document = library.read(path)
    except SpecError as error:
        return list(error.diagnostics)
    kind = _kind_by_place(path) or kind_of(document.value) or "persona"
    return unwrap(document, kind)[1]


def looks_like_person_file(path: Path) -> bool:
    """Return whether a file is meant to be a persona or a fragment: by its name and folder, else by what it holds."""
    if path.suffix.lower() not in (".yaml", ".yml", ".json"):
        return False
    if _kind_by_place(path):
        return True
    try:
        return kind_of(standard_library(path.parent).read(path).value) is not None
    except SpecError:
        return False


def person_files(name: str, project_dir: Path) -> list[Path]:
    """Return the files meant by a path, a folder, or the name of a person or fragment."""
    path = project_dir / name
    if path.is_dir():
        found = [file for file in sorted(path.rglob("*")) if file.is_file() and looks_like_person_file(file)]
        if not found:
            raise NothingToDo(f"no persona or fragment in {name}")
        return found
    if path.exists():
        return [path]
    library = standard_library(project_dir)
    person, fragment = (library.find(kind, name, base_dir=project_dir) for kind in ("persona", "fragment"))
    if isinstance(person, Path):
        return [person]
    if isinstance(fragment, Path):
        return [fragment]
    raise NothingToDo(person.message, hint=person.hint)


def _card(library: Library, kind: Kind, name: str, path: Path) -> PersonCard:
    source = library.shown(path)
    read = persona_from if kind == "persona" else fragment_from
    try:
        document = library.read(path)
        written = read(document)
    except SpecError as error:
        return PersonCard(name, source, {}, (), problems=error.diagnostics)
    fields = dict(written.fields)
    return PersonCard(
        name, source, fields, tuple(persona_lines(fields)), _opening_comment(document.text), written.warnings
    )


def _opening_comment(text: str) -> str:
    first = text.lstrip().split("\n", maxsplit=1)[0].strip()
    return first.lstrip("#").strip() if first.startswith("#") else ""


def _kind_by_place(path: Path) -> Kind | None:
    if path.name.endswith(".agent.json"):
        return "persona"
    if path.name.endswith(".fragment.json"):
        return "fragment"
    kinds: dict[str, Kind] = {"personas": "persona", "fragments": "fragment"}
    nearest_folders = path.absolute().parent.parts[-1:-3:-1]
    return next((kinds[name] for name in nearest_folders if name in kinds), None)
