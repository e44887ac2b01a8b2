"""budget: an amount that a person divides among several options."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.core.number_format import number
from tinytroupe_cli.fields.answer_parts import first_invalid, numbered, part_keys, stated_parts
from tinytroupe_cli.fields.field_type import (
    AddFinding,
    AnswerProcedure,
    FieldType,
    as_plain_number,
    listed,
    unique_options,
)
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.fields.reading import Answers, InvalidAnswer, Reading, Value, read_number
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.said_numbers import NumberRange
from tinytroupe_cli.language.said_values import is_same, label
from tinytroupe_cli.spec.measures import Budget

SLACK: Final = 0.05
"""Share of the total by which a sum may be off; the amounts are then rescaled."""
DIGITS: Final = 9
"""Decimals of rescaled amounts."""


class BudgetType(FieldType[Budget]):
    """An amount that is divided among several options."""

    kind = "budget"
    shape = "amounts"
    scale = "amount"
    noun = "a budget"
    spec = Budget
    ordering = "options"
    has_numbers = True
    is_one_value = False

    def plan(self, name: str, written: Budget, path: Path, report: AddFinding) -> PlannedField:
        """Return the field as planned."""
        if written.total <= 0:
            report("E334", f"the total must be above 0, got {label(written.total)}", (*path, "total"))
        options = unique_options(written.budget, (*path, "budget"), report)
        return PlannedField(name=name, kind="budget", options=options, low=0, high=written.total, unit=written.unit)

    def request(self, field: PlannedField, options: Sequence[JsonValue], procedure: AnswerProcedure) -> str:
        """Name the amount and list the options."""
        del procedure
        return f"{_amount(field)} in all, divided among these: {numbered(_quoted(options))}"

    def keys(self, field: PlannedField, key: str, options: Sequence[JsonValue]) -> dict[str, JsonValue]:
        """Return a number for each option."""
        del field
        return {part: {"type": ["number", "null"]} for part in part_keys(key, "part", len(options))}

    def read(self, field: PlannedField, answers: Answers, key: str, options: Sequence[JsonValue]) -> Reading:
        """Read an amount for every option; amounts within 5% of the total are rescaled to it."""
        names = [label(option) for option in options]
        parts = stated_parts(answers, part_keys(key, "part", len(options)), key, names)
        if isinstance(parts, InvalidAnswer):
            return parts
        readings = [read_number(part, NumberRange(0, None, field.unit), whole=False) for part in parts]
        if (invalid := first_invalid(readings)) is not None:
            return invalid
        amounts = [as_plain_number(reading.value) for reading in readings if isinstance(reading, Value)]
        stated = [amount for amount in amounts if amount is not None]
        if not stated:
            return Value(None)
        if len(stated) < len(amounts):
            return InvalidAnswer("some options have no number; an option that gets nothing has 0")
        return _divided(field, dict(zip(names, stated, strict=True)))

    def as_keyed(self, field: PlannedField, value: JsonValue, options: Sequence[JsonValue]) -> JsonValue:
        """Return the amounts in the order shown."""
        del field
        return [value[label(option)] for option in options] if isinstance(value, dict) else value

    def aloud(self, field: PlannedField, options: Sequence[JsonValue], *, is_named: bool) -> str:
        """Name the amount and list the options."""
        del is_named
        return f"how much of {_amount(field)} for each of these: {', '.join(_quoted(options))}"

    def is_answer(self, field: PlannedField, value: JsonValue, wanted: JsonValue) -> bool:
        """Return whether the option is given anything."""
        amount = self.as_number(field, value, wanted)
        return amount is not None and amount > 0

    def as_number(self, field: PlannedField, value: JsonValue, option: JsonValue = None) -> float | None:
        """Return the amount that an option is given."""
        del field
        if not isinstance(value, dict):
            return None
        return next((as_plain_number(amount) for name, amount in value.items() if is_same(name, option)), None)

    def not_an_answer(self, field: PlannedField, value: JsonValue) -> str:
        """Refuse what is not one of the options."""
        is_option = any(is_same(value, option) for option in field.options)
        return "" if is_option else f"'{field.name}' has the options {listed(field.options)}"

    def told(self, field: PlannedField, value: JsonValue) -> str:
        """Write the amounts, largest first."""
        del field
        if not isinstance(value, dict):
            return ""
        amounts = [(name, as_plain_number(amount) or 0) for name, amount in value.items()]
        return ", ".join(f"{name} {number(amount)}" for name, amount in sorted(amounts, key=lambda part: -part[1]))

    def phrase(self, field: PlannedField) -> str:
        """Return the amount and the options."""
        return f"{_amount(field)} divided among {listed(field.options)}"

    def characters(self, field: PlannedField) -> tuple[int, int]:
        """Return those of a number for each option."""
        return len(field.options), 6 * len(field.options)


def _divided(field: PlannedField, amounts: dict[str, float]) -> Reading:
    total, found = field.high or 0.0, math.fsum(amounts.values())
    if not (1 - SLACK) * total <= found <= (1 + SLACK) * total:
        return InvalidAnswer(f"the amounts make {number(found)}, not {number(total)}")
    is_exact = math.isclose(found, total, rel_tol=1e-9)
    scaled = amounts if is_exact else {name: round(part * total / found, DIGITS) for name, part in amounts.items()}
    return Value({label(option): scaled[label(option)] for option in field.options})


def _amount(field: PlannedField) -> str:
    return f"{label(field.high)}{f' {field.unit}' if field.unit else ''}"


def _quoted(options: Sequence[JsonValue]) -> list[str]:
    return [f'"{label(option)}"' for option in options]
