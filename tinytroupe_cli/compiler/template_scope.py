"""Renders users' texts with the values they can use: variables, the condition, the replicate, a person, a step.

The only place where a user's text is rendered; errors become findings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from tinytroupe_cli.compiler.conditions import Arm
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.templates import Template, TemplateError, read_template, unknown_name
from tinytroupe_cli.plan.types import CastMember


@dataclass(frozen=True)
class Text:
    """A user's text and its path."""

    template: Template
    path: Path

    @property
    def is_personal(self) -> bool:
        """Return whether it reads differently from person to person."""
        return "person" in self.template.names


@dataclass(frozen=True)
class TemplateScope:
    """One condition in one replicate, as seen by texts."""

    variables: Mapping[str, JsonValue]
    arm: Arm
    replicate: int

    def fill(self, text: Text, findings: Findings, *, person: CastMember | None = None, step: int | None = None) -> str:
        """Render a text; return an empty one, with findings, if that fails."""
        scope = self._scope(person, step)
        unknown = sorted(text.template.names - scope.keys())
        for name in unknown:
            error = unknown_name(
                text.template.text, name, scope, {"person": "this text is not for one particular person"}
            )
            findings.add_inside("E310", error, text.path, text.template.text)
        if unknown:
            return ""
        try:
            return text.template.render(scope)
        except TemplateError as error:
            about = f"for {person.name}" if person and text.is_personal else ""
            findings.add_inside("E310", error, text.path, text.template.text, about=about)
            return ""

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
        scope: dict[str, JsonValue] = {**self.arm.values}
        scope |= {"vars": dict(self.variables), "condition": dict(self.arm.values), "replicate": self.replicate}
        if person is not None:
            scope["person"] = person.persona
        if step is not None:
            scope["step"] = step
        return scope


def read_text(written: str, path: Path, findings: Findings) -> Text | None:
    """Parse a text as a template; return None with a finding if it is invalid."""
    findings.read_as_template.add(path)
    try:
        return Text(read_template(written), path)
    except TemplateError as error:
        findings.add_inside("E311", error, path, written)
        return None


def plain_text(content: str, path: Path) -> Text:
    """Return a text as a template without tags, whatever it contains."""
    return Text(Template(content, frozenset(), None), path)
