"""A partial persona, and its merging into a person: conflicts are reported, never resolved silently.

New keys are added, nulls replaced, mappings merged, lists joined without repeats (the
person's items first). Anything else that differs is a conflict, and the person keeps theirs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from tinytroupe_cli.core.diagnostics import Diagnostic
from tinytroupe_cli.language.positions import Document, diagnose
from tinytroupe_cli.personas.formats import unwrapped
from tinytroupe_cli.personas.origins import KeyPath, Origins, origin_at, origins_of
from tinytroupe_cli.personas.persona import Persona


@dataclass(frozen=True, slots=True)
class Fragment:
    """The fields a file adds to a person."""

    fields: Mapping[str, JsonValue]
    origins: Origins
    source: str
    warnings: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two different values at one place."""

    path: KeyPath
    current: JsonValue
    addition: JsonValue


@dataclass(frozen=True, slots=True)
class Merged:
    """The person with a fragment merged in, and the conflicts."""

    persona: Persona
    conflicts: tuple[Diagnostic, ...] = ()


def fragment_from(document: Document) -> Fragment:
    """Parse a fragment; raises SpecError with all errors."""
    written, problems = unwrapped(document, "fragment")
    return Fragment(
        fields=written.fields,
        origins=origins_of(dict(written.fields), document, written.base),
        source=document.source,
        warnings=tuple(problems),
    )


def merge(persona: Persona, fragment: Fragment) -> Merged:
    """Merge a fragment into a person; in a conflict the person's value stays and a diagnostic names both lines."""
    clashes: list[Conflict] = []
    fields = merge_fields(persona.fields, fragment.fields, clashes)
    merged = Persona(
        fields=fields,
        origins={**fragment.origins, **_meaningful(persona)},
        sources=(*persona.sources, *(source for source in (fragment.source,) if source not in persona.sources)),
        warnings=(*persona.warnings, *(warning for warning in fragment.warnings if warning not in persona.warnings)),
    )
    return Merged(merged, tuple(_conflict(clash, persona, fragment) for clash in clashes))


def merge_fields(
    current: Mapping[str, JsonValue], addition: Mapping[str, JsonValue], clashes: list[Conflict], at: KeyPath = ()
) -> dict[str, JsonValue]:
    """Return two mappings merged; conflicts are appended to `clashes`, and the first value stays."""
    merged = dict(current)
    for key, new in addition.items():
        match merged.get(key), new:
            case None, dict():
                merged[key] = merge_fields({}, new, clashes)
            case None, list():
                merged[key] = without_repeats(new)
            case None, _:
                merged[key] = new
            case _, None:
                pass
            case dict() as mine, dict():
                merged[key] = merge_fields(mine, new, clashes, (*at, key))
            case list() as mine, list():
                merged[key] = without_repeats([*mine, *new])
            case mine, _ if _fingerprint(mine) != _fingerprint(new):
                clashes.append(Conflict((*at, key), mine, new))
            case _:
                pass
    return merged


def without_repeats(items: list[JsonValue]) -> list[JsonValue]:
    """Keep the first of equal items; `1` and `1.0` are equal, `1` and `true` are not."""
    unique: dict[str, JsonValue] = {}
    for item in items:
        unique.setdefault(_fingerprint(item), item)
    return list(unique.values())


def _fingerprint(value: JsonValue) -> str:
    """Return a text that is the same for equal values, whatever the order of their keys."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False)


def _plain(value: JsonValue) -> JsonValue:
    match value:
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_plain(item) for item in value]
        case dict():
            return {key: _plain(part) for key, part in value.items()}
        case _:
            return value


def _meaningful(persona: Persona) -> Origins:
    """Drop origins where only a null was written: another file's value is used there."""
    return {path: origin for path, origin in persona.origins.items() if not _is_null(persona.fields, path)}


def _is_null(fields: Mapping[str, JsonValue], path: KeyPath) -> bool:
    current: JsonValue = dict(fields)
    for key in path:
        current = current.get(key) if isinstance(current, dict) else None
    return current is None


def _conflict(clash: Conflict, persona: Persona, fragment: Fragment) -> Diagnostic:
    theirs = origin_at(persona.origins, clash.path)
    origin = origin_at(fragment.origins, clash.path)
    dotted = ".".join(clash.path)
    return diagnose(
        origin.document,
        "E207",
        f"`{dotted}` is {_short(clash.addition)} here, but {persona.name} already has {_short(clash.current)}",
        origin.path,
        hint=_advice(clash, dotted),
        also=(theirs.place(),),
    )


def _advice(clash: Conflict, dotted: str) -> str:
    if isinstance(clash.current, (dict, list)) or isinstance(clash.addition, (dict, list)):
        return "write it in the same shape in both files: a list with a list, a mapping with a mapping"
    return f"fragments add values and do not replace them; to change it for one person, write `set: {{{dotted}: …}}`"


def _short(value: JsonValue) -> str:
    match value:
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case _:
            text = json.dumps(value, ensure_ascii=False)
            return text if len(text) <= 40 else f'{text[:38]}…"'  # noqa: PLR2004 - what fits a line
