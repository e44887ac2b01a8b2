"""What a recorded value means: as a number, and as the answer somebody asks about."""

from __future__ import annotations

from pydantic import JsonValue

from tinytroupe_cli.plan.types import PlannedField


def is_same(one: JsonValue, other: JsonValue) -> bool:
    """Compare without regard to case; true is not 1."""
    if isinstance(one, str) and isinstance(other, str):
        return one.strip().casefold() == other.strip().casefold()
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def is_answer(field: PlannedField, value: JsonValue, wanted: JsonValue) -> bool:
    """Return whether a stated value counts as the answer `wanted`: a list that has it, a ranking it leads."""
    match field.kind:
        case "yes_no":
            return value == {"yes": True, "no": False}.get(str(wanted).casefold(), wanted)
        case "list":
            return isinstance(value, list) and any(is_same(entry, wanted) for entry in value)
        case "rank":
            return isinstance(value, list) and bool(value) and is_same(value[0], wanted)
        case _:
            return is_same(value, wanted)


def as_number(field: PlannedField, value: JsonValue, option: JsonValue = None) -> float | None:
    """Return a stated value as a number: a Likert label's point from 1, an option's place in a ranking from 1."""
    match field.kind:
        case "likert":
            return _place(list(field.options), value)
        case "rank":
            return _place(value, option) if isinstance(value, list) else None
        case _:
            return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _place(options: list[JsonValue], wanted: JsonValue) -> int | None:
    return next((place for place, option in enumerate(options, start=1) if is_same(option, wanted)), None)
