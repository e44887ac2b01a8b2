"""yes_no: yes or no; true or false in the data."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from tinytroupe_cli.fields.field_type import AnswerProcedure, FieldType, one_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.fields.reading import Answers, Reading, read_option, stated_answer
from tinytroupe_cli.spec.measures import YesNoField


class YesNoType(FieldType[YesNoField | str]):
    """Yes or no."""

    kind = "yes_no"
    shape = "binary"
    scale = "share"
    noun = "a yes-or-no field"
    spec = YesNoField

    def request(self, field: PlannedField, options: Sequence[JsonValue], procedure: AnswerProcedure) -> str:
        """Name both answers."""
        del field, options, procedure
        return "yes or no"

    def keys(self, field: PlannedField, key: str, options: Sequence[JsonValue]) -> dict[str, JsonValue]:
        """Return an enum."""
        del field, options
        return {key: one_of((True, False))}

    def read(self, field: PlannedField, answers: Answers, key: str, options: Sequence[JsonValue]) -> Reading:
        """Find which of the two is meant."""
        del field, options
        return read_option(stated_answer(answers, key), (True, False))

    def answers(self, field: PlannedField) -> Sequence[JsonValue]:
        """Return true and false."""
        del field
        return True, False

    def is_answer(self, field: PlannedField, value: JsonValue, wanted: JsonValue) -> bool:
        """Compare; `wanted` may be the word."""
        del field
        return value == {"yes": True, "no": False}.get(str(wanted).casefold(), wanted)

    def phrase(self, field: PlannedField) -> str:
        """Name both answers."""
        del field
        return "yes or no"

    def characters(self, field: PlannedField) -> tuple[int, int]:
        """Return those of `not stated`."""
        del field
        return 1, 8
