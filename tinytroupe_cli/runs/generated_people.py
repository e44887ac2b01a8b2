"""A folder of generated people: one sample from a population, each person an editable YAML file.

Existing files are used as they are. `001.yaml` is the first person sampled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.core.files import write_whole
from tinytroupe_cli.personas.library import Library
from tinytroupe_cli.personas.persona_file import persona_yaml
from tinytroupe_cli.runs.people_generation import GenerationResult

SECOND_TRY: Final = ".second-try"
"""Ending of an empty file beside a person's: the first attempt was unusable."""


@dataclass(frozen=True, slots=True)
class GeneratedPeople:
    """Stores one sample's people in a folder."""

    folder: Path
    library: Library
    about: str
    """The rest of a file's first line, after the name."""

    def path(self, number: int) -> Path:
        """Return a person's file."""
        return self.folder / f"{number:03}.yaml"

    def find(self, number: int) -> GenerationResult | None:
        """Read a person's file; None if there is none. Raises SpecError if it can't be used."""
        path = self.path(number)
        if not path.is_file():
            return None
        persona = self.library.load_persona(path)
        return GenerationResult(dict(persona.fields), is_second=path.with_suffix(SECOND_TRY).exists())

    def put(self, number: int, person: GenerationResult) -> None:
        """Write a person's file."""
        lines = [f"{person.fields['name']}: {self.about}"]
        if person.is_second:
            left = "; still doubtful: " + "; ".join(person.problems) if person.problems else ""
            lines.append(f"Second try{left}")
            write_whole(self.path(number).with_suffix(SECOND_TRY), "")
        write_whole(self.path(number), persona_yaml(person.fields, heading="\n".join(lines)))


def changes(facts: Mapping[str, JsonValue], fields: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return what a person's file adds to, or changes in, the sampled fields."""
    return {key: value for key, value in fields.items() if key == "name" or key not in facts or facts[key] != value}
