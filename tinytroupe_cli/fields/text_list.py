"""list: several short texts."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from tinytroupe_cli.fields.field_type import AnswerProcedure, FieldType
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.fields.reading import Answers, Reading, read_entries, stated_answer
from tinytroupe_cli.language.said_values import is_same
from tinytroupe_cli.spec.measures import ListField


class TextListType(FieldType[ListField]):
    """Several texts."""

    kind = "list"
    shape = "entries"
    noun = "a list"
    spec = ListField

    def request(self, field: PlannedField, options: Sequence[JsonValue], procedure: AnswerProcedure) -> str:
        """Return what an entry is, and what an empty list says."""
        del field, options, procedure
        return "a list, one short entry each; an empty list if there are none"

    def keys(self, field: PlannedField, key: str, options: Sequence[JsonValue]) -> dict[str, JsonValue]:
        """Return an array of texts."""
        del field, options
        return {key: {"type": "array", "items": {"type": "string"}}}

    def read(self, field: PlannedField, answers: Answers, key: str, options: Sequence[JsonValue]) -> Reading:
        """Read the entries."""
        del field, options
        return read_entries(stated_answer(answers, key, lists=True))

    def is_answer(self, field: PlannedField, value: JsonValue, wanted: JsonValue) -> bool:
        """Return whether the list has the entry."""
        del field
        return isinstance(value, list) and any(is_same(entry, wanted) for entry in value)

    def phrase(self, field: PlannedField) -> str:
        """Return that it is a list."""
        del field
        return "a list of texts"

    def characters(self, field: PlannedField) -> tuple[int, int]:
        """Return those of a few entries."""
        del field
        return 4, 900
