"""Parses YAML or JSON text into values that know their line and column.

The interface of `yaml_text` and `json_text`. Independent of the meaning of values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from tinytroupe_cli.core.diagnostics import Diagnostic, Span
from tinytroupe_cli.language.json_text import parse_json
from tinytroupe_cli.language.text_places import Path, Places, line_of
from tinytroupe_cli.language.yaml_text import parse_yaml

Entry = TypeVar("Entry")

__all__ = ["Document", "Path", "diagnose", "read_json", "read_yaml", "texts_of"]

_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Document:
    """Plain data and the text it was read from."""

    value: Any
    """Mappings with text keys, lists, texts, numbers, booleans, None."""
    source: str
    text: str
    places: Places
    overlays: Mapping[Path, str] | None = None
    """Sources of values that did not come from the text: path -> display name, such as `--set a.b`."""

    def span(self, path: Path, *, key: bool = False) -> Span:
        """Return the position of the value at `path`, or of its key; the nearest parent's if it does not exist."""
        overlays = self.overlays or {}
        for length in range(len(path), -1, -1):
            if path[:length] in overlays:
                return Span(overlays[path[:length]], line=0)
        place = self.places.find(path)
        if place.depth < len(path):
            made = path[: place.depth + 1]
            below = next((label for overlaid, label in overlays.items() if overlaid[: len(made)] == made), None)
            if below is not None:
                return Span(below, line=0)
        return place.key if key and place.key and place.depth == len(path) else place.value

    def line(self, span: Span) -> str:
        """Return the line of text of a span."""
        return line_of(self.text, span.line) if span.source == self.source else ""


def with_paths(written: list[Entry] | Entry | None, key: str) -> list[tuple[Entry, Path]]:
    """Return the entries of a top-level key that takes one or a list of them, each with its place; none if unset."""
    if written is None:
        return []
    if isinstance(written, list):
        entries = cast("list[Entry]", written)
        return [(entry, (key, index)) for index, entry in enumerate(entries)]
    return [(written, (key,))]


def diagnose(
    document: Document,
    code: str,
    message: str,
    path: Path,
    *,
    key: bool = False,
    hint: str = "",
    is_error: bool = True,
    also: tuple[tuple[Span, str], ...] = (),
) -> Diagnostic:
    """Return a diagnostic about the value at `path`, or about its key."""
    span = document.span(path, key=key)
    return Diagnostic(code, message, span, document.line(span), hint, also, is_error)


def read_yaml(text: str, source: str) -> Document:
    """Parse YAML; raises `SpecError` with the position of an error."""
    text = text.removeprefix(_BYTE_ORDER_MARK)
    value, places = parse_yaml(text, source)
    return Document(value, source, text, places)


def read_json(text: str, source: str) -> Document:
    """Parse JSON; raises `SpecError` with the position of an error."""
    text = text.removeprefix(_BYTE_ORDER_MARK)
    value, places = parse_json(text, source)
    return Document(value, source, text, places)


def texts_of(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield every text of a document with its place."""
    match value:
        case dict():
            for key, item in cast("dict[str, Any]", value).items():
                yield from texts_of(item, (*path, key))
        case list():
            for index, item in enumerate(cast("list[Any]", value)):
                yield from texts_of(item, (*path, index))
        case str():
            yield path, value
        case _:
            pass
