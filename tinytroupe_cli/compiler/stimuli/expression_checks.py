"""Checks the names in an intervention's expression before anything runs.

`world.messages`, a person's state (`lisa.emotions`) and persona (`lisa.occupation.title`). A person is
called by their id, with `_` for `-`. `simulation/expression_scope.py` fills the names in while a trial is played.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.events.types import MENTAL_STATE_FIELDS
from tinytroupe_cli.language.evaluation import evaluate, look_up
from tinytroupe_cli.language.expressions import ExpressionError, Name, names, parse
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.plan.expression_names import WORLD, WORLD_NAMES, expression_name


@dataclass(frozen=True)
class ExpressionNames:
    """The names an expression can use: people, and persona fields that interventions set."""

    roster: Roster
    set_somewhere: Collection[str]

    def check(self, expression: str, path: Path, findings: Findings) -> None:
        """Report errors of an expression."""
        try:
            tree = parse(expression)
        except ExpressionError as error:
            findings.add_inside("E372", error, path, expression)
            return
        people = {expression_name(member.id): member.persona for member in self.roster.members}
        wrong = [error for name in names(tree) if (error := self._unknown(name, people))]
        for error in wrong:
            findings.add_inside("E372", error, path, expression)
        if wrong or not self.roster.is_complete:
            return
        try:
            evaluate(tree, lambda name: look_up(name.path, {WORLD: dict.fromkeys(WORLD_NAMES, 0), **people}))
        except ExpressionError as error:
            if "can't be evaluated" not in error.message:  # a division by what is 0 at the beginning only
                findings.add_inside("E372", error, path, expression)

    def _unknown(self, name: Name, people: Mapping[str, dict[str, JsonValue]]) -> ExpressionError | None:
        first, *rest = name.path
        if first == WORLD:
            known: Collection[str] = WORLD_NAMES
            return None if len(rest) == 1 and rest[0] in known else _error(name, ".".join(rest), known, WORLD)
        if first not in people:
            if not self.roster.is_complete:
                return None
            hint = NearNames(first, [WORLD, *people], label="available names")
            return ExpressionError(f"unknown name '{first}'", column=name.column, length=len(first), hint=hint)
        known = [*MENTAL_STATE_FIELDS, *people[first], *self.set_somewhere]
        return None if rest and rest[0] in known else _error(name, ".".join(rest), known, first)


def _error(name: Name, rest: str, known: Collection[str], owner: str) -> ExpressionError:
    hint = NearNames(rest, known, label=f"fields of {owner}")
    message = f"'{owner}' has no '{rest}'" if rest else f"'{owner}' is not a value"
    return ExpressionError(message, column=name.column, length=name.length, hint=hint)
