"""Which numbers a measure is compared by: itself, or a 0/1 value, a place or an amount for each of its options."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pydantic import JsonValue

from tinytroupe_cli.analysis.observations import Observation, answer_number, answer_share
from tinytroupe_cli.fields.field_type import BY_OPTION
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField


def measured_options(field: PlannedField) -> Sequence[JsonValue]:
    """Return the options whose shares or places are numbers; one None where the measure is a number as a whole."""
    return field.options if type_of(field).shape in BY_OPTION else (None,)


def number_of(field: PlannedField, option: JsonValue = None) -> Callable[[Observation], float | None]:
    """Return what turns a stated answer into the number that is compared; a share's is 0 or 1, or a probability."""
    kind = type_of(field)
    match kind.shape:
        case "binary":
            return lambda row: answer_share(row, field, answer=True)
        case "nominal":
            return lambda row: answer_share(row, field, option)
        case _:
            return lambda row: answer_number(row, field, option)


def number_of_value(field: PlannedField, value: JsonValue, option: JsonValue = None) -> float | None:
    """Return the number that a human answer is compared by; a share's is 0 or 1."""
    kind = type_of(field)
    match kind.shape:
        case "binary":
            return float(value is True)
        case "nominal":
            return float(kind.is_answer(field, value, option))
        case _:
            return kind.as_number(field, value, option)
