"""Tables of every key of a JSON Schema, for docs/reference.md and docs/results.md.

Sections stand in the order of the document's own keys and are named after them: `world.topology`, or, where a key
takes one of several shapes, `stimuli`: `say`. Names of classes are never shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Section:
    """One table: an object of the document, where it is first met."""

    path: str
    """The keys that lead to it, such as `world.topology`."""
    shape: str
    """Its own first required key, where the path takes one of several shapes; else empty."""
    schema: Schema

    @property
    def title(self) -> str:
        """Return the section's heading."""
        return f"`{self.path}`: `{self.shape}`" if self.shape else f"`{self.path}`"

    @property
    def anchor(self) -> str:
        """Return the heading's anchor, as GitHub makes it."""
        return re.sub(r"[^\w\- ]", "", self.title.lower()).replace(" ", "-")


@dataclass(frozen=True)
class KeyTables:
    """The tables of one schema."""

    schema: Schema
    definitions: Mapping[str, Schema]
    object_word: str
    """What the document's readers call an object: a mapping, an object."""
    describe: Callable[[str, str, Schema], str]
    """Definition (empty: the root), key and the key's schema -> what the key means."""
    shows_null: bool = False
    sections: dict[str, Section] = field(default_factory=dict[str, Section])
    """Definition -> its section."""

    def __post_init__(self) -> None:
        """Find every section."""
        self._find("", self.schema)
        order = list(self.schema["properties"])
        ordered = sorted(self.sections.items(), key=lambda item: order.index(item[1].path.split(".")[0]))
        self.sections.clear()
        self.sections.update(ordered)

    def root(self) -> str:
        """Return the table of the document's own keys."""
        return "\n".join(self._table("", self.schema))

    def rest(self) -> Iterator[str]:
        """Yield the lines of all other sections."""
        for name, section in self.sections.items():
            yield f"\n## {section.title}\n"
            if section.schema.get("description"):
                yield f"{_sentence(section.schema)}\n"
            yield from self._table(name, section.schema)

    def _find(self, path: str, schema: Schema) -> None:
        """Find the sections of a schema, those nearest to the root first."""
        level = [(path, schema)]
        while level:
            found: list[tuple[str, Schema]] = []
            for above, part in level:
                for key, value in part.get("properties", {}).items():
                    here = f"{above}.{key}" if above else key
                    found += self._add(here, [name for name in _references(value) if self._has_keys(name)])
            level = found

    def _add(self, path: str, names: list[str]) -> list[tuple[str, Schema]]:
        new = [name for name in names if name not in self.sections]
        for name in new:
            schema = self.definitions[name]
            shape = next(iter(schema.get("required", [])), "") if len(names) > 1 else ""
            self.sections[name] = Section(path, shape, schema)
        return [(path, self.definitions[name]) for name in new]

    def _has_keys(self, name: str) -> bool:
        return bool(self.definitions[name].get("properties"))

    def _table(self, name: str, schema: Schema) -> Iterator[str]:
        yield "| key | value | meaning |\n|---|---|---|"
        required = schema.get("required", []) if not self.shows_null else []
        for key, part in schema["properties"].items():
            need = " (required)" if key in required else ""
            meaning = self.describe(name, key, part).replace("\n", " ").replace("|", "\\|")
            yield f"| `{key}`{need} | {self._kind(part)} | {meaning} |"

    def _kind(self, part: Schema) -> str:
        if "$ref" in part:
            return self._reference(str(part["$ref"]).rsplit("/", 1)[1])
        if "const" in part:
            return f"`{part['const']}`"
        if "enum" in part:
            return ", ".join(f"`{value}`" for value in part["enum"])
        for union in ("anyOf", "oneOf", "allOf"):
            if union in part:
                kinds = [self._kind(one) for one in part[union] if self.shows_null or one.get("type") != "null"]
                return " or ".join(dict.fromkeys(kinds))
        return self._plain_kind(part)

    def _reference(self, name: str) -> str:
        if name not in self.sections:
            return self._kind(self.definitions[name]) if self.definitions[name] else "anything"
        section = self.sections[name]
        label = f"{self.object_word} with `{section.shape}`" if section.shape else self.object_word
        return f"[{label}](#{section.anchor})"

    def _plain_kind(self, part: Schema) -> str:
        match part.get("type"):
            case "array":
                items = part.get("items", {})
                return f"list of {self._kind(items)}" if isinstance(items, Mapping) else f"{len(items)} values"
            case "object":
                inner = part.get("additionalProperties")
                word = self.object_word
                return f"{word} of {self._kind(inner)}" if isinstance(inner, Mapping) and inner else word
            case str(word):
                return {"string": "text", "integer": "whole number", "boolean": "true or false"}.get(word, word)
            case _:
                return "anything"


def _references(part: Any) -> list[str]:
    """Return the definitions a key's value refers to, in the order written."""
    match part:
        case {"$ref": str(target)}:
            return [target.rsplit("/", 1)[1]]
        case Mapping():
            parts = [value for key, value in part.items() if key != "properties"]
        case list():
            parts = part
        case _:
            return []
    return list(dict.fromkeys(name for one in parts for name in _references(one)))


def _sentence(schema: Schema) -> str:
    return str(schema["description"]).replace("\n", " ")
