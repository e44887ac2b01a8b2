"""Checks `expect` against the measures, before anything runs.

`analysis/expectations.py` evaluates the same expressions once there are answers.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from tinytroupe_cli.analysis.expected_comparisons import PROPERTIES
from tinytroupe_cli.compiler.measures.expected_properties import at_call, check_compared, check_property
from tinytroupe_cli.compiler.measures.possible import decided
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.language.expressions import (
    Call,
    Comparison,
    Constant,
    ExpressionError,
    Logic,
    Name,
    Unary,
    names,
    outer_calls,
    parse,
)
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.language.said_values import is_same
from tinytroupe_cli.plan.query_fields import NamedFields, main_field
from tinytroupe_cli.plan.types import Condition, PlannedField

NUMBERS: tuple[str, ...] = ("mean", "median", "sd", "min", "max")
METHODS: tuple[str, ...] = ("share", "count", *NUMBERS, "missing", "at")


def check_expectation(text: str, fields: NamedFields, conditions: Sequence[Condition]) -> list[ExpressionError]:
    """Return the error of an expectation; empty if it is valid."""
    try:
        tree = parse(text, calls=True)
    except ExpressionError as error:
        return [error]
    errors: list[ExpressionError] = []
    called: set[Name] = set()
    for call in outer_calls(tree):
        try:
            called.add(_check_call(call, fields, conditions))
        except ExpressionError as error:
            errors.append(error)
            called.update(names(call))
    bare = [name for name in names(tree) if name not in called]
    errors += [_not_summed_up(name, fields) for name in bare]
    if not errors and not (isinstance(tree, Comparison | Logic) or (isinstance(tree, Unary) and tree.sign == "not")):
        errors.append(
            ExpressionError("an expectation must be true or false", length=len(text), hint="add a comparison: … >= 0.3")
        )
    return errors


def foregone(text: str, fields: NamedFields) -> tuple[ExpressionError, bool] | None:
    """Return the part that makes an expectation true or false whatever is measured, and which of these.

    None if it may hold or not.
    """
    found = decided(parse(text, calls=True), lambda name: _field(name, fields))
    if found is None:
        return None
    node = found.node
    percent = " (50% is 0.5)" if "share" in found.reason else ""
    message = (
        f"this {'always' if found.holds else 'can never'} {'holds' if found.holds else 'hold'}: {found.reason}{percent}"
    )
    return ExpressionError(message, column=node.column, length=node.length), found.holds


def _check_call(call: Call, fields: NamedFields, conditions: Sequence[Condition]) -> Name:
    """Check a chain from its end to its start; return the name it starts with."""
    if call.is_property and isinstance(call.target, Call):
        check_property(call, call.target)
        if call.target.method == "compare":
            return check_compared(call.target, fields, conditions)
        return _check_call(call.target, fields, conditions)
    if call.method == "compare":
        raise at_call(call, "compare(…) has several figures", f"name one: .{', .'.join(PROPERTIES)}")
    if call.method == "at":
        hint = "end with share, count, mean, median, sd, min, max or missing"
        raise ExpressionError("'at' only selects conditions", column=call.column, length=call.length, hint=hint)
    target = call.target
    while isinstance(target, Call):
        if target.method != "at":
            message = f"nothing can follow {target.method}(…)"
            raise ExpressionError(message, column=call.column, length=call.length)
        _check_condition(target, conditions)
        target = target.target
    _check_method(call, _field(target, fields))
    return target


def _field(name: Name, fields: NamedFields) -> PlannedField:
    query, *rest = name.path
    if query not in fields:
        hint = NearNames(query, fields, label="queries")
        raise ExpressionError(f"unknown query '{query}'", column=name.column, length=len(query), hint=hint)
    if not rest and (implied := main_field(fields[query].values())):
        return implied
    if len(rest) != 1:
        message = f"'{'.'.join(name.path)}' does not have the form query.field"
        hint = NearNames(rest[0] if rest else "", fields[query], label=f"fields of {query}")
        raise ExpressionError(message, column=name.column, length=name.length, hint=hint)
    if rest[0] not in fields[query]:
        hint = NearNames(rest[0], fields[query], label=f"fields of {query}")
        column = name.column + len(query) + 1
        raise ExpressionError(f"unknown field '{rest[0]}'", column=column, length=len(rest[0]), hint=hint)
    return fields[query][rest[0]]


def _check_method(call: Call, field: PlannedField) -> None:
    if call.method not in METHODS:
        hint = NearNames(call.method, METHODS, label="methods")
        raise at_call(call, f"unknown method '{call.method}'", hint)
    if call.named:
        raise at_call(call, f"{call.method} takes no named arguments", "conditions go before it: .at(price=399)")
    _check_count(call, field)
    if call.method in NUMBERS and not type_of(field).has_numbers:
        raise at_call(
            call,
            f"'{call.method}' needs numbers, but '{field.name}' is {type_of(field).noun}",
            "'share' and 'count' work on any answer",
        )
    for argument in call.arguments:
        _check_option(argument, field)


def _check_count(call: Call, field: PlannedField) -> None:
    """Check the arguments: share takes one answer, count at most one.

    On rankings, budgets and best-worst tasks, numbers are those of an option.
    """
    given = len(call.arguments)
    match call.method:
        case "share":
            least, most = 1, 1
        case "count":
            least, most = 0, 1
        case _:
            least = most = int(type_of(field).shape in ("ranking", "amounts") and call.method in NUMBERS)
    if not least <= given <= most:
        expected = "an answer, such as 'A'," if most else "nothing"
        raise at_call(call, f"{call.method}(…) expects {expected} between its parentheses")


def _check_option(argument: Constant, field: PlannedField) -> None:
    value = argument.value
    if message := type_of(field).not_an_answer(field, value):
        raise ExpressionError(message, column=argument.column, length=argument.length)
    known = () if type_of(field).shape == "numeric" else type_of(field).answers(field)
    if known and not any(is_same(value, option) or type_of(field).is_answer(field, option, value) for option in known):
        hint = NearNames(value, known, label="answers")
        raise ExpressionError(
            f"no answer '{_written(value)}'", column=argument.column, length=argument.length, hint=hint
        )


def _check_condition(call: Call, conditions: Sequence[Condition]) -> None:
    if call.arguments or not call.named:
        raise at_call(call, "at(…) expects factors: .at(price=399)")
    factors = list(dict.fromkeys(factor for condition in conditions for factor in condition.levels))
    for factor, level in call.named:
        levels = [condition.levels[factor] for condition in conditions if factor in condition.levels]
        if factor not in factors:
            hint = NearNames(factor, factors, label="factors", otherwise="the experiment has no factors")
            raise at_call(call, f"unknown factor '{factor}'", hint)
        if not any(is_same(level.value, known) for known in levels):
            hint = NearNames(str(level.value), {_written(known) for known in levels}, label=f"levels of {factor}")
            message = f"'{factor}' has no level '{_written(level.value)}'"
            raise ExpressionError(message, column=level.column, length=level.length, hint=hint)
    if not any(all(is_same(level.value, c.levels.get(factor)) for factor, level in call.named) for c in conditions):
        raise at_call(call, "no condition has all these levels")


def _not_summed_up(name: Name, fields: NamedFields) -> ExpressionError:
    try:
        _field(name, fields)
    except ExpressionError as error:
        return error
    dotted = ".".join(name.path)
    hint = f"summarize them: {dotted}.mean(), {dotted}.share('…')"
    return ExpressionError(f"'{dotted}' refers to many answers", column=name.column, length=name.length, hint=hint)


def _written(value: JsonValue) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
