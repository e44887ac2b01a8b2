"""Fills in the texts a system is addressed with, and keeps what the environment put there out of sight."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import quote

from pydantic import JsonValue

from tinytroupe_cli.core.environment_references import filled_late
from tinytroupe_cli.core.errors import EnvironmentProblem
from tinytroupe_cli.language.templates import read_template
from tinytroupe_cli.simulation.systems.port import SystemReply

_WHOLE = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
MIN_SECRET_CHARACTERS = 6
"""Letters; what is shorter would be hidden in texts that don't hold it."""


@dataclass
class MessageValues:
    """Fills in texts for one system."""

    env: Mapping[str, str]
    values: Mapping[str, JsonValue]
    """What the plan knows: variables, the condition."""
    port: int = 0
    _secrets: dict[str, str] = field(default_factory=dict[str, str])

    def check(self, *texts: str) -> None:
        """Raise `EnvironmentProblem` for a variable that a text wants and that isn't there."""
        for text in texts:
            self._from_environment(text)

    def value(self, written: JsonValue, request: SystemReply | None) -> JsonValue:
        """Fill in every text of a value; one that is nothing but a name becomes what the name stands for."""
        match written:
            case str():
                whole = _WHOLE.fullmatch(written.strip())
                scope = self._scope(request)
                if whole and whole.group(1) in scope:
                    return scope[whole.group(1)]
                return self.text(written, request)
            case dict():
                return {key: self.value(inner, request) for key, inner in written.items()}
            case list():
                return [self.value(inner, request) for inner in written]
            case _:
                return written

    def text(self, written: str, request: SystemReply | None) -> str:
        """Fill in a text."""
        return self._filled(written, self._scope(request))

    def address(self, written: str, request: SystemReply | None) -> str:
        """Fill in an address; what was said is made fit for one."""
        scope = self._scope(request)
        fit = {name: _quoted(value) if name not in self.values else value for name, value in scope.items()}
        return self._filled(written, fit)

    def hide(self, text: str) -> str:
        """Put the names of the environment's variables where their values stand."""
        for reference, value in self._secrets.items():
            if len(value) >= MIN_SECRET_CHARACTERS:
                text = text.replace(value, reference)
        return text

    def _filled(self, written: str, scope: Mapping[str, JsonValue]) -> str:
        """What comes from the environment is put in last: it is a value, never a template."""
        pieces = re.split(r"(\$\{env:[^}]*\})", written)
        marks = {f"\x00{number}\x00": piece for number, piece in enumerate(pieces) if number % 2}
        marked = "".join(f"\x00{number}\x00" if number % 2 else piece for number, piece in enumerate(pieces))
        text = read_template(marked).render(scope)
        for mark, reference in marks.items():
            text = text.replace(mark, self._from_environment(reference))
        return text

    def _from_environment(self, text: str) -> str:
        try:
            filled, found = filled_late(text, self.env)
        except KeyError as error:
            name = str(error.args[0])
            raise EnvironmentProblem(f"the environment has no variable {name}", hint=f"set {name}") from error
        self._secrets |= found
        return filled

    def _scope(self, request: SystemReply | None) -> dict[str, JsonValue]:
        scope: dict[str, JsonValue] = dict(self.values)
        if self.port:
            scope["port"] = self.port
        if request is not None:
            history = cast("list[JsonValue]", request.past)
            now: JsonValue = {"role": "user", "content": request.message}
            scope |= {"message": request.message, "conversation": request.conversation, "person": dict(request.persona)}
            scope |= {"history": history, "messages": [*history, now]}
        return scope


def _quoted(value: JsonValue) -> JsonValue:
    match value:
        case str():
            return quote(value, safe="")
        case dict():
            return {key: _quoted(inner) for key, inner in value.items()}
        case list():
            return [_quoted(inner) for inner in value]
        case _:
            return value
