"""Parses YAML text into plain values with positions.

Refuses what a person rarely means: duplicate keys, tags, merge keys, recursive aliases,
several documents. Independent of the meaning of values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import yaml
from pydantic import JsonValue

from tinytroupe_cli.core.diagnostics import Diagnostic, Span
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.language.scalars import plain_scalar
from tinytroupe_cli.language.text_places import (
    MAX_VALUES,
    Path,
    Place,
    diagnose_at,
    line_of,
    span_between,
    too_many_values,
)
from tinytroupe_cli.language.yaml_errors import syntax_error

try:
    from yaml import CSafeLoader as _Safe
except ImportError:  # PyYAML built without libyaml: the same, five times slower
    from yaml import SafeLoader as _Safe

MAX_DEPTH = 100
MAX_FINDINGS = 100
"""Errors after which reading stops."""
_TOO_DEEP = f"this is nested too deeply to be read: the maximum is {MAX_DEPTH} levels"

_DASHES = re.compile(rf"^[ \t]*((?:[-?:] ){{{MAX_DEPTH},}})", re.MULTILINE)
_BRACKET = re.compile(r"[\[\]{}]")
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)
"""A character beyond U+FFFF as JSON escapes it, in two halves; YAML has one escape for it."""


def _joined(pair: re.Match[str]) -> str:
    high, low = int(pair[2], 16), int(pair[3], 16)
    return f"{pair[1]}\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"


class _Loader(_Safe):  # pyright: ignore[reportGeneralTypeIssues, reportUntypedBaseClass] - one of two
    """Composes nodes without guessing types; `plain_scalar` does that."""

    yaml_implicit_resolvers: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class YamlPlaces:
    """Positions of the values of a YAML text."""

    source: str
    text: str
    root: yaml.Node | None
    """None if the text has no value."""

    def find(self, path: Path) -> Place:
        """Return the position of the value at `path`, or of the last one on the way."""
        if self.root is None:
            return Place(Span(self.source), None, 0)
        node, key, depth = self.root, None, 0
        for part in path:
            step = _child(node, part)
            if step is None:
                break
            key, node = step
            depth += 1
        return Place(self._span(node), self._span(key) if key else None, depth)

    def _span(self, node: yaml.Node) -> Span:
        return _span_of(self.source, self.text, node)


def parse_yaml(text: str, source: str) -> tuple[JsonValue, YamlPlaces]:
    """Parse YAML; raises `SpecError` with the position of an error."""
    text = _PAIR.sub(_joined, text)
    _refuse_unreadable(text, source)
    _refuse_depth(text, source)
    try:
        _refuse_many(text, source)
        node: yaml.Node | None = yaml.compose(text, Loader=_Loader)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - stubs are partial
    except yaml.YAMLError as error:
        raise SpecError([syntax_error(error, text, source)]) from None
    builder = _Builder(text, source)
    value = None if node is None else builder.build(node)  # pyright: ignore[reportUnknownArgumentType] - the same
    if builder.found:
        raise SpecError(builder.found)
    return value, YamlPlaces(source, text, node)  # pyright: ignore[reportUnknownArgumentType] - the same


class _Builder:
    """Converts nodes to plain values and collects errors."""

    def __init__(self, text: str, source: str) -> None:
        self.found: list[Diagnostic] = []
        self._text = text
        self._source = source
        self._open: set[int] = set()
        self._count = 0

    def build(self, node: yaml.Node) -> JsonValue:
        self._count += 1
        if self._count > MAX_VALUES:
            span = _span_of(self._source, self._text, node)
            raise SpecError([too_many_values(span, self._text, hint="an alias counts as everything it stands for")])
        if id(node) in self._open:
            self._refuse("E103", "an alias must not contain itself", node)
            return None
        if len(self._open) > MAX_DEPTH:
            self._refuse("E103", _TOO_DEEP, node)
            return None
        self._open.add(id(node))
        value = self._value(node)
        self._open.discard(id(node))
        return value

    def _value(self, node: yaml.Node) -> JsonValue:
        self._check_tag(node)
        match node:
            case yaml.MappingNode():
                return self._mapping(node)
            case yaml.SequenceNode():
                return [self.build(item) for item in _items(node)]
            case _:
                return str(node.value) if _style(node) else plain_scalar(str(node.value))

    def _mapping(self, node: yaml.MappingNode) -> dict[str, JsonValue]:
        mapping: dict[str, JsonValue] = {}
        first: dict[str, yaml.Node] = {}
        for key, item in _pairs(node):
            if not isinstance(key, yaml.ScalarNode):
                self._refuse("E103", "a key must be a word or text, not a list or a mapping", key)
                continue
            name = str(key.value)
            if name == "<<" and not _style(key):
                hint = "write the keys out: merge keys are not part of YAML 1.2"
                self._refuse("E103", "merge keys ('<<') are not supported", key, hint=hint)
            elif name in first:
                earlier = _span_of(self._source, self._text, first[name])
                self._refuse("E102", f"'{name}' is written twice; first on line {earlier.line}", key, also=(earlier,))
            else:
                first[name] = key
                mapping[name] = self.build(item)
        return mapping

    def _check_tag(self, node: yaml.Node) -> None:
        line = line_of(self._text, node.start_mark.line + 1)
        tag = re.match(r"(?:&\S+\s+)?(!\S*)", line[node.start_mark.column :])
        if tag:
            self._refuse(
                "E103", f"tags ('{tag.group(1)}') are not supported", node, hint="write the value without its tag"
            )

    def _refuse(self, code: str, message: str, node: yaml.Node, *, hint: str = "", also: tuple[Span, ...] = ()) -> None:
        span = _span_of(self._source, self._text, node)
        self.found.append(diagnose_at(span, self._text, code, message, hint=hint, also=also))
        if len(self.found) == MAX_FINDINGS:
            raise SpecError(self.found)


def _child(node: yaml.Node, part: str | int) -> tuple[yaml.Node | None, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, item in _pairs(node):
            if isinstance(key, yaml.ScalarNode) and str(key.value) == str(part):
                return key, item
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and 0 <= part < len(_items(node)):
        return None, _items(node)[part]
    return None


def _span_of(source: str, text: str, node: yaml.Node) -> Span:
    start, end = node.start_mark, node.end_mark
    line = start.line + 1
    length = end.column - start.column if end.line == start.line else len(line_of(text, line).rstrip()) - start.column
    return Span(source, line, start.column + 1, max(length, 1))


def _pairs(node: yaml.MappingNode) -> list[tuple[yaml.Node, yaml.Node]]:
    return node.value


def _items(node: yaml.SequenceNode) -> list[yaml.Node]:
    return node.value


def _style(node: yaml.Node) -> str:
    return str(getattr(node, "style", None) or "")


def _refuse_unreadable(text: str, source: str) -> None:
    """Reject characters that no YAML file may contain: control characters and lone surrogates."""
    found = _UNREADABLE.search(text)
    if found:
        message = f"this is not text: it contains the character U+{ord(found.group()):04X}"
        hint = "is it a text file, saved as UTF-8?"
        span = span_between(source, text, found.start(), found.end())
        raise SpecError([diagnose_at(span, text, "E101", message, hint=hint)])


def _refuse_many(text: str, source: str) -> None:
    """Reject more values than fit into memory, before they are built. Raises `yaml.YAMLError` if it isn't YAML."""
    if sum(map(text.count, "\n,[{")) + 2 * text.count(":") <= MAX_VALUES:
        return
    count = 0
    events = cast("Iterator[Any]", yaml.parse(text, Loader=_Loader))  # pyright: ignore[reportUnknownMemberType] - stubs are partial
    for event in events:
        count += isinstance(event, yaml.NodeEvent)
        if count > MAX_VALUES:
            start: Any = event.start_mark  # pyright: ignore[reportUnknownMemberType] - the same
            span = Span(source, start.line + 1, start.column + 1)
            raise SpecError([too_many_values(span, text)])


def _refuse_depth(text: str, source: str) -> None:
    """Reject nesting that would exhaust the parser's stack, which can't be caught."""
    if found := _DASHES.search(text):
        raise SpecError([_too_deep(text, source, found.start(1))])
    depth = 0
    for found in _BRACKET.finditer(text):
        depth = depth + 1 if found.group() in "[{" else max(depth - 1, 0)
        if depth > 10 * MAX_DEPTH:
            raise SpecError([_too_deep(text, source, found.start())])


def _too_deep(text: str, source: str, start: int) -> Diagnostic:
    return diagnose_at(span_between(source, text, start, start + 1), text, "E103", _TOO_DEEP)
