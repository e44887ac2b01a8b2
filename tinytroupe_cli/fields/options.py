"""Fields that are answered with one of several options."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from tinytroupe_cli.fields.field_type import AnswerProcedure, FieldType, WrittenT, one_of, quoted
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.said_values import label

UNKNOWN_CHARACTERS = 20
"""Of an option that is found only later."""


class OneOfType(FieldType[WrittenT]):
    """One of the field's options."""

    def request(self, field: PlannedField, options: Sequence[JsonValue], procedure: AnswerProcedure) -> str:
        """List the options."""
        del field, procedure
        return f"one of {quoted(options)}"

    def keys(self, field: PlannedField, key: str, options: Sequence[JsonValue]) -> dict[str, JsonValue]:
        """Return an enum."""
        del field
        return {key: one_of(options)}

    def answers(self, field: PlannedField) -> Sequence[JsonValue]:
        """Return the options."""
        return field.options

    def characters(self, field: PlannedField) -> tuple[int, int]:
        """Return up to the longest option."""
        return 1, max((len(label(option)) for option in field.options), default=UNKNOWN_CHARACTERS)
