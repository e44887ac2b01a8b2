"""text: an answer in words."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from tinytroupe_cli.fields.field_type import AnswerProcedure, FieldType
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.fields.reading import Answers, InvalidAnswer, Reading, Value, stated_answer
from tinytroupe_cli.language.said_values import label


class TextType(FieldType[str]):
    """An answer in words."""

    kind = "text"
    shape = "words"
    noun = "text"
    separator = ","
    """Not a colon: what stands behind a colon, small models take for the answer."""

    def request(self, field: PlannedField, options: Sequence[JsonValue], procedure: AnswerProcedure) -> str:
        """Return how long it should be."""
        del field, options
        return "in your own words, briefly" if procedure == "interview" else "in a few sentences at most"

    def keys(self, field: PlannedField, key: str, options: Sequence[JsonValue]) -> dict[str, JsonValue]:
        """Return a text."""
        del field, options
        return {key: {"type": "string"}}

    def read(self, field: PlannedField, answers: Answers, key: str, options: Sequence[JsonValue]) -> Reading:
        """Read a text, or several as lines of one."""
        del field, options
        match stated_answer(answers, key):
            case InvalidAnswer() as unusable:
                return unusable
            case None:
                return Value(None)
            case str() | bool() | int() | float() as value:
                return Value(label(value))
            case list() as parts if parts and all(isinstance(part, str) for part in parts):
                return Value("\n".join(map(str, parts)))
            case _:
                return InvalidAnswer("not a text")

    def phrase(self, field: PlannedField) -> str:
        """Return that it is free text."""
        del field
        return "free text"

    def characters(self, field: PlannedField) -> tuple[int, int]:
        """Return those of a few sentences."""
        del field
        return 30, 500
