"""The texts sent to a system: templates that are filled in at send time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.compiler.template_scope import Text, read_text, said_of
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.templates import TemplateError
from tinytroupe_cli.spec.systems import System

SAID: Final = frozenset({"message", "person", "conversation", "history", "messages"})
"""Names filled in from a conversation."""


def texts_in(written: System, path: Path, findings: Findings) -> Iterator[Text]:
    """Yield every template of a system, except a model's prompt."""
    if written.http is not None:
        found = [(("http", "url"), written.http.url)]
        found += [(("http", "headers", name), value) for name, value in written.http.headers.items()]
        found += list(_texts(written.http.json_, ("http", "json")))
    else:
        found = [(("command", index), word) for index, word in enumerate(written.command or ())]
    found += [(("start", index), word) for index, word in enumerate(written.start or ())]
    for where, text in found:
        read = read_text(text, (*path, *where), findings)
        if read is not None:
            yield read


def check_for_people(texts: Sequence[Text], roster: Roster, findings: Findings) -> None:
    """Report fields in a text that some person doesn't have."""
    for text in texts:
        if text.template.names <= SAID and text.is_personal:
            for member in roster.members:
                try:
                    text.template.render({**dict.fromkeys(SAID, ""), "history": [], "person": member.persona})
                except TemplateError as error:
                    said = said_of(member, error.message)
                    findings.add_inside("E310", error, text.path, text.template.text, said=said)


def _texts(value: JsonValue, path: Path) -> Iterator[tuple[Path, str]]:
    match value:
        case str():
            yield path, value
        case dict():
            for key, inner in value.items():
                yield from _texts(inner, (*path, key))
        case list():
            for index, inner in enumerate(value):
                yield from _texts(inner, (*path, index))
        case _:
            return
