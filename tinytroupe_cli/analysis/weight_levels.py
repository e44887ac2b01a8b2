"""Which level of each weighted attribute everybody is at, and what makes weighting impossible.

A level is a value as it is shown, or a band of numbers (`18-34`, `55+`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from pydantic import JsonValue

from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.language.bands import band
from tinytroupe_cli.language.said_values import is_same, label
from tinytroupe_cli.personas.edits import single_value
from tinytroupe_cli.plan.planned_weights import PlannedWeights
from tinytroupe_cli.plan.types import CastMember

MAX_NAMED: Final = 3
"""People named in a message."""
LevelKey = tuple[str, ...]


class WeightProblem(NamedTuple):
    """Why people can't be weighted."""

    code: str
    message: str
    key: LevelKey
    """Where below `weights`."""
    hint: str = ""


def levels_of_people(people: Sequence[CastMember], planned: PlannedWeights) -> dict[str, tuple[int | None, ...]]:
    """Return attribute -> number of each person's level, from 0; None: the person is at none of them."""
    return {
        attribute: tuple(_level(single_value(member.persona, attribute), tuple(shares)) for member in people)
        for attribute, shares in planned.to.items()
    }


def base_weights(people: Sequence[CastMember], planned: PlannedWeights) -> list[float | None]:
    """Return the weight that everybody begins with; None: it is not a number above 0."""
    return [_positive(single_value(member.persona, planned.base)) if planned.base else 1.0 for member in people]


def level_problems(
    people: Sequence[CastMember], planned: PlannedWeights, codes: Mapping[str, Sequence[int | None]]
) -> Iterator[WeightProblem]:
    """Yield E551 for each level without people, and E553 for each attribute that people lack."""
    for attribute, shares in planned.to.items():
        found = codes[attribute]
        values = {label(value) for member in people if (value := single_value(member.persona, attribute)) is not None}
        if without := [member for member, code in zip(people, found, strict=True) if code is None]:
            yield _lacking(without, attribute, tuple(shares))
        for number, level in enumerate(shares):
            if number not in found:
                hint = (
                    did_you_mean(level, values, label=f"values of {attribute}") or "leave the level out, or add people"
                )
                yield WeightProblem(
                    "E551", f"the level '{level}' of '{attribute}' has no people", ("to", attribute, level), hint
                )


def base_problems(people: Sequence[CastMember], planned: PlannedWeights) -> Iterator[WeightProblem]:
    """Yield E553 if somebody has no weight to begin with."""
    without = [member for member, base in zip(people, base_weights(people, planned), strict=True) if base is None]
    if without:
        message = f"'{planned.base}' of {_names(without)} is not a number above 0"
        yield WeightProblem("E553", message, ("base",), "give everyone a weight, or leave `base` out")


def _lacking(without: Sequence[CastMember], attribute: str, levels: Sequence[str]) -> WeightProblem:
    values = {label(value) for member in without if (value := single_value(member.persona, attribute)) is not None}
    if values:
        message = f"no share for {attribute} {', '.join(sorted(values)[:MAX_NAMED])} ({_names(without)})"
        hint = f"add shares for these values; so far there are shares for {', '.join(levels)}"
    else:
        message, hint = (
            f"'{attribute}' is missing for {_names(without)}",
            "give everyone this field, or leave the margin out",
        )
    return WeightProblem("E553", message, ("to", attribute), hint)


def _names(people: Sequence[CastMember]) -> str:
    named = ", ".join(person.name for person in people[:MAX_NAMED])
    return f"{named} and {len(people) - MAX_NAMED} more" if len(people) > MAX_NAMED else named


def _level(value: JsonValue, levels: Sequence[str]) -> int | None:
    if value is None:
        return None
    for number, level in enumerate(levels):
        if is_same(label(value), level):
            return number
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    bands = [band(level) for level in levels]
    return next(
        (number for number, candidate in enumerate(bands) if candidate is not None and candidate.holds(value)), None
    )


def _positive(value: JsonValue) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        return None
    return float(value)
