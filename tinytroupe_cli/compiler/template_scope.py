"""Renders users' texts with the values they can use: variables, the condition, the replicate, a person, a step.

The only place where a user's text is rendered; errors become findings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import JsonValue

from tinytroupe_cli.compiler.conditions import Arm
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.worded_levels import level_in
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.templates import Template, TemplateError, read_template, unknown_name
from tinytroupe_cli.plan.types import CastMember
from tinytroupe_cli.plan.written_wordings import stand_in, tags
from tinytroupe_cli.spec.wordings import TextToWord, WordedText, Wordings


@dataclass(frozen=True)
class Text:
    """A user's text and its path."""

    template: Template
    path: Path
    others: tuple[Text, ...] = ()
    """Its other wordings: the first of them is wording 2."""
    is_to_word: bool = False
    """Whether a model will write its other wordings."""

    @property
    def is_personal(self) -> bool:
        """Return whether it reads differently from person to person."""
        return "person" in self.names

    @property
    def names(self) -> frozenset[str]:
        """Return the variables that its wordings use."""
        return self.template.names.union(*(other.template.names for other in self.others))

    def version(self, wording: int) -> Text:
        """Return one wording, counted from 1; 0: the first."""
        return self.others[wording - 2] if 1 < wording <= 1 + len(self.others) else self


@dataclass(frozen=True)
class TemplateScope:
    """One condition in one replicate, as seen by texts."""

    variables: Mapping[str, JsonValue]
    arm: Arm
    replicate: int
    wording: int = 0
    """Number of the version of all texts, from 1; 0: they have one."""

    def render(
        self,
        text: Text,
        findings: Findings,
        *,
        person: CastMember | None = None,
        step: int | None = None,
        is_for_people: bool = False,
    ) -> str:
        """Render a text; return an empty one, with findings, if that fails.

        `is_for_people`: it goes to people one by one, so it could use `person`.
        """
        scope, text = self._scope(person, step), text.version(self.wording)
        unknown = sorted(text.template.names - scope.keys())
        for name in unknown:
            reason = {"person": "this text is not for one particular person"}
            further = ("person",) if is_for_people else ()
            error = unknown_name(text.template.text, name, scope, reason, further)
            findings.add_inside("E310", error, text.path, text.template.text)
        if unknown:
            return ""
        try:
            return self._rendered(text, scope)
        except TemplateError as error:
            said = said_of(person, error.message) if person and text.is_personal else ""
            findings.add_inside("E310", error, text.path, text.template.text, said=said)
            return ""

    def _rendered(self, text: Text, scope: Mapping[str, JsonValue]) -> str:
        rendered = text.template.render(scope)
        if not text.is_to_word or self.wording <= 1 or not rendered.strip():
            return rendered
        values = {tag: read_template(tag).render(scope) for tag in tags(text.template.text)}
        return stand_in(place_of(text.path), self.wording, values)

    def check(self, text: Text, names: frozenset[str], findings: Findings) -> None:
        """Report those of these names in a text that are unavailable; the text is filled in later."""
        scope = self._scope(None, None)
        for name in sorted((text.template.names & names) - scope.keys()):
            error = unknown_name(text.template.text, name, scope)
            findings.add_inside("E310", error, text.path, text.template.text)

    def known(self, names: frozenset[str]) -> dict[str, JsonValue]:
        """Return those of these names that are available to texts, with their values."""
        return {name: value for name, value in self._scope(None, None).items() if name in names}

    def _scope(self, person: CastMember | None, step: int | None) -> dict[str, JsonValue]:
        values = {factor: level_in(value, self.wording) for factor, value in self.arm.values.items()}
        scope: dict[str, JsonValue] = {**values}
        scope |= {"vars": dict(self.variables), "condition": dict(values), "replicate": self.replicate}
        if person is not None:
            scope["person"] = person.persona
        if step is not None:
            scope["step"] = step
        return scope


def said_of(person: CastMember, message: str) -> str:
    """Return a message about a text with the name of the person it could not be filled in for."""
    if message.startswith("person has no field "):
        return person.name + message.removeprefix("person")
    return f"{message} (for {person.name})"


def place_of(path: Path) -> str:
    """Return the keys that lead to a text, such as `extract.0.question`."""
    return ".".join(str(part) for part in path)


def read_text(written: WordedText | TextToWord, path: Path, findings: Findings) -> Text | None:
    """Parse a text, in all its wordings, as a template; return None with a finding if one is invalid."""
    findings.read_as_template.add(path)
    if isinstance(written, TextToWord):
        found = read_text(written.text, path, findings)
        return None if found is None else replace(found, is_to_word=True)
    if isinstance(written, Wordings):
        places = [(*path, "wordings", index) for index in range(len(written.wordings))]
        read = [read_text(text, place, findings) for text, place in zip(written.wordings, places, strict=True)]
        texts = [text for text in read if text is not None]
        return replace(texts[0], others=tuple(texts[1:])) if len(texts) == len(read) else None
    try:
        return Text(read_template(written), path)
    except TemplateError as error:
        findings.add_inside("E311", error, path, written)
        return None


def plain_text(content: str, path: Path) -> Text:
    """Return a text as a template without tags, whatever it contains."""
    return Text(Template(content, frozenset(), None), path)
