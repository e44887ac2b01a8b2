"""rank: all options, in order; shown in an order of the person's own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from tinytroupe_cli.fields.field_type import (
    AddFinding,
    AnswerProcedure,
    FieldType,
    listed,
    one_of,
    place_of,
    quoted,
    unique_options,
)
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.fields.reading import Answers, InvalidAnswer, Reading, Value, read_option, stated_answer
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.said_lists import said_entries
from tinytroupe_cli.language.said_values import is_same, label
from tinytroupe_cli.spec.measures import Rank

_ARROWS = re.compile(r"\s*(?:>|→|->|;|\n)\s*")


class RankType(FieldType[Rank]):
    """All options, ordered from most to least."""

    kind = "rank"
    shape = "ranking"
    scale = "place"
    noun = "a rank"
    spec = Rank
    ordering = "options"
    has_numbers = True

    def plan(self, name: str, written: Rank, path: Path, report: AddFinding) -> PlannedField:
        """Return the field as planned."""
        return PlannedField(name=name, kind="rank", options=unique_options(written.rank, (*path, "rank"), report))

    def request(self, field: PlannedField, options: Sequence[JsonValue], procedure: AnswerProcedure) -> str:
        """List the options."""
        del field, procedure
        return f"put in order, the first place first, each exactly once: {quoted(options)}"

    def keys(self, field: PlannedField, key: str, options: Sequence[JsonValue]) -> dict[str, JsonValue]:
        """Return one enum per place: an open list of options has no end that a schema could tell."""
        del field
        return {place: one_of(options) for place in _places(key, options)}

    def read(self, field: PlannedField, answers: Answers, key: str, options: Sequence[JsonValue]) -> Reading:
        """Read a ranking of all options."""
        del field
        return _read_ranking(answers, _places(key, options), key, options)

    def aloud(self, field: PlannedField, options: Sequence[JsonValue], *, is_named: bool) -> str:
        """List the options."""
        del field, is_named
        return f"in order, the first first: {quoted(options)}"

    def answers(self, field: PlannedField) -> Sequence[JsonValue]:
        """Return the options; a ranking counts for the one it puts first."""
        return field.options

    def is_answer(self, field: PlannedField, value: JsonValue, wanted: JsonValue) -> bool:
        """Return whether the option is put first."""
        del field
        return isinstance(value, list) and bool(value) and is_same(value[0], wanted)

    def as_number(self, field: PlannedField, value: JsonValue, option: JsonValue = None) -> float | None:
        """Return the option's place, from 1."""
        del field
        return place_of(value, option) if isinstance(value, list) else None

    def range(self, field: PlannedField) -> tuple[float, float]:
        """Return the first and last place."""
        return 1, len(field.options)

    def phrase(self, field: PlannedField) -> str:
        """List the options."""
        return f"the order of {listed(field.options)}"

    def characters(self, field: PlannedField) -> tuple[int, int]:
        """Return those of all options."""
        return 0, sum(len(label(option)) + 4 for option in field.options)


def _places(key: str, options: Sequence[JsonValue]) -> list[str]:
    return [f"{key}_place_{place}" for place in range(1, len(options) + 1)]


def _read_ranking(answers: Answers, places: Sequence[str], key: str, options: Sequence[JsonValue]) -> Reading:
    """Read a ranking of all options from its places or, where none is given, from the one key for all of them.

    There it may be a list, a text ("A > B > C", "1. A 2. B"), or options with their places.
    """
    if any(place in answers for place in places) or key not in answers:
        return _read_order([read_option(stated_answer(answers, place), options) for place in places], len(options))
    match stated_answer(answers, key, lists=True):
        case InvalidAnswer() as unusable:
            return unusable
        case None:
            return Value(None)
        case str() as text:
            entries: Sequence[JsonValue] = said_entries(text) or [part for part in _ARROWS.split(text) if part]
        case list() as entries:
            pass
        case dict() as by_option:
            entries = _by_place(by_option)
        case _:
            return InvalidAnswer("not a ranking")
    if len(entries) != len(options):
        return InvalidAnswer(f"it ranks {len(entries)} of {len(options)}")
    return _read_order([read_option(entry, options) for entry in entries], len(options))


def _by_place(ranked: Mapping[str, JsonValue]) -> list[JsonValue]:
    """Put `{"A": 2, "B": 1}` or `{"1": "B", "2": "A"}` in order."""
    wanted = [str(number) for number in range(1, len(ranked) + 1)]
    by_value = {re.sub(r"\D", "", label(place)): name for name, place in ranked.items()}
    by_key = {re.sub(r"\D", "", name): option for name, option in ranked.items()}
    if by_value.keys() == set(wanted):
        return [by_value[place] for place in wanted]
    return [by_key[place] for place in wanted] if by_key.keys() == set(wanted) else []


def _read_order(places: Sequence[Reading], count: int) -> Reading:
    """Read a ranking of `count` options from what was put in each place."""
    values: list[JsonValue] = []
    for place in places:
        if isinstance(place, InvalidAnswer):
            return place
        values.append(place.value)
    if all(value is None for value in values):
        return Value(None)
    if any(value is None for value in values):
        return InvalidAnswer("some places were left open")
    if len({label(value) for value in values}) < count:
        return InvalidAnswer("an option was put in two places")
    return Value(values)
