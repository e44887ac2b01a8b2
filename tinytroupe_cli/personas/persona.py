"""A person as their file describes them, with the origin of every value.

Independent of experiments: the caller passes where changes were written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import JsonValue

from tinytroupe_cli.core.diagnostics import Diagnostic
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.language.positions import Document, diagnose
from tinytroupe_cli.language.problems import LocatedProblem, placed
from tinytroupe_cli.personas.edits import NOT_A_NAME, available_fields, invalid_reason, replaced
from tinytroupe_cli.personas.formats import is_name, unwrapped
from tinytroupe_cli.personas.origins import KeyPath, Origin, Origins, origins_of, without


@dataclass(frozen=True, slots=True)
class Persona:
    """Free-form fields of one person; `name` always exists."""

    fields: Mapping[str, JsonValue]
    origins: Origins
    sources: tuple[str, ...]
    """The files they were made from, as displayed: their own first, then fragments."""
    warnings: tuple[Diagnostic, ...] = ()

    @property
    def name(self) -> str:
        """Return the person's full name."""
        return str(self.fields["name"])

    def renamed(self, name: str, origin: Origin) -> Persona:
        """Return the same person under another name; the other fields are not changed.

        Raises SpecError for an invalid name.
        """
        if not is_name(name):
            raise SpecError([diagnose(origin.document, "E208", NOT_A_NAME, origin.path)])
        return replace(self, fields={**self.fields, "name": name}, origins={**self.origins, ("name",): origin})

    def with_set(self, changes: Mapping[str, JsonValue], *, document: Document, path: tuple[str | int, ...]) -> Persona:
        """Return the person with values replaced, as written in a mapping at `path` of a document.

        Keys are dotted paths; missing mappings on the way are made. Raises SpecError with every key that can't be set.
        """
        person = self
        problems: list[LocatedProblem] = []
        for dotted, value in changes.items():
            origin = Origin(document, (*path, dotted))
            problem = invalid_reason(person.fields, dotted, value)
            if problem:
                hint = available_fields(person.fields, dotted)
                problems.append(LocatedProblem("E208", problem, origin.path, hint))
            else:
                person = person._set(tuple(dotted.split(".")), value, origin)
        if problems:
            raise SpecError([placed(document, problem) for problem in problems])
        return person

    def _set(self, path: KeyPath, value: JsonValue, origin: Origin) -> Persona:
        ways = {path[:end]: origin for end in range(1, len(path)) if path[:end] not in self.origins}
        written = {(*path, *key): place for key, place in origins_of(value, origin.document, origin.path).items()}
        return replace(
            self,
            fields=replaced(self.fields, path, value),
            origins={**without(self.origins, path), **ways, **written},
        )


def persona_from(document: Document) -> Persona:
    """Parse a persona; raises SpecError with all errors."""
    written, problems = unwrapped(document, "persona")
    return Persona(
        fields=written.fields,
        origins=origins_of(dict(written.fields), document, written.base),
        sources=(document.source,),
        warnings=tuple(problems),
    )
