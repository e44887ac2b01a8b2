"""Finds and reads the people and fragments that the entries of a cast name, each once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path as FilePath

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.language.positions import Document, Path
from tinytroupe_cli.personas.formats import Kind
from tinytroupe_cli.personas.fragment import Fragment
from tinytroupe_cli.personas.library import Library, NotFound
from tinytroupe_cli.personas.persona import Persona
from tinytroupe_cli.plan.types import PlannedPopulation


@dataclass(frozen=True)
class CastContext:
    """What casting needs in addition to the entries."""

    library: Library
    base_dir: FilePath
    """The experiment's folder."""
    document: Document
    seed: int
    findings: Findings
    populations: list[PlannedPopulation] = field(default_factory=list[PlannedPopulation])
    """Filled while people are sampled."""
    _found: dict[tuple[str, str], FilePath | NotFound] = field(
        default_factory=dict[tuple[str, str], FilePath | NotFound]
    )
    _read: dict[FilePath, Persona | None] = field(default_factory=dict[FilePath, Persona | None])

    def find(self, kind: Kind, name: str) -> FilePath | NotFound:
        """Find a file; a name that many entries use is looked up once."""
        if (kind, name) not in self._found:
            self._found[kind, name] = self.library.find(kind, name, base_dir=self.base_dir)
        return self._found[kind, name]

    def fragment(self, name: str, path: Path) -> Fragment | None:
        """Find and parse a fragment; return None after an error."""
        found = self.find("fragment", name)
        if isinstance(found, NotFound):
            self.findings.add("E302", found.message, path, hint=found.hint)
            return None
        try:
            return self.library.load_fragment(found)
        except SpecError as error:
            self.findings.keep(*error.diagnostics)
            return None

    def persona(self, file: FilePath) -> Persona | None:
        """Parse a person, once however many entries use them; return None after errors."""
        if file not in self._read:
            try:
                self._read[file] = self.library.load_persona(file)
            except SpecError as error:
                self.findings.keep(*error.diagnostics)
                self._read[file] = None
        return self._read[file]
