"""number: any number, perhaps with bounds and a unit."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from tinytroupe_cli.core.number_format import number
from tinytroupe_cli.fields.field_type import AddFinding, AnswerProcedure, FieldType, as_plain_number, check_order
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.fields.reading import Answers, Reading, read_number, stated_answer
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.said_numbers import NumberRange
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.spec.measures import NumberField


class NumberType(FieldType[NumberField | str]):
    """A number."""

    kind = "number"
    shape = "numeric"
    scale = "number"
    noun = "a number"
    spec = NumberField
    has_numbers = True

    def plan(self, name: str, written: NumberField | str, path: Path, report: AddFinding) -> PlannedField:
        """Return the field as planned."""
        if isinstance(written, str):
            return PlannedField(name=name, kind="number")
        low, high = written.number.min, written.number.max
        if low is not None and high is not None:
            check_order(low, high, (*path, "number"), report, is_below=low < high)
        return PlannedField(name=name, kind="number", low=low, high=high, unit=written.unit)

    def request(self, field: PlannedField, options: Sequence[JsonValue], procedure: AnswerProcedure) -> str:
        """Return the unit and the bounds."""
        del options, procedure
        limits = [
            f"at least {label(field.low)}" if field.low is not None else "",
            f"at most {label(field.high)}" if field.high is not None else "",
        ]
        parts = ["a number", f"in {field.unit}" if field.unit else "", " and ".join(filter(None, limits))]
        return ", ".join(filter(None, parts))

    def keys(self, field: PlannedField, key: str, options: Sequence[JsonValue]) -> dict[str, JsonValue]:
        """Return a number."""
        del field, options
        return {key: {"type": ["number", "null"]}}

    def read(self, field: PlannedField, answers: Answers, key: str, options: Sequence[JsonValue]) -> Reading:
        """Read a number within the bounds."""
        del options
        return read_number(stated_answer(answers, key), NumberRange(field.low, field.high, field.unit), whole=False)

    def aloud(self, field: PlannedField, options: Sequence[JsonValue], *, is_named: bool) -> str:
        """Name the unit, where the question doesn't name the number."""
        del options
        return f"in {field.unit}" if field.unit and not is_named else ""

    def as_number(self, field: PlannedField, value: JsonValue, option: JsonValue = None) -> float | None:
        """Return the number."""
        del field, option
        return as_plain_number(value)

    def not_an_answer(self, field: PlannedField, value: JsonValue) -> str:
        """Refuse what is not a number."""
        return "" if as_plain_number(value) is not None else f"'{field.name}' is answered with numbers"

    def phrase(self, field: PlannedField) -> str:
        """Return the bounds and the unit."""
        low = f" from {number(field.low)}" if field.low is not None else ""
        high = f" to {number(field.high)}" if field.high is not None else ""
        return f"a number{low}{high}{f', in {field.unit}' if field.unit else ''}"

    def characters(self, field: PlannedField) -> tuple[int, int]:
        """Return those of a number."""
        del field
        return 1, 8
