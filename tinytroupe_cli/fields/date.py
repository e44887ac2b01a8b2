"""date: a day; as a number, days since 1970-01-01."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.core.number_format import number
from tinytroupe_cli.fields.field_type import AddFinding, AnswerProcedure, FieldType, check_order
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.fields.reading import Answers, InvalidAnswer, Reading, Value, excerpt, stated_answer
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.said_dates import date_in
from tinytroupe_cli.spec.measures import DateField

EPOCH: Final = date(1970, 1, 1)


class DateType(FieldType[DateField | str]):
    """A day; `2026-03-01` in the data."""

    kind = "date"
    shape = "numeric"
    scale = "date"
    noun = "a date"
    spec = DateField
    has_zero = False

    def plan(self, name: str, written: DateField | str, path: Path, report: AddFinding) -> PlannedField:
        """Return the field as planned."""
        if isinstance(written, str):
            return PlannedField(name=name, kind="date")
        first, last = written.date.min, written.date.max
        if first is not None and last is not None:
            check_order(first, last, (*path, "date"), report, is_below=first < last)
        return PlannedField(name=name, kind="date", low=_days(first), high=_days(last))

    def request(self, field: PlannedField, options: Sequence[JsonValue], procedure: AnswerProcedure) -> str:
        """Return how it is written, and the bounds."""
        del options, procedure
        return f"a date{self._between(field)}, written YYYY-MM-DD"

    def keys(self, field: PlannedField, key: str, options: Sequence[JsonValue]) -> dict[str, JsonValue]:
        """Return a text."""
        del field, options
        return {key: {"type": "string"}}

    def read(self, field: PlannedField, answers: Answers, key: str, options: Sequence[JsonValue]) -> Reading:
        """Read the one day that is named, with its year."""
        del options
        match stated_answer(answers, key):
            case InvalidAnswer() as unusable:
                return unusable
            case None:
                return Value(None)
            case str() as words:
                return self._within(field, words)
            case _:
                return InvalidAnswer("not a date")

    def as_number(self, field: PlannedField, value: JsonValue, option: JsonValue = None) -> float | None:
        """Return the days since 1970-01-01."""
        del field, option
        return _days(date.fromisoformat(value)) if isinstance(value, str) else None

    def not_an_answer(self, field: PlannedField, value: JsonValue) -> str:
        """Refuse what is not a day as the data has it."""
        try:
            date.fromisoformat(str(value))
        except ValueError:
            return f"'{field.name}' is answered with dates, such as '2026-03-01'"
        return ""

    def phrase(self, field: PlannedField) -> str:
        """Return the bounds."""
        return f"a date{self._between(field)}"

    def figure(self, value: float) -> str:
        """Write the day."""
        return (EPOCH + timedelta(days=round(value))).isoformat()

    def spread(self, value: float) -> str:
        """Write a number of days."""
        return f"{number(value)} days"

    def characters(self, field: PlannedField) -> tuple[int, int]:
        """Return those of a date."""
        del field
        return 4, 12

    def _within(self, field: PlannedField, words: str) -> Reading:
        found = date_in(words)
        if found is None:
            return InvalidAnswer(f"{excerpt(words)} is not a date with its year")
        if found == "unclear":
            return InvalidAnswer(f"{excerpt(words)} is unclear")
        days = (found - EPOCH).days
        if field.low is not None and days < field.low:
            return InvalidAnswer(f"{found} is before {self.figure(field.low)}")
        if field.high is not None and days > field.high:
            return InvalidAnswer(f"{found} is after {self.figure(field.high)}")
        return Value(found.isoformat())

    def _between(self, field: PlannedField) -> str:
        first = f" from {self.figure(field.low)}" if field.low is not None else ""
        last = f" to {self.figure(field.high)}" if field.high is not None else ""
        return first + last


def _days(day: date | None) -> float | None:
    return None if day is None else (day - EPOCH).days
