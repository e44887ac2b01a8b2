"""The formats of persona and fragment files, and their validation.

Free-form fields at the top, or TinyTroupe's `{"type": "TinyPerson", "persona": {…}}`
(`"Fragment"` for fragments), whose further top-level keys describe a past run and are left alone.
"""

from __future__ import annotations

import difflib
import math
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import JsonValue

from tinytroupe_cli.core.diagnostics import Diagnostic, nearest
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.language.bands import middle
from tinytroupe_cli.language.positions import Document
from tinytroupe_cli.language.problems import LocatedProblem, placed
from tinytroupe_cli.personas.rendering import is_empty
from tinytroupe_cli.personas.standard_fields import STANDARD_FIELDS

Kind = Literal["persona", "fragment"]

TYPES: Final[dict[str, Kind]] = {"TinyPerson": "persona", "Fragment": "fragment"}
"""TinyTroupe's `type` -> its meaning in troupe."""
MEMORIES: Final = ("episodic_memory", "semantic_memory")
"""Where TinyTroupe stores a person's experiences in a run."""
MAX_LEVELS: Final = 40
"""Deeper than any description of a person; beyond it the file is invalid."""
LOOKS_MISSPELT: Final = 0.8


@dataclass(frozen=True, slots=True)
class PersonaFile:
    """The fields of a file, and their path in it."""

    fields: Mapping[str, JsonValue]
    base: tuple[str, ...]
    """`()`, or `("persona",)` in TinyTroupe's form."""


def unwrap(document: Document, kind: Kind) -> tuple[PersonaFile | None, list[Diagnostic]]:
    """Find the fields in a file that should contain a persona or a fragment; return None with errors if it doesn't."""
    written, problems = _read(document.value, kind)
    is_wrong = any(problem.is_error for problem in problems)
    return None if is_wrong else written, [placed(document, problem) for problem in problems]


def unwrapped(document: Document, kind: Kind) -> tuple[PersonaFile, list[Diagnostic]]:
    """Find the fields as `unwrap` does; raises SpecError with all errors."""
    written, problems = unwrap(document, kind)
    if written is None:
        raise SpecError([problem for problem in problems if problem.is_error])
    return written, problems


def is_name(text: str) -> bool:
    """Return whether a text can be somebody's name: one line, not empty, no control characters."""
    return bool(text.strip()) and not any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in text)


def kind_of(value: JsonValue) -> Kind | None:
    """Return the kind of a file by its content; None for anything else."""
    match value:
        case {"type": str(written_type), "persona": dict()}:
            return TYPES.get(written_type)
        case {"name": str()} if "troupe" not in value and "troupe-population" not in value:
            return "persona" if any(key in value for key in STANDARD_FIELDS[""][1:]) else None
        case _:
            return None


def _read(value: JsonValue, kind: Kind) -> tuple[PersonaFile | None, list[LocatedProblem]]:
    """Return the fields in a file's content, and all problems; the fields are None if nothing more can be checked."""
    if not isinstance(value, dict) or not value:
        return None, [_not_a_mapping(value, kind)]
    if _levels(value) > MAX_LEVELS:
        return None, [LocatedProblem("E202", f"nested deeper than {MAX_LEVELS} levels", ())]
    unusable = _unusable(value)
    if unusable:
        path, reason = unusable
        return None, [LocatedProblem("E202", reason, path)]
    if value.get("type") in list(TYPES) or ("persona" in value and "name" not in value):
        return _read_tinytroupe(value, kind)
    written = PersonaFile(value, ())
    return written, [*_name_problems(written, kind), *_suspicions(written)]


def _not_a_mapping(value: JsonValue, kind: Kind) -> LocatedProblem:
    match value:
        case None | dict():
            found = "empty"
        case list():
            found = "a list"
        case _:
            found = f"only {value!r:.40}"
    hint = "start with `name: …`" if kind == "persona" else "start with a field to add, such as `beliefs: […]`"
    return LocatedProblem("E201", f"a {kind} is written as `field: value` lines, but this is {found}", (), hint)


def _read_tinytroupe(value: Mapping[str, JsonValue], kind: Kind) -> tuple[PersonaFile | None, list[LocatedProblem]]:
    problem = _type_problem(value, kind)
    if problem:
        return None, [problem]
    fields = value.get("persona")
    if not isinstance(fields, dict) or not fields:
        path = ("persona",) if "persona" in value else ("type",)
        return None, [LocatedProblem("E201", f"`persona` must contain the {kind}'s fields", path)]
    written = PersonaFile(fields, ("persona",))
    return written, [*_name_problems(written, kind), *_suspicions(written), *_left_behind(value)]


def _left_behind(value: Mapping[str, JsonValue]) -> Iterator[LocatedProblem]:
    """Warn about memories of a past run: in each run, a person starts with their persona only."""
    for key in MEMORIES:
        held = value.get(key)
        parts = list(held.values()) if isinstance(held, dict) else [held]
        if any(isinstance(part, list) and not is_empty(part) for part in parts):
            hint = "write what this person should remember into the persona, such as `memories: [...]`"
            message = "memories from a past run are not imported"
            yield LocatedProblem("E210", message, (key,), hint, key=True, is_error=False)


def _type_problem(value: Mapping[str, JsonValue], kind: Kind) -> LocatedProblem | None:
    wanted = next(name for name, meaning in TYPES.items() if meaning == kind)
    written = value.get("type")
    if written == wanted:
        return None
    if written is None:
        hint = f'add `"type": "{wanted}"`, or write the fields at the top level'
        return LocatedProblem("E203", "a file with `persona` needs `type` too", ("persona",), hint, key=True)
    meaning = TYPES.get(written) if isinstance(written, str) else None
    if meaning is None:
        message, hint = f"unknown type {written!r}", f"a {kind} has type '{wanted}'"
    else:
        message, hint = f"this is a {meaning}, but a {kind} is expected", f"name it under `{meaning}s:`"
    return LocatedProblem("E203", message, ("type",), hint)


def _name_problems(written: PersonaFile, kind: Kind) -> Iterator[LocatedProblem]:
    if kind == "fragment" and "name" not in written.fields:
        return
    path = (*written.base, "name")
    match written.fields.get("name"):
        case None if "name" not in written.fields:
            similar = nearest("name", written.fields)
            hint = f"did you mean `{similar[0]}`?" if similar else "add a line such as `name: Lisa Carter`"
            yield LocatedProblem("E204", "a person needs a `name`", written.base, hint)
        case str(name) if is_name(name):
            return
        case str(name) if name.strip():
            yield LocatedProblem("E204", "a name must be one line of ordinary text", path)
        case bool() | int() | float() as number:
            hint = f"put it in quotes, as in name: '{number}'"
            yield LocatedProblem("E204", f"a name must be text, got {number!r}", path, hint)
        case _:
            yield LocatedProblem("E204", "a name must be text and must not be empty", path)


def _suspicions(written: PersonaFile) -> Iterator[LocatedProblem]:
    """Warn about content that loads but is probably a mistake."""
    yield from _misspelt(written.fields, written.base, "")
    age = written.fields.get("age")
    is_known = isinstance(age, str) and middle(age) is not None
    if age is not None and not is_known and (isinstance(age, bool) or not isinstance(age, (int, float))):
        hint = 'conditions such as `where: "age > 40"` need a number, or a band such as 25-34 or 65+'
        yield LocatedProblem("E206", "`age` is not a number", (*written.base, "age"), hint, is_error=False)


def _misspelt(fields: Mapping[str, JsonValue], base: tuple[str, ...], inside: str) -> Iterator[LocatedProblem]:
    usual = STANDARD_FIELDS[inside]
    for key, value in fields.items():
        if key not in usual:
            similar = difflib.get_close_matches(key.lower(), usual, n=1, cutoff=LOOKS_MISSPELT)
            if similar:
                message = f"`{key}` is not one of the usual keys"
                hint = f"did you mean '{similar[0]}'?  any key is allowed, so this one is kept as it is"
                yield LocatedProblem("E205", message, (*base, key), hint, key=True, is_error=False)
        deeper = f"{inside}.{key}".lstrip(".")
        if deeper in STANDARD_FIELDS and isinstance(value, dict):
            yield from _misspelt(value, (*base, key), deeper)


def _unusable(value: JsonValue, path: tuple[str | int, ...] = ()) -> tuple[tuple[str | int, ...], str] | None:
    """Find what is valid JSON but unusable: half a character, or a number out of all bounds."""
    match value:
        case float() if not math.isfinite(value):
            return path, "this number is too large"
        case str() if any("\ud800" <= character <= "\udfff" for character in value):
            return path, "this text contains an incomplete character (a lone surrogate)"
        case dict():
            if any("\ud800" <= character <= "\udfff" for key in value for character in key):
                return path, "a key here contains an incomplete character (a lone surrogate)"
            parts = list(value.items())
        case list():
            parts = list(enumerate(value))
        case _:
            return None
    return next((found for key, part in parts if (found := _unusable(part, (*path, key)))), None)


def _levels(value: JsonValue) -> int:
    """Return how deeply a value is nested, without recursion: this protects recursion elsewhere."""
    level, layer = 0, [value]
    while layer and level <= MAX_LEVELS:
        parts = [
            list(item.values()) if isinstance(item, dict) else item for item in layer if isinstance(item, (dict, list))
        ]
        layer = [part for group in parts for part in group]
        level += 1
    return level
