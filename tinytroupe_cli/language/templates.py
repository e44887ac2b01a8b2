"""Users' texts as strict Jinja templates, checked before anything runs.

A text without a tag is returned unchanged. Tags are replaced by values; a value is never
read as a template.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import jinja2
from jinja2 import meta, nodes
from pydantic import JsonValue

from tinytroupe_cli.core.diagnostics import did_you_mean, nearest
from tinytroupe_cli.core.errors import TroupeError
from tinytroupe_cli.language.sandbox import (
    MAX_CHARACTERS,
    NAMED_FILTERS,
    MissingError,
    Sandbox,
    TemplateView,
    forbidden,
)
from tinytroupe_cli.language.template_budget import (
    MAX_STEPS,
    MAX_TAG_CHARACTERS,
    MAX_TAGS,
    StepBudget,
    StepsError,
    counted,
)

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
    _budget: StepBudget = field(default_factory=StepBudget, compare=False)

    def render(self, scope: Mapping[str, JsonValue]) -> str:
        """Render the text. Raises `TemplateError`."""
        if self._compiled is None:
            return self.text
        for name in sorted(self.names - scope.keys()):
            raise unknown_name(self.text, name, scope)
        views = {name: TemplateView(value, name) if isinstance(value, dict) else value for name, value in scope.items()}
        self._budget.left = MAX_STEPS
        try:
            return _filled(self._compiled, views)
        except StepsError as error:
            hint = "loop over a list, not over a text; or write the text out"
            offset = _tag_at(self.text, error.line)
            raise TemplateError(f"the text can't be filled in: {error}", offset=offset, length=2, hint=hint) from error
        except MissingError as error:
            raise _missing(self.text, error) from error
        except (jinja2.TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
            raise TemplateError(
                f"the text can't be filled in: {error}", offset=_first_tag(self.text), length=2
            ) from error


def read_template(text: str) -> Template:
    """Parse a text. Raises `TemplateError`."""
    if not _OPENING.search(text):
        return Template(text, frozenset(), None)
    _check_tags(text)
    try:
        return _parsed(text, Sandbox())
    except jinja2.TemplateSyntaxError as error:
        raise _unreadable(text, error) from error
    except (RecursionError, MemoryError) as error:
        raise TemplateError("the template is nested too deeply", offset=_first_tag(text)) from error
    except (jinja2.TemplateError, SyntaxError, ValueError) as error:
        raise TemplateError(f"the template can't be read: {error}", offset=_first_tag(text), length=2) from error


def _parsed(text: str, sandbox: Sandbox) -> Template:
    tree = sandbox.parse(text)
    if refusal := forbidden(tree):
        raise TemplateError(refusal, offset=_first_tag(text), length=2)
    _check_words(text, tree, sandbox)
    expected = meta.find_undeclared_variables(tree) - sandbox.globals.keys()
    return Template(text, frozenset(expected), sandbox.from_string(counted(tree)), sandbox.budget)


def _check_tags(text: str) -> None:
    """Reject templates that would take long to parse."""
    for number, opening in enumerate(_OPENING.finditer(text), start=1):
        if number > MAX_TAGS:
            raise TemplateError(f"more than {MAX_TAGS:,} tags in one text", offset=opening.start(), length=2)
    for tag in _TAG.finditer(text):
        if len(tag.group()) > MAX_TAG_CHARACTERS:
            message = f"a tag of more than {MAX_TAG_CHARACTERS:,} characters"
            raise TemplateError(message, offset=tag.start(), length=2)


def unknown_name(
    text: str,
    name: str,
    scope: Mapping[str, JsonValue],
    also: Mapping[str, str] | None = None,
    further: Iterable[str] = (),
) -> TemplateError:
    """Return the error for an unknown name, with a hint what to write instead; `further` names can be used too."""
    inside = [f"{owner}.{name}" for owner, value in scope.items() if isinstance(value, dict) and name in value]
    hint = f"write {inside[0]}" if inside else _near_name(name, scope, further)
    reason = (also or {}).get(name)
    message = reason or f"unknown name '{name}'"
    return TemplateError(message, offset=_find(text, name), length=len(name), hint=hint)


def _near_name(name: str, scope: Mapping[str, JsonValue], further: Iterable[str]) -> str:
    names = {*scope, *further}
    fields = {field: f"{owner}.{field}" for owner, value in scope.items() if isinstance(value, dict) for field in value}
    closest = "" if nearest(name, names) else next(iter(nearest(name, fields)), "")
    meant = f"did you mean '{fields[closest]}'?  " if closest else ""
    return meant + did_you_mean(name, names, label="available here")


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
        known: Iterable[str] = NAMED_FILTERS if isinstance(node, nodes.Filter) else sandbox.tests
        name: str = node.name
        if name not in known:
            what = "filter" if isinstance(node, nodes.Filter) else "test"
            hint = did_you_mean(name, known, label=f"{what}s", most=40)
            raise TemplateError(f"unknown {what} '{name}'", offset=_find(text, name), length=len(name), hint=hint)


def _unreadable(text: str, error: jinja2.TemplateSyntaxError) -> TemplateError:
    hint = "to show braces in the text, write {{ '{{' }}"
    offset = _tag_at(text, error.lineno)
    return TemplateError(f"invalid template: {error.message}", offset=offset, length=2, hint=hint)


def _find(text: str, word: str) -> int:
    """Return the position of a word inside the tags of a text; else of the first tag."""
    sought = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    for tag in _TAG.finditer(text):
        if found := sought.search(text, tag.start(), tag.end()):
            return found.start()
    return _first_tag(text)


def _tag_at(text: str, line: int) -> int:
    """Return the position of the first tag from a line on; else of the first in the text."""
    before = sum(len(each) for each in text.splitlines(keepends=True)[: max(line - 1, 0)])
    tag = _OPENING.search(text, before)
    return tag.start() if tag else _first_tag(text)


def _first_tag(text: str) -> int:
    found = _OPENING.search(text)
    return found.start() if found else 0
