"""scale: a number between two ends, which may have labels."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from tinytroupe_cli.core.number_format import number
from tinytroupe_cli.fields.field_type import (
    AddFinding,
    AnswerProcedure,
    FieldType,
    ScaleEnd,
    as_plain_number,
    check_order,
    one_of,
)
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.fields.reading import Answers, Reading, read_number, stated_answer
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.said_numbers import NumberRange
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.spec.measures import Scale

MAX_POINTS = 21
"""A scale with more points than this is asked as a number, not as a choice of points, and has no count for each."""


class ScaleType(FieldType[Scale]):
    """A whole number on a scale."""

    kind = "scale"
    shape = "numeric"
    scale = "points"
    noun = "a scale"
    spec = Scale
    ordering = "scales"
    is_rated = True
    has_numbers = True

    def plan(self, name: str, written: Scale, path: Path, report: AddFinding) -> PlannedField:
        """Return the field as planned."""
        low, high = written.scale
        check_order(low, high, (*path, "scale"), report, is_below=low < high)
        return PlannedField(name=name, kind="scale", low=low, high=high, low_label=written.low, high_label=written.high)

    def request(self, field: PlannedField, options: Sequence[JsonValue], procedure: AnswerProcedure) -> str:
        """Return the ends with their labels."""
        del procedure
        first, last = (f"{label(value)} ({words})" if words else label(value) for value, words in _read(field, options))
        return f"{'a whole number' if is_whole(field) else 'a number'} from {first} to {last}"

    def keys(self, field: PlannedField, key: str, options: Sequence[JsonValue]) -> dict[str, JsonValue]:
        """Return an enum of the points, or a number."""
        if points := self.answers(field):
            return {key: one_of(points[::-1] if is_high_to_low(options) else points)}
        return {key: {"type": ["integer" if is_whole(field) else "number", "null"]}}

    def read(self, field: PlannedField, answers: Answers, key: str, options: Sequence[JsonValue]) -> Reading:
        """Read a number, or the label of an end."""
        del options
        low, high = bounds(field)
        named = {words: value for value, words in ((low, field.low_label), (high, field.high_label)) if words}
        return read_number(stated_answer(answers, key), NumberRange(low, high), whole=is_whole(field), ends=named)

    def aloud(self, field: PlannedField, options: Sequence[JsonValue], *, is_named: bool) -> str:
        """Name the ends, if both have labels."""
        del is_named
        first, last = _read(field, options)
        return f'from "{first.label}" to "{last.label}"' if first.label and last.label else ""

    def listing(self, field: PlannedField) -> Sequence[JsonValue]:
        """Return the lowest and highest value."""
        return [int(end) if end.is_integer() else end for end in map(float, bounds(field))]

    def answers(self, field: PlannedField) -> Sequence[JsonValue]:
        """Return the points; none of a long scale."""
        low, high = bounds(field)
        return [*range(int(low), int(high) + 1)] if is_whole(field) and high - low < MAX_POINTS else []

    def as_number(self, field: PlannedField, value: JsonValue, option: JsonValue = None) -> float | None:
        """Return the number."""
        del field, option
        return as_plain_number(value)

    def range(self, field: PlannedField) -> tuple[float, float]:
        """Return the ends."""
        return bounds(field)

    def not_an_answer(self, field: PlannedField, value: JsonValue) -> str:
        """Refuse what is not a number."""
        return "" if as_plain_number(value) is not None else f"'{field.name}' is answered with numbers"

    def phrase(self, field: PlannedField) -> str:
        """Return the ends with their labels."""
        low, high = bounds(field)
        ends = ((low, field.low_label), (high, field.high_label))
        return " to ".join(f"{number(value)} ({words})" if words else number(value) for value, words in ends)

    def ends(self, field: PlannedField) -> tuple[ScaleEnd, ScaleEnd]:
        """Return the lowest and highest value with their labels."""
        low, high = bounds(field)
        return ScaleEnd(low, field.low_label), ScaleEnd(high, field.high_label)

    def characters(self, field: PlannedField) -> tuple[int, int]:
        """Return those of a number."""
        del field
        return 1, 8


def bounds(field: PlannedField) -> tuple[float, float]:
    """Return a scale's lowest and highest value; 1 to 7 where it has none."""
    return field.low if field.low is not None else 1, field.high if field.high is not None else 7


def is_high_to_low(shown: Sequence[JsonValue]) -> bool:
    """Return whether a scale is read from its highest value to its lowest; `shown`: its ends in the order read."""
    first, last = (as_plain_number(end) for end in (shown[0], shown[-1])) if shown else (None, None)
    return first is not None and last is not None and first > last


def _read(field: PlannedField, options: Sequence[JsonValue]) -> tuple[ScaleEnd, ScaleEnd]:
    """Return the ends in the order they are read."""
    low, high = bounds(field)
    lowest, highest = ScaleEnd(low, field.low_label), ScaleEnd(high, field.high_label)
    return (highest, lowest) if is_high_to_low(options) else (lowest, highest)


def is_whole(field: PlannedField) -> bool:
    """Return whether only whole numbers are answers."""
    return all(float(end).is_integer() for end in bounds(field))
