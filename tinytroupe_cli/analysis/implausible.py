"""Rules that no person's fields should fulfil: impossible or unlikely combinations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.language.evaluation import evaluate, is_true, look_up
from tinytroupe_cli.language.expressions import ExpressionError, Node, parse

RULES: Final = (
    "age < 0 or age > 115",
    "age < 16 and 'retired' in occupation.title",
    "age < 16 and 'retired' in occupation",
    "age < 30 and 'retired' in occupation.title",
    "age < 30 and 'retired' in occupation",
    "age < 16 and (marital_status == 'married' or marital_status == 'divorced' or marital_status == 'widowed')",
    "age < 14 and children > 0",
    "age < 20 and 'phd' in education",
    "age < 20 and 'doctorate' in education",
    "age < 17 and 'bachelor' in education",
    "age > 85 and 'student' in occupation.title",
    "household == 1 and children > 2",
    "income < 0",
)
"""Shipped rules. A field that a person doesn't have makes a rule false."""


def rule_breakers(rule: str, people: Mapping[str, Mapping[str, JsonValue]]) -> tuple[str, ...]:
    """Return the people for whom a rule's expression is true; raises ExpressionError if it can't be read."""
    tree = parse(rule)
    return tuple(name for name, fields in people.items() if _is_true(tree, fields))


def all_rules(own: Sequence[str]) -> tuple[str, ...]:
    """Return one's own rules and the shipped ones, each once."""
    return tuple(dict.fromkeys((*own, *RULES)))


def _is_true(tree: Node, fields: Mapping[str, JsonValue]) -> bool:
    try:
        return is_true(evaluate(tree, lambda name: look_up(name.path, fields)))
    except ExpressionError:  # another kind of value than the rule is about: it says nothing of this person
        return False
