"""Finds and reads the files of people, fragments and populations by name.

The only module of this package that reads the disk. Independent of experiments: the caller passes
the folder in which a name was written.
"""

from __future__ import annotations

import glob
import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tinytroupe_cli.core.bounded_files import MAX_TABLE_BYTES, is_named
from tinytroupe_cli.core.diagnostics import Diagnostic, Span, did_you_mean
from tinytroupe_cli.core.environment_references import REFERENCE
from tinytroupe_cli.core.errors import RunError, SpecError
from tinytroupe_cli.language.positions import Document, diagnose, read_json, read_yaml, texts_of
from tinytroupe_cli.language.reading import read_text
from tinytroupe_cli.personas.excel import excel_as_csv
from tinytroupe_cli.personas.file_access import FileAccess, file_access
from tinytroupe_cli.personas.file_names import ENDINGS, FOLDERS, named_files, stem
from tinytroupe_cli.personas.formats import Kind
from tinytroupe_cli.personas.fragment import Fragment, fragment_from
from tinytroupe_cli.personas.persona import Persona, persona_from
from tinytroupe_cli.personas.population import Population
from tinytroupe_cli.personas.population_parser import population_from
from tinytroupe_cli.personas.search_path import project_folders, simple_pattern, starters_folder, user_folder

_UNREADABLE: Final = "E209"
"""The code of a file that can't be read."""


@dataclass(frozen=True, slots=True)
class NotFound:
    """No file has this name, path or pattern."""

    kind: Kind
    name: str
    known: tuple[str, ...]
    """All names that exist."""
    searched: tuple[str, ...]
    """The folders searched, nearest first, as displayed to the user."""
    refusal: RunError | None = None
    """Why the file that was found may not be read."""

    @property
    def message(self) -> str:
        """Return what is missing."""
        if self.refusal is not None:
            return self.refusal.message
        what = f"file for {self.kind}" if is_path(self.name) else self.kind
        return f"no {what} '{self.name}'"

    @property
    def hint(self) -> str:
        """Return what there is instead, and where it was looked for."""
        if self.refusal is not None:
            return self.refusal.hint
        suggestion = did_you_mean(self.name, self.known, label=f"{self.kind}s")
        return f"{suggestion}  (searched {', '.join(self.searched)})".strip()


@dataclass(frozen=True, slots=True)
class Library:
    """Finds people and fragments."""

    project_dir: Path
    """The folder the command runs in; paths are displayed relative to it."""
    shared: tuple[Path, ...]
    """Folders with `personas/` and `fragments/` shared by all projects, preferred ones first."""
    access: FileAccess | None = None
    """What an experiment may read; None: names were typed by the user."""

    def find(self, kind: Kind, name: str, *, base_dir: Path) -> Path | NotFound:
        """Return the file of a name or a path; `base_dir` is the folder of the file it was written in."""
        look = self._by_path if is_path(name) else self._by_name
        found = look(kind, name, base_dir)
        if found is None:
            return self._not_found(kind, name, base_dir)
        return found if self._may_read(found) else self._refused(kind, name, found)

    def find_all(self, pattern: str, *, base_dir: Path, kind: Kind = "persona") -> tuple[Path, ...] | NotFound:
        """Return the files that match a pattern such as `personas/*.yaml`, sorted, in the nearest place with any."""
        for place in self.places(base_dir):
            found = sorted(_matches(pattern, place, kind), key=lambda path: path.as_posix())
            outside = [path for path in found if not self._may_read(path)]
            if outside:
                return self._refused(kind, pattern, outside[0])
            if found:
                return tuple(found)
        return self._not_found(kind, pattern, base_dir)

    def names(self, kind: Kind, *, base_dir: Path) -> dict[str, Path]:
        """Return every name that can be used near a folder, sorted, with the file it means."""
        found: dict[str, Path] = {}
        for folder in self._folders(kind, base_dir):
            for name, path in named_files(folder, kind):
                found.setdefault(name, path)
        return dict(sorted(found.items()))

    def load_persona(self, path: Path) -> Persona:
        """Read a person's file; raises SpecError with all its errors."""
        return persona_from(self.read(path))

    def load_fragment(self, path: Path) -> Fragment:
        """Read a fragment's file; raises SpecError with all its errors."""
        return fragment_from(self.read(path))

    def load_population(self, path: Path) -> Population:
        """Read a population's file and the rows it names; raises SpecError with all errors."""
        folder = path.parent

        def rows(written: str) -> tuple[str, str]:
            places = (place / written for place in (folder, *self.places(folder)))
            file = next((place for place in places if is_named(place)), folder / written)
            access = self.access or file_access(folder)
            if is_named(file) and not access.has(file):
                hint = access.refusal(file, written).hint
                raise SpecError([Diagnostic("E223", "is outside the project", Span(self.shown(file)), hint=hint)])
            return _table_text(file, self.shown(file)), self.shown(file)

        return population_from(self.read(path), rows)

    def _may_read(self, path: Path) -> bool:
        return self.access is None or self.access.has(path)

    def _refused(self, kind: Kind, name: str, path: Path) -> NotFound:
        refusal = self.access.refusal(path, name) if self.access else None
        return NotFound(kind, name, (), (), refusal)

    def read(self, path: Path) -> Document:
        """Parse a YAML or JSON file; raises SpecError if it is neither."""
        source = self.shown(path)
        read = read_json if path.suffix.lower() == ".json" else read_yaml
        document = read(read_text(path, source, code=_UNREADABLE), source)
        if found := _references(document):
            raise SpecError(found)
        return document

    def shown(self, path: Path) -> str:
        """Return a file's displayed path: relative to the command's folder if inside it."""
        project_dir = os.path.abspath(self.project_dir)  # noqa: PTH100 - removes `..` without following links
        whole = Path(os.path.abspath(path))  # noqa: PTH100
        return (whole.relative_to(project_dir) if whole.is_relative_to(project_dir) else whole).as_posix()

    def _by_name(self, kind: Kind, name: str, base_dir: Path) -> Path | None:
        for folder in self._folders(kind, base_dir):
            for ending in ENDINGS[kind]:
                if is_named(folder / f"{name}{ending}"):
                    return folder / f"{name}{ending}"
        return self._by_equal_name(kind, name, base_dir)

    def _by_equal_name(self, kind: Kind, name: str, base_dir: Path) -> Path | None:
        """Find names whose accents are encoded differently, as on disks written by a Mac."""
        wanted = unicodedata.normalize("NFC", name)
        names = self.names(kind, base_dir=base_dir)
        return next((path for known, path in names.items() if unicodedata.normalize("NFC", known) == wanted), None)

    def _by_path(self, kind: Kind, name: str, base_dir: Path) -> Path | None:
        endings = ("",) if stem(Path(name), kind) else ENDINGS[kind]
        for place in self.places(base_dir):
            for ending in endings:
                if is_named(place / f"{name}{ending}"):
                    return place / f"{name}{ending}"
        return None

    def places(self, base_dir: Path) -> list[Path]:
        """Return the folders in which paths are tried, nearest first."""
        return [*project_folders(base_dir), *self.shared]

    def _folders(self, kind: Kind, base_dir: Path) -> list[Path]:
        return [place / FOLDERS[kind] for place in self.places(base_dir)]

    def _not_found(self, kind: Kind, name: str, base_dir: Path) -> NotFound:
        places = self.places(base_dir) if is_path(name) else self._folders(kind, base_dir)
        shown = dict.fromkeys(self.shown(place) for place in places)
        return NotFound(kind, name, tuple(self.names(kind, base_dir=base_dir)), tuple(shown))


def standard_library(project_dir: Path, access: FileAccess | None = None) -> Library:
    """Return the library of a command run in `here`: the user's own folder, then the starters."""
    return Library(project_dir, (user_folder(), starters_folder()), access)


def is_path(name: str) -> bool:
    """Return whether a name is a path or a pattern."""
    return any(sign in name for sign in "/\\*?[") or name.lower().endswith((".yaml", ".yml", ".json"))


def _references(document: Document) -> list[Diagnostic]:
    """Return an error for each `${env:NAME}`: what a file of people says is sent and stored."""
    found = ((path, match) for path, text in texts_of(document.value, ()) if (match := REFERENCE.search(text)))
    hint = "write the value itself, unless it is a secret"
    message = "can't be used here: the value would be sent to a model and stored"
    return [diagnose(document, "E114", f"{match.group()} {message}", path, hint=hint) for path, match in found]


def _matches(pattern: str, place: Path, kind: Kind) -> Iterator[Path]:
    if "\0" in pattern:
        return
    for found in glob.glob(simple_pattern(pattern), root_dir=place, recursive=True):  # noqa: PTH207 - also takes `..` and whole paths
        path = Path(os.path.normpath(place / found))
        if stem(path, kind) and path.is_file():
            yield path


def _table_text(path: Path, source: str) -> str:
    """Return a table's text; the first sheet of an Excel file as CSV."""
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return excel_as_csv(path, source)
    if path.suffix.lower() in (".xls", ".parquet", ".sav", ".dta"):
        message = f"is a {path.suffix} file, which is not supported"
        raise SpecError([Diagnostic("E101", message, Span(source), hint="save it as CSV, JSON Lines or .xlsx")])
    return read_text(path, source, code=_UNREADABLE, most=MAX_TABLE_BYTES)
