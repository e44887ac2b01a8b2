"""Resolves audiences: everyone, names, or all people for whom an expression is true."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.language.evaluation import evaluate, is_true, look_up
from tinytroupe_cli.language.expressions import ExpressionError, Name, Node, names, parse
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.plan.types import CastMember
from tinytroupe_cli.spec.stimuli import Audience, Where

_ALL: Final = frozenset(
    {
        *("all", "everyone", "everybody", "all people", "all persons", "people", "persons", "participants"),
        *("each", "each person", "every person", "each of them", "each participant", "all participants"),
    }
)
"""How people are written together elsewhere."""


def audience(to: Audience, roster: Roster, path: Path, findings: Findings) -> tuple[str, ...]:
    """Return the ids of an audience, in cast order."""
    match to:
        case Where(where=expression):
            return matching(expression, roster, (*path, "where"), findings)
        case "everyone":
            return roster.ids
        case names:
            return named(names, roster, path, findings)


def named(
    names_written: str | list[str], roster: Roster, path: Path, findings: Findings, *, everyone: str = "everyone"
) -> tuple[str, ...]:
    """Return the ids of named people, in cast order; `everyone` is the word for all of them in this place."""
    written = [names_written] if isinstance(names_written, str) else names_written
    found: list[str] = []
    for index, name in enumerate(written):
        person = roster.find(name)
        if person is None and roster.is_complete:
            message, hint = roster.invalid_reason(name)
            if re.sub(r"[\W_]+", " ", name).strip().casefold() in _ALL:
                hint = f"did you mean '{everyone}'?"
            place = path if isinstance(names_written, str) else (*path, index)
            findings.add("E320", message, place, hint=hint)
        elif person is not None:
            found.append(person)
    return roster.in_order(found)


def matching(expression: str, roster: Roster, path: Path, findings: Findings) -> tuple[str, ...]:
    """Return the ids of everyone for whom an expression is true, in cast order."""
    try:
        tree = parse(expression)
    except ExpressionError as error:
        findings.add_inside("E321", error, path, expression)
        return ()
    if not roster.is_complete:
        return ()
    misspelt = [error for name in names(tree) if (error := _unknown_field(name, roster.members))]
    for error in misspelt:
        findings.add_inside("E321", error, path, expression)
    if misspelt:
        return ()
    errors = findings.errors
    found = tuple(member.id for member in roster.members if _is_one(tree, member, expression, path, findings))
    if not found and findings.errors == errors:
        findings.add("E322", "nobody in the cast matches this condition", path, is_error=False)
    return found


def _is_one(tree: Node, member: CastMember, expression: str, path: Path, findings: Findings) -> bool:
    try:
        return is_true(evaluate(tree, lambda name: look_up(name.path, member.persona)))
    except ExpressionError as error:
        findings.add_inside("E321", error, path, expression, said=f"{error.message} (for {member.name})")
        return False


def _unknown_field(name: Name, members: tuple[CastMember, ...]) -> ExpressionError | None:
    """Report a field that no one has; a field that only some have is null for the others."""
    dotted = ".".join(name.path)
    known = {path for member in members for path in _paths(member.persona)}
    if dotted in known:
        return None
    hint = NearNames(dotted, known, label="fields")
    return ExpressionError(f"nobody has a field '{dotted}'", column=name.column, length=name.length, hint=hint)


def _paths(fields: Mapping[str, JsonValue], before: str = "") -> Iterator[str]:
    for key, value in fields.items():
        yield f"{before}{key}"
        if isinstance(value, dict):
            yield from _paths(value, f"{before}{key}.")
