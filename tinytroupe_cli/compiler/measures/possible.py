"""Decides whether an expectation can hold at all, by interval arithmetic over the range of each measure.

Only certain results count: an unknown bound is infinite, and an unknown value may be anything.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.language.expressions import Arithmetic, Call, Comparison, Constant, Logic, Name, Node, Unary
from tinytroupe_cli.plan.types import PlannedField


@dataclass(frozen=True, slots=True)
class PossibleRange:
    """A range of possible numbers."""

    low: float = -math.inf
    high: float = math.inf


@dataclass(frozen=True, slots=True)
class Impossible:
    """A comparison whose outcome is known before anything is measured."""

    holds: bool
    """Always true, or never."""
    node: Comparison
    reason: str


FieldOf = Callable[[Name], PlannedField | None]


def decided(tree: Node, field_of: FieldOf) -> Impossible | None:
    """Return the part that decides an expectation in advance; None if it may hold or not."""
    outcome, why = _truth(tree, field_of)
    return None if len(outcome) > 1 or why is None else Impossible(True in outcome, why[0], why[1])


_Why = tuple[Comparison, str] | None
BOTH = frozenset({True, False})


def _truth(node: Node, field_of: FieldOf) -> tuple[frozenset[bool], _Why]:
    match node:
        case Comparison():
            return _compared(node, field_of)
        case Logic():
            return _combined(node, field_of)
        case Unary(sign="not"):
            outcome, why = _truth(node.operand, field_of)
            return frozenset(not value for value in outcome), why
        case _:
            return BOTH, None


def _combined(node: Logic, field_of: FieldOf) -> tuple[frozenset[bool], _Why]:
    parts = [_truth(operand, field_of) for operand in node.operands]
    settling = node.word == "or"  # one true part settles an `or`, one false part an `and`
    for outcome, why in parts:
        if outcome == frozenset({settling}):
            return outcome, why
    if all(outcome == frozenset({not settling}) for outcome, _ in parts):
        return parts[0]
    return BOTH, None


def _compared(node: Comparison, field_of: FieldOf) -> tuple[frozenset[bool], _Why]:
    left, always = node.first, True
    for sign, right in node.rest:
        first, second = _interval(left, field_of), _interval(right, field_of)
        if first is None or second is None:
            return BOTH, None
        outcome = _ordered(first, sign, second)
        if outcome == frozenset({False}):
            return outcome, (node, _reason(left, first, right, second))
        always = always and outcome == frozenset({True})
        left = right
    if not always:
        return BOTH, None
    first = _interval(node.first, field_of) or PossibleRange()
    return frozenset({True}), (node, _reason(node.first, first, node.rest[0][1], PossibleRange()))


def _ordered(first: PossibleRange, sign: str, second: PossibleRange) -> frozenset[bool]:
    match sign:
        case ">" | ">=":
            return _ordered(second, "<" if sign == ">" else "<=", first)
        case "<":
            can, must = first.low < second.high, first.high < second.low
        case "<=":
            can, must = first.low <= second.high, first.high <= second.low
        case "==":
            can = first.low <= second.high and second.low <= first.high
            must = first.low == first.high == second.low == second.high
        case "!=":
            return frozenset(not held for held in _ordered(first, "==", second))
        case _:
            return BOTH
    return frozenset({True}) if must else BOTH if can else frozenset({False})


def _interval(node: Node, field_of: FieldOf) -> PossibleRange | None:
    match node:
        case Constant(value=bool()):
            return None
        case Constant(value=int() | float() as value):
            return PossibleRange(value, value)
        case Call():
            return _of_call(node, field_of)
        case Unary(sign="-"):
            inner = _interval(node.operand, field_of)
            return None if inner is None else PossibleRange(-inner.high, -inner.low)
        case Arithmetic(sign="+" | "-" as sign):
            first, second = _interval(node.left, field_of), _interval(node.right, field_of)
            if first is None or second is None:
                return None
            if sign == "+":
                return PossibleRange(first.low + second.low, first.high + second.high)
            return PossibleRange(first.low - second.high, first.high - second.low)
        case Arithmetic():
            return PossibleRange()
        case _:
            return None


def _of_call(call: Call, field_of: FieldOf) -> PossibleRange:
    if call.is_property and isinstance(call.target, Call):
        return PossibleRange(0, 1) if call.method in {"p", "p_corrected"} else _of_end(call.target, field_of)
    name = call.target
    while isinstance(name, Call):
        name = name.target
    field = field_of(name)
    match call.method:
        case "share":
            return PossibleRange(0, 1)
        case "count" | "missing":
            return PossibleRange(0, math.inf)
        case "sd":
            bounds = _bounds(field)
            return PossibleRange(0, (bounds.high - bounds.low) if math.isfinite(bounds.high - bounds.low) else math.inf)
        case "mean" | "median" | "min" | "max":
            return _bounds(field)
        case _:
            return PossibleRange()


def _of_end(of: Call, field_of: FieldOf) -> PossibleRange:
    """Return the range of an interval's ends: that of its share or mean; a difference may be anything."""
    return PossibleRange() if of.method == "compare" else _of_call(of, field_of)


def _bounds(field: PlannedField | None) -> PossibleRange:
    return PossibleRange() if field is None else PossibleRange(*type_of(field).range(field))


def _reason(left: Node, first: PossibleRange, right: Node, second: PossibleRange) -> str:
    call, bounds = (left, first) if isinstance(left, Call) else (right, second)
    if not isinstance(call, Call):
        return "it contains only constants"
    what = {
        "share": "a share",
        "count": "a count",
        "missing": "a count",
        "sd": "this standard deviation",
        "p": "a p-value",
        "p_corrected": "a p-value",
    }.get(call.method, f"this {call.method}")
    if math.isinf(bounds.high):
        return f"{what} is at least {bounds.low:g}" if math.isfinite(bounds.low) else f"{what} may be anything"
    if math.isinf(bounds.low):
        return f"{what} is at most {bounds.high:g}"
    return f"{what} lies between {bounds.low:g} and {bounds.high:g}"
