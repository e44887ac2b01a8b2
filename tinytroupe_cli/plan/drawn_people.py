"""People drawn from a population: what stands in a plan for their names, and what replaces it once they are written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import Field, JsonValue

from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.types import Plan

_MARK = re.compile("‹([^‹›]+)›")  # noqa: RUF001 - chosen because nobody types them


class WrittenPeople(Frozen):
    """The people of a run who were drawn, by id, once all of them are written."""

    people: dict[str, dict[str, JsonValue]]
    """What is to be laid over what was drawn; the name is always there."""
    problems: dict[str, str] = Field(default_factory=dict, validation_alias="doubts", serialization_alias="doubts")
    """What is wrong with somebody still."""


def with_people(plan: Plan, written: WrittenPeople) -> Plan:
    """Return the plan with everyone in it who was written: nobody in it is merely drawn any more."""
    people = written.people
    names = {person: str(fields["name"]) for person, fields in people.items()}
    whole: Any = _with_names(plan.model_dump(mode="json"), names)
    for trial in whole["trials"]:
        for member in trial["people"]:
            if member["id"] in people:
                member["persona"] = complete(member["persona"], people[member["id"]])
                member["drawn"] = None
    for population in whole["populations"]:
        own = {id_of(population["name"], number) for number in range(1, population["size"] + 1)}
        population["doubts"] = {person: text for person, text in written.problems.items() if person in own}
    return Plan.model_validate_json(json.dumps(whole))


def complete(drawn: Mapping[str, JsonValue], written: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Lay what was written over what was drawn; where fragments have added to the same field, both are kept."""
    own = str(drawn.get("name", ""))
    fields: dict[str, JsonValue] = {"name": written["name"] if not own or own.startswith(_STAND_IN) else own}
    for key in (key for key in (*drawn, *written) if key != "name"):
        if key in fields:
            continue
        before, own = drawn.get(key), written.get(key)
        fields[key] = before if own is None else own if before is None else _both(before, own)
    return fields


_STAND_IN = "‹"  # noqa: RUF001


def stand_in(person: str) -> str:
    """Return what stands in a plan for the name of somebody who has none yet."""
    return f"‹{person}›"  # noqa: RUF001


def id_of(population: str, number: int) -> str:
    """Return the id of a population's person."""
    return f"{population.replace('_', '-')}-{number:03}"


def _named(mark: re.Match[str], names: Mapping[str, str]) -> str:
    """Return the name that a mark stands for; a filter may have changed the mark's letters."""
    return names.get(mark.group(1)) or names.get(mark.group(1).lower()) or mark.group()


def _with_names(value: JsonValue, names: Mapping[str, str]) -> JsonValue:
    """Return a value with names for all marks in its texts."""
    match value:
        case str():
            return _MARK.sub(lambda mark: _named(mark, names), value)
        case list():
            return [_with_names(entry, names) for entry in value]
        case dict():
            return {str(_with_names(key, names)): _with_names(entry, names) for key, entry in value.items()}
        case _:
            return value


def _both(before: JsonValue, own: JsonValue) -> JsonValue:
    if before == own:
        return own
    match before, own:
        case dict(), dict():
            return {**own, **before}
        case dict(), _:
            return {"own": own, **before}
        case list(), list():
            return [*own, *before]
        case list(), _:
            return [own, *before]
        case _:
            return own
