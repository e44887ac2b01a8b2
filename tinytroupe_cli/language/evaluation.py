"""Evaluates expressions; the caller provides the values of names.

Text is compared without regard to case. null is equal to null only; ordering null with
anything is false, and arithmetic with it gives null.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic import JsonValue

from tinytroupe_cli.language.bands import middle
from tinytroupe_cli.language.expressions import (
    Arithmetic,
    Call,
    Comparison,
    Constant,
    ExpressionError,
    Logic,
    Name,
    Node,
    Unary,
)

Resolve = Callable[[Name], JsonValue]
Perform = Callable[[Call], JsonValue]


def evaluate(node: Node, resolve: Resolve, perform: Perform | None = None) -> JsonValue:
    """Evaluate an expression. Raises `ExpressionError` if types don't fit."""
    match node:
        case Constant():
            return node.value
        case Name():
            return resolve(node)
        case Call():
            if perform is None:
                raise ExpressionError("methods can't be used here", column=node.column, length=node.length)
            return perform(node)
        case Unary():
            return _signed(node, evaluate(node.operand, resolve, perform))
        case Arithmetic():
            return _sum(node, evaluate(node.left, resolve, perform), evaluate(node.right, resolve, perform))
        case Logic():
            wanted = any if node.word == "or" else all
            return wanted(is_true(evaluate(operand, resolve, perform)) for operand in node.operands)
        case Comparison():
            return _compared(node, lambda part: evaluate(part, resolve, perform))


def is_true(value: JsonValue) -> bool:
    """Return whether a value counts as true: not null, false, 0 or empty."""
    return bool(value)


def look_up(path: tuple[str, ...], values: Mapping[str, JsonValue]) -> JsonValue:
    """Follow a dotted path through mappings; null if it ends early."""
    current: JsonValue = dict(values)
    for part in path:
        if not isinstance(current, dict) or part not in current:
            return None
        current = current[part]
    return current


def _signed(node: Unary, value: JsonValue) -> JsonValue:
    if node.sign == "not":
        return not is_true(value)
    if value is None:
        return None
    return -_number(value, node.operand)


def _sum(node: Arithmetic, left: JsonValue, right: JsonValue) -> JsonValue:
    if left is None or right is None:
        return None
    try:
        return _total(node.sign, _number(left, node.left), _number(right, node.right))
    except (ZeroDivisionError, OverflowError) as error:
        raise ExpressionError(
            f"the expression can't be evaluated: {error}", column=node.column, length=node.length
        ) from error


def _total(sign: str, left: float, right: float) -> float:
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case _:
            return left / right


def _number(value: JsonValue, node: Node) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        message = f"{_kind(value)} is not a number"
        raise ExpressionError(message, column=node.column, length=node.length)
    return value


def _compared(node: Comparison, value_of: Callable[[Node], JsonValue]) -> bool:
    left = value_of(node.first)
    for sign, part in node.rest:
        right = value_of(part)
        if not _holds(sign, left, right, part):
            return False
        left = right
    return True


def _holds(sign: str, left: JsonValue, right: JsonValue, node: Node) -> bool:
    match sign:
        case "==":
            return _plain(left) == _plain(right)
        case "!=":
            return _plain(left) != _plain(right)
        case "in":
            return _contains(right, left, node)
        case "not in":
            return not _contains(right, left, node)
        case _:
            return _ordered(sign, left, right, node)


def _ordered(sign: str, left: JsonValue, right: JsonValue, node: Node) -> bool:
    if left is None or right is None:
        return False
    if isinstance(left, str) and isinstance(right, str):
        return _in_order(sign, (left.casefold() > right.casefold()) - (left.casefold() < right.casefold()))
    left, right = _number_of(left, beside=right), _number_of(right, beside=left)
    if isinstance(left, int | float) and isinstance(right, int | float):
        return _in_order(sign, (left > right) - (left < right))
    message = f"can't order {_kind(left)} and {_kind(right)}"
    raise ExpressionError(message, column=node.column, length=node.length)


def _number_of(value: JsonValue, *, beside: JsonValue) -> JsonValue:
    """Return the middle of a band of numbers, such as "25-34", when it is compared with a number."""
    if isinstance(value, str) and isinstance(beside, int | float) and not isinstance(beside, bool):
        known = middle(value)
        return value if known is None else known
    return value


def _in_order(sign: str, difference: int) -> bool:
    match sign:
        case "<":
            return difference < 0
        case "<=":
            return difference <= 0
        case ">":
            return difference > 0
        case _:
            return difference >= 0


def _contains(whole: JsonValue, part: JsonValue, node: Node) -> bool:
    match whole:
        case None:
            return False
        case str() if part is None:
            return False
        case str() if isinstance(part, str):
            return part.casefold() in whole.casefold()
        case list() | dict():
            return any(_plain(part) == _plain(item) for item in whole)
        case _:
            message = f"can't look for {_kind(part)} in {_kind(whole)}"
            raise ExpressionError(message, column=node.column, length=node.length)


def _plain(value: JsonValue) -> object:
    return value.casefold() if isinstance(value, str) else value


def _kind(value: JsonValue) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a truth value"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case dict():
            return "a mapping"
