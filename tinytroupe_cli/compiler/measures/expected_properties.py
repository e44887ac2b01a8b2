"""Checks figures of figures in `expect`: `.low` and `.high` of a share or mean, and properties of a comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from tinytroupe_cli.analysis.expected_comparisons import ENDS, PROPERTIES
from tinytroupe_cli.fields.field_type import BY_OPTION
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.language.expressions import Call, Constant, ExpressionError, Name
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.language.said_values import is_same, label
from tinytroupe_cli.plan.query_fields import comparable_measures, field_named
from tinytroupe_cli.plan.types import Condition, PlannedField


def check_property(call: Call, of: Call) -> None:
    """Raise ExpressionError if the call has no such property."""
    known = {"compare": PROPERTIES, "share": ENDS, "mean": ENDS}.get(of.method, ())
    if call.method not in known:
        hint = (
            NearNames(call.method, known, label="properties")
            if known
            else "only share, mean and compare have properties"
        )
        raise at_call(call, f"{of.method}(…) has no '{call.method}'", hint)


def check_compared(
    call: Call, fields: Mapping[str, Mapping[str, PlannedField]], conditions: Sequence[Condition]
) -> Name:
    """Return the measure's name, or raise ExpressionError for a measure, level or option that is not there.

    Levels of people are only known once there are people: any text is taken where `by` names no factor.
    """
    name = call.target
    measures = {query: tuple(own.values()) for query, own in fields.items()}
    found = field_named(measures, ".".join(name.path)) if isinstance(name, Name) else None
    if not isinstance(name, Name) or found is None or type_of(found[1]).scale is None:
        hint = NearNames(".".join(getattr(name, "path", ())), comparable_measures(measures), label="measures")
        raise ExpressionError("no measure to compare", column=name.column, length=name.length, hint=hint)
    named = dict(call.named)
    _check_levels(call, named, conditions)
    _check_option(call, named.get("option"), found[1])
    return name


def _check_levels(call: Call, named: Mapping[str, Constant], conditions: Sequence[Condition]) -> None:
    if len(call.arguments) != 2:  # noqa: PLR2004 - a pair
        raise at_call(call, "compare(…) expects a measure and two levels", "compare('choice.ad', 'calm', 'loud')")
    factors: dict[str, list[JsonValue]] = {}
    for condition in conditions:
        for factor, level in condition.levels.items():
            factors.setdefault(factor, []).append(level)
    by = named.get("by")
    for factor, level in named.items():
        if factor not in {"by", "option"} and factor not in factors:
            raise at_call(call, f"unknown factor '{factor}'", NearNames(factor, factors, label="factors"))
        if factor in factors:
            _check_level(level, factors[factor], factor)
    if by is not None and by.value not in factors:
        return  # an attribute of people
    levels = factors[str(by.value)] if by is not None else [level for own in factors.values() for level in own]
    for argument in call.arguments:
        _check_level(argument, levels, str(by.value) if by is not None else "the factors")


def _check_level(level: Constant, levels: Sequence[JsonValue], what: str) -> None:
    if any(is_same(label(level.value), label(known)) for known in levels):
        return
    then = "; for groups of people add by='FIELD'" if what == "the factors" else ""
    hint = NearNames(level.value, levels, label=f"levels of {what}", then=then)
    message = f"no level '{label(level.value)}'"
    raise ExpressionError(message, column=level.column, length=level.length, hint=hint)


def _check_option(call: Call, option: Constant | None, field: PlannedField) -> None:
    needs = type_of(field).shape in BY_OPTION
    if needs and option is None:
        options = ", ".join(label(known_option) for known_option in field.options)
        raise at_call(call, f"'{field.name}' is compared option by option: add option=…", options)
    if not needs and option is not None:
        raise at_call(call, f"'{field.name}' is compared as a whole, without an option")
    if (
        option is not None
        and field.options
        and not any(is_same(option.value, known_option) for known_option in field.options)
    ):
        hint = NearNames(option.value, field.options, label="options")
        message = f"no option '{label(option.value)}'"
        raise ExpressionError(message, column=option.column, length=option.length, hint=hint)


def at_call(call: Call, message: str, hint: str | NearNames = "") -> ExpressionError:
    """Return an error at a method's name."""
    return ExpressionError(message, column=call.column, length=call.length, hint=hint)
