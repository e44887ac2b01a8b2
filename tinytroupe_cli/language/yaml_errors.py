"""Explains in plain words why a text is not valid YAML, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from tinytroupe_cli.core.diagnostics import Diagnostic, Span
from tinytroupe_cli.language.text_places import diagnose_at, line_of, span_between

_CONFLICT = re.compile(r"^(<{7}|={7}|>{7})( |$)", re.MULTILINE)
_QUOTE_IT = "put text in quotes if it contains ': ' or ' #', or begins with [ { & * ! % @ or `"
_QUOTE_WITHIN = re.compile(r'(?:^|[\[{,:-])\s*"(?:[^"\\]|\\.)*"(?=[^\s,:\]}#])')
"""A quote that ends a text in double quotes too early: something follows it at once."""
_QUOTE_DIFFERENTLY = 'inside double quotes, write \\" for a quote, or put the text in single quotes'
_INDENT = "check the indentation: entries at the same level must start in the same column"


@dataclass(frozen=True, slots=True)
class _Words:
    message: str
    hint: str = ""
    is_at_beginning: bool = False
    """The cause is at the start of the construct, not where parsing failed."""


_PLAIN = {
    "found unexpected end of stream": _Words(
        "a quote is opened here and never closed",
        "close it with the same mark; within single quotes an apostrophe is written twice",
        is_at_beginning=True,
    ),
    "could not find expected ':'": _Words(
        "this line is neither 'key: value' nor part of a text", _INDENT, is_at_beginning=True
    ),
    "mapping values are not allowed in this context": _Words(
        "a ': ' is not allowed here", f"{_QUOTE_IT}. Also {_INDENT}"
    ),
    "did not find expected key": _Words(
        "a key was expected here", f"look for an unclosed quote above, or {_INDENT}. Also {_QUOTE_IT}"
    ),
    "did not find expected '-' indicator": _Words("an entry in a list begins with '- '", _INDENT),
    "block sequence entries are not allowed in this context": _Words(
        "a list can't begin here", "put its first '- ' on a line of its own"
    ),
    "did not find expected ',' or ']'": _Words("a ',' or a ']' is missing before this point", _QUOTE_IT),
    "did not find expected ',' or '}'": _Words("a ',' or a '}' is missing before this point", _QUOTE_IT),
    "did not find expected node content": _Words("a value is missing here", _QUOTE_IT),
    "found character that cannot start any token": _Words("a value can't begin with this", _QUOTE_IT),
    "found undefined alias": _Words("nothing is marked with this name ('&name')", _QUOTE_IT),
    "found unknown escape character": _Words(
        "there is no such escape within double quotes", "use single quotes, or write the backslash twice"
    ),
    "but found another document": _Words(
        "a file may contain only one document", "remove the line '---' and everything after it"
    ),
    "did not find expected <document start>": _Words("the value is complete, but something follows it", _QUOTE_IT),
    "found undefined tag handle": _Words("tags ('!name') are not supported", _QUOTE_IT),
}


_UNCLOSED = ("did not find expected ',' or ']'", "did not find expected ',' or '}'")


def syntax_error(error: yaml.YAMLError, text: str, source: str) -> Diagnostic:
    """Turn a parser error into a diagnostic."""
    merge = _CONFLICT.search(text)
    if merge:
        span = span_between(source, text, merge.start(), merge.start() + len("<<<<<<<"))
        hint = "choose between the parts above and below '=======', and remove the three markers"
        return diagnose_at(span, text, "E101", "this is not valid YAML: a merge was left unfinished here", hint=hint)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable")
    words = _PLAIN.get(problem) or _Words(f"{problem[:1].lower()}{problem[1:]}", _QUOTE_IT)
    if problem in _UNCLOSED and _is_at_end(error, text):
        words = _Words("this is opened here and never closed", f"close it with {problem[-3:]}", is_at_beginning=True)
    span = _place(error, text, source, is_at_beginning=words.is_at_beginning)
    if _QUOTE_WITHIN.search(line_of(text, span.line)):
        words = _Words("the text in double quotes ends before this point", _QUOTE_DIFFERENTLY)
    hint = words.hint
    if "\t" in line_of(text, span.line)[: span.column]:
        hint = "this line contains a tab; YAML must be indented with spaces"
    return diagnose_at(span, text, "E101", f"this is not valid YAML: {words.message}", hint=hint)


def _is_at_end(error: yaml.YAMLError, text: str) -> bool:
    mark = getattr(error, "problem_mark", None)
    return mark is not None and mark.line >= len(text.rstrip().splitlines())


def _place(error: yaml.YAMLError, text: str, source: str, *, is_at_beginning: bool) -> Span:
    problem, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    mark = (context if is_at_beginning else None) or problem or context
    if mark is None:
        return Span(source)
    lines = text.rstrip().splitlines() or [""]
    if mark.line < len(lines):
        return Span(source, mark.line + 1, mark.column + 1)
    return Span(source, len(lines), len(lines[-1]) + 1)
