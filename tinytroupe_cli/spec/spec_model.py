"""What everything in the experiment language has in common, and its small notations.

Knows nothing of files, models or plans.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

MAX_NUMBER = 10**15
"""Above it, whole numbers lose digits as they are computed with."""
_COUNT = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,6})?)\s*([kKmM]?)")
_SPAN = re.compile(r"([0-9]{1,9})\s*([a-z]+)")
_UNITS = {
    "second": ("s", "sec", "secs", "second", "seconds"),
    "minute": ("min", "mins", "minute", "minutes"),
    "hour": ("h", "hour", "hours"),
    "day": ("d", "day", "days"),
    "week": ("w", "week", "weeks"),
    "month": ("month", "months"),
    "year": ("y", "year", "years"),
}


class SpecModel(BaseModel):
    """A part of an experiment as someone wrote it: strict, complete, never changed."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, populate_by_name=True, strict=True, defer_build=True
    )


class Duration(SpecModel):
    """A stretch of simulated time: `10min`, `2h`, `1 day`, `3 months`."""

    amount: int
    """How many units."""
    unit: str
    """second, minute, hour, day, week, month or year."""


def only_key(value: Any, keys: Iterable[str]) -> str | None:
    """Return the tag, `<key>`, of the one of these keys that a part has; None if it has none or several.

    Tags stand in angle brackets so that they can't be taken for keys where an error's place is told.
    """
    held: Iterable[str] = type(value).model_fields if isinstance(value, SpecModel) else value
    found = [key for key in keys if key in held] if isinstance(value, dict | SpecModel) else []
    return f"<{found[0]}>" if len(found) == 1 else None


def _count(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = _COUNT.fullmatch(value.strip())
    if found is None:
        raise ValueError("expects a whole number such as 1000 or 500k")
    return int(float(found.group(1)) * {"": 1, "k": 1_000, "m": 1_000_000}[found.group(2).lower()])


def _duration(value: Any) -> Any:
    found = _SPAN.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    unit = next((unit for unit, words in _UNITS.items() if found and found.group(2) in words), None)
    if found is None or unit is None or not int(found.group(1)):
        raise ValueError("expects a duration such as 10min, 2h, 1 day or 3 months")
    return Duration(amount=int(found.group(1)), unit=unit)


def _bounded(number: float) -> float:
    if not abs(number) <= MAX_NUMBER:
        raise ValueError("must be between -1e15 and 1e15")
    return number


Count = Annotated[int, Field(ge=0), BeforeValidator(_count, json_schema_input_type=int | str)]
"""A whole number; `500k` and `2M` are understood."""

Length = Annotated[Duration, BeforeValidator(_duration, json_schema_input_type=str)]
"""A duration as text."""

NAME = r"^[A-Za-z_][A-Za-z0-9_]*$"
"""Pattern of a name that expressions and files use."""
Number = Annotated[int | float, AfterValidator(_bounded)]
"""A number as written."""
