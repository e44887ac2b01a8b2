"""Users' texts as strict Jinja templates, checked before anything runs.

A text without a tag is returned unchanged. Tags are replaced by values; a value is never
read as a template.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import jinja2
from jinja2 import meta, nodes
from pydantic import JsonValue

from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.errors import TroupeError
from tinytroupe_cli.language.sandbox import MAX_CHARACTERS, MissingError, Sandbox, TemplateView, forbidden

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_OPENING = re.compile(r"\{\{|\{%|\{#")


class TemplateError(TroupeError):
    """A text that can't be rendered; `offset` counts from 0 inside the text."""

    def __init__(self, message: str, *, offset: int = 0, length: int = 1, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.offset = offset
        self.length = max(length, 1)


@dataclass(frozen=True)
class Template:
    """A parsed text that can be rendered many times."""

    text: str
    names: frozenset[str]
    """The names it uses."""
    _compiled: jinja2.Template | None

    def render(self, scope: Mapping[str, JsonValue]) -> str:
        """Render the text. Raises `TemplateError`."""
        if self._compiled is None:
            return self.text
        for name in sorted(self.names - scope.keys()):
            raise unknown_name(self.text, name, scope)
        views = {name: TemplateView(value, name) if isinstance(value, dict) else value for name, value in scope.items()}
        try:
            return _filled(self._compiled, views)
        except MissingError as error:
            raise _missing(self.text, error) from error
        except (jinja2.TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
            raise TemplateError(f"can't be filled in: {error}", offset=_first_tag(self.text), length=2) from error


def read_template(text: str) -> Template:
    """Parse a text. Raises `TemplateError`."""
    if not _OPENING.search(text):
        return Template(text, frozenset(), None)
    sandbox = Sandbox()
    try:
        tree = sandbox.parse(text)
    except jinja2.TemplateSyntaxError as error:
        raise _unreadable(text, error) from error
    except RecursionError as error:
        raise TemplateError("nested too deeply", offset=_first_tag(text)) from error
    if refusal := forbidden(tree):
        raise TemplateError(refusal, offset=_first_tag(text), length=2)
    _check_words(text, tree, sandbox)
    expected = meta.find_undeclared_variables(tree) - sandbox.globals.keys()
    try:
        return Template(text, frozenset(expected), sandbox.from_string(text))
    except (jinja2.TemplateError, RecursionError, SyntaxError) as error:
        raise TemplateError(f"can't be read: {error}", offset=_first_tag(text), length=2) from error


def unknown_name(
    text: str,
    name: str,
    scope: Mapping[str, JsonValue],
    also: Mapping[str, str] | None = None,
    further: Iterable[str] = (),
) -> TemplateError:
    """Return the error for an unknown name, with a hint what to write instead; `further` names can be used too."""
    inside = [f"{owner}.{name}" for owner, value in scope.items() if isinstance(value, dict) and name in value]
    hint = f"write {inside[0]}" if inside else did_you_mean(name, {*scope, *further}, label="available here")
    reason = (also or {}).get(name)
    message = reason or f"unknown name '{name}'"
    return TemplateError(message, offset=_find(text, name), length=len(name), hint=hint)


def _filled(compiled: jinja2.Template, scope: Mapping[str, JsonValue]) -> str:
    pieces: list[str] = []
    size = 0
    for piece in compiled.generate(dict(scope)):
        pieces.append(piece)
        size += len(piece)
        if size > MAX_CHARACTERS:
            raise ValueError(f"the text would have more than {MAX_CHARACTERS} characters")
    return "".join(pieces)


def _missing(text: str, error: MissingError) -> TemplateError:
    message = f"{error.owner} has no field '{error.name}'" if error.owner else f"no '{error.name}' here"
    hint = did_you_mean(error.name, error.candidates, label="the fields are")
    return TemplateError(message, offset=_find(text, error.name), length=len(error.name), hint=hint)


def _check_words(text: str, tree: nodes.Template, sandbox: Sandbox) -> None:
    """Reject unknown filters and tests; Jinja would report them without a position."""
    for node in tree.find_all((nodes.Filter, nodes.Test)):
        known: Iterable[str] = sandbox.filters if isinstance(node, nodes.Filter) else sandbox.tests
        name: str = node.name
        if name not in known:
            what = "filter" if isinstance(node, nodes.Filter) else "test"
            hint = did_you_mean(name, known, label=f"{what}s", most=40)
            raise TemplateError(f"unknown {what} '{name}'", offset=_find(text, name), length=len(name), hint=hint)


def _unreadable(text: str, error: jinja2.TemplateSyntaxError) -> TemplateError:
    before = sum(len(line) for line in text.splitlines(keepends=True)[: error.lineno - 1])
    tag = _OPENING.search(text, before) or _OPENING.search(text)
    hint = "to show braces in the text, write {{ '{{' }}"
    return TemplateError(f"invalid template: {error.message}", offset=tag.start() if tag else 0, length=2, hint=hint)


def _find(text: str, word: str) -> int:
    """Return the position of a word inside the tags of a text; else of the first tag."""
    sought = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    for tag in _TAG.finditer(text):
        if found := sought.search(text, tag.start(), tag.end()):
            return found.start()
    return _first_tag(text)


def _first_tag(text: str) -> int:
    found = _OPENING.search(text)
    return found.start() if found else 0
