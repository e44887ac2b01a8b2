"""YAML or JSON text -> plain values that know their line and column.

YAML is read in the spirit of 1.2: `no`, `on` and `1:30` stay text, `1e3` is a number, a
date is text. Duplicate keys, tags, merge keys and recursive aliases are refused. Knows
nothing of what the values mean.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import JsonValue

from tinytroupe_cli.core.diagnostics import Diagnostic, Span
from tinytroupe_cli.core.errors import SpecError

try:
    from yaml import CSafeLoader as _Safe
except ImportError:  # PyYAML built without libyaml: the same, five times slower
    from yaml import SafeLoader as _Safe

Path = tuple[str | int, ...]
"""Keys from the root of a document to a value: ("stimuli", 0, "say")."""

MOST_DEPTH = 100
MOST_VALUES = 2_000_000

_STR, _SEQ, _MAP = (f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map"))
_NULLS = {"", "~", "null", "Null", "NULL"}
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_CONFLICT = re.compile(r"^(<{7}|={7}|>{7})( |$)", re.MULTILINE)


class _Loader(_Safe):  # pyright: ignore[reportGeneralTypeIssues, reportUntypedBaseClass] - one of two
    """Composes nodes without guessing types; `_scalar` does that by YAML 1.2's rules."""

    yaml_implicit_resolvers: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Document:
    """Plain data and the text it was read from."""

    value: Any
    """Mappings with text keys, lists, texts, numbers, booleans, None."""
    source: str
    text: str
    node: yaml.Node | None = None
    """The composed tree; None until a position in JSON is wanted."""
    overlays: Mapping[Path, str] | None = None
    """Where a value did not come from the text: path -> what to call its source, as `--set a.b`."""

    def span(self, path: Path, *, key: bool = False) -> Span:
        """Return where the value at `path` stands, or its key; the nearest parent's place if it is not there."""
        for length in range(len(path), -1, -1):
            if self.overlays and path[:length] in self.overlays:
                return Span(self.overlays[path[:length]], line=0)
        node = self.node or _composed(self.text)
        if node is None:
            return Span(self.source)
        found, found_key = _walk(node, path)
        return _span_of(self.source, self.text, found_key if key and found_key is not None else found)

    def line(self, span: Span) -> str:
        """Return the line of text a span lies in."""
        if span.source != self.source:
            return ""
        lines = self.text.splitlines()
        return lines[span.line - 1] if 0 < span.line <= len(lines) else ""


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
    """Make a diagnostic about the value at `path`, or about its key."""
    span = document.span(path, key=key)
    return Diagnostic(code, message, span, document.line(span), hint, also, is_error)


def read_yaml(text: str, source: str) -> Document:
    """Read YAML; raises `SpecError` with a position for whatever can't be read."""
    _refuse_depth(text, source)
    try:
        node = _compose(text)
    except yaml.YAMLError as error:
        raise SpecError([_syntax(error, text, source)]) from None
    builder = _Builder(text, source)
    value = None if node is None else builder.build(node)
    if builder.found:
        raise SpecError(builder.found)
    return Document(value, source, text, node)


def read_json(text: str, source: str) -> Document:
    """Read JSON; raises `SpecError` with a position for whatever can't be read."""
    repeated: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in items]
        repeated.extend(name for name in dict.fromkeys(names) if names.count(name) > 1)
        return dict(items)

    def constant(name: str) -> None:
        raise ValueError(f"{name} is no JSON number")

    try:
        value = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        span = Span(source, error.lineno, error.colno)
        raise SpecError([_at(span, text, "E101", f"this is not JSON: {_lower(error.msg)}")]) from None
    except (ValueError, RecursionError) as error:
        raise SpecError([_at(Span(source), text, "E101", f"this is not JSON: {_lower(str(error))}")]) from None
    if repeated:
        raise SpecError([_repeated_in_json(name, text, source) for name in repeated])
    return Document(value, source, text)


class _Builder:
    """Makes plain values of nodes and collects what must be refused."""

    def __init__(self, text: str, source: str) -> None:
        self.found: list[Diagnostic] = []
        self._text = text
        self._source = source
        self._open: set[int] = set()
        self._count = 0

    def build(self, node: yaml.Node) -> JsonValue:
        self._count += 1
        if self._count > MOST_VALUES:
            self._refuse("E103", "aliases make this file larger than it can be read", node)
            raise SpecError(self.found)
        if id(node) in self._open:
            self._refuse("E103", "an alias may not contain itself", node)
            return None
        self._check_tag(node)
        self._open.add(id(node))
        value = self._value(node)
        self._open.discard(id(node))
        return value

    def _value(self, node: yaml.Node) -> JsonValue:
        match node:
            case yaml.MappingNode():
                return self._mapping(node)
            case yaml.SequenceNode():
                return [self.build(item) for item in _items(node)]
            case _:
                return _scalar(node)

    def _mapping(self, node: yaml.MappingNode) -> dict[str, JsonValue]:
        mapping: dict[str, JsonValue] = {}
        first: dict[str, yaml.Node] = {}
        for key, item in _pairs(node):
            if not isinstance(key, yaml.ScalarNode):
                self._refuse("E103", "a key must be a single word or text", key)
                continue
            name = str(key.value)
            if name == "<<" and not _style(key):
                hint = "write the keys out: merge keys are not part of YAML 1.2"
                self._refuse("E103", "merge keys ('<<') are not read", key, hint=hint)
            elif name in first:
                earlier = _span_of(self._source, self._text, first[name])
                also = ((earlier, _line(self._text, earlier.line)),)
                self._refuse("E102", f"'{name}' is written twice; first in line {earlier.line}", key, also=also)
            else:
                first[name] = key
                mapping[name] = self.build(item)
        return mapping

    def _check_tag(self, node: yaml.Node) -> None:
        expected = _MAP if isinstance(node, yaml.MappingNode) else _SEQ if isinstance(node, yaml.SequenceNode) else _STR
        tag = str(node.tag)
        if tag not in (expected, "!"):
            self._refuse("E103", f"tags ('{tag}') are not read", node, hint="write the value without its tag")

    def _refuse(
        self, code: str, message: str, node: yaml.Node, *, hint: str = "", also: tuple[tuple[Span, str], ...] = ()
    ) -> None:
        span = _span_of(self._source, self._text, node)
        self.found.append(Diagnostic(code, message, span, _line(self._text, span.line), hint, also))


def _scalar(node: yaml.Node) -> JsonValue:
    text = str(node.value)
    if _style(node):
        return text
    if text in _NULLS:
        return None
    if text in _TRUTHS:
        return _TRUTHS[text]
    if _INTEGER.fullmatch(text) and len(text) < 400:  # noqa: PLR2004 - Python refuses to read longer ones
        return int(text)
    if _BASED.fullmatch(text):
        return int(text[2:], 8 if text[1] == "o" else 16)
    if _FLOAT.fullmatch(text):
        number = float(text)
        return number if abs(number) != float("inf") else text
    return text


def _walk(node: yaml.Node, path: Path) -> tuple[yaml.Node, yaml.Node | None]:
    """Return the node at `path`, or the last one on the way there, and its key's node."""
    key: yaml.Node | None = None
    for part in path:
        step = _child(node, part)
        if step is None:
            break
        key, node = step
    return node, key


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
    length = end.column - start.column if end.line == start.line else len(_line(text, line).rstrip()) - start.column
    return Span(source, line, start.column + 1, max(length, 1))


def _pairs(node: yaml.MappingNode) -> list[tuple[yaml.Node, yaml.Node]]:
    return node.value


def _items(node: yaml.SequenceNode) -> list[yaml.Node]:
    return node.value


def _style(node: yaml.Node) -> str:
    return str(getattr(node, "style", None) or "")


def _composed(text: str) -> yaml.Node | None:
    try:
        return _compose(text.removeprefix("\ufeff"))
    except yaml.YAMLError:
        return None


def _compose(text: str) -> yaml.Node | None:
    return yaml.compose(text, Loader=_Loader)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - only composes; stubs are partial


def _refuse_depth(text: str, source: str) -> None:
    """Refuse what would exhaust the parser's stack, which no exception survives."""
    for number, line in enumerate(text.splitlines(), start=1):
        dashes = re.match(r"\s*((?:[-?:] )*)", line)
        if dashes and len(dashes.group(1)) > 2 * MOST_DEPTH:
            raise SpecError([_at(Span(source, number), text, "E103", "nested too deeply to be read")])
    depth = 0
    for number, column, bracket in _brackets(text):
        depth = depth + 1 if bracket in "[{" else max(depth - 1, 0)
        if depth > MOST_DEPTH:
            raise SpecError([_at(Span(source, number, column), text, "E103", "nested too deeply to be read")])


def _brackets(text: str) -> Iterator[tuple[int, int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        for found in re.finditer(r"[\[\]{}]", line):
            yield number, found.start() + 1, found.group()


def _syntax(error: yaml.YAMLError, text: str, source: str) -> Diagnostic:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable")
    if mark is None:
        position = getattr(error, "position", 0)
        before = text[:position] if isinstance(position, int) else ""
        span = Span(source, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
    else:
        span = Span(source, min(mark.line + 1, max(len(text.splitlines()), 1)), mark.column + 1)
    hint = "check the indentation, and quote text that holds ': ' or ' #' or begins with one of [ { & * ! % @ `"
    if "\t" in _line(text, span.line):
        hint = "YAML indents with spaces; this line holds a tab"
    if _CONFLICT.search(text):
        hint = "the file holds the marks of an unfinished merge (<<<<<<< ======= >>>>>>>)"
    return _at(span, text, "E101", f"this is not YAML: {_lower(problem)}", hint=hint)


def _repeated_in_json(name: str, text: str, source: str) -> Diagnostic:
    places = list(re.finditer(re.escape(json.dumps(name, ensure_ascii=False)) + r"\s*:", text))
    start = places[1].start() if len(places) > 1 else 0
    before = text[:start]
    span = Span(source, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1, len(name) + 2)
    return _at(span, text, "E102", f"'{name}' is written twice")


def _at(span: Span, text: str, code: str, message: str, *, hint: str = "") -> Diagnostic:
    return Diagnostic(code, message, span, _line(text, span.line), hint)


def _line(text: str, number: int) -> str:
    lines = text.splitlines()
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
