"""The parts of a call, in characters: exact lengths of existing texts, bounds of future ones."""

from __future__ import annotations

from dataclasses import dataclass

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.models.port import Role


@dataclass(frozen=True, slots=True)
class CharRange:
    """A range."""

    low: int
    high: int

    def __add__(self, other: CharRange) -> CharRange:
        return CharRange(self.low + other.low, self.high + other.high)

    def __mul__(self, times: int) -> CharRange:
        return CharRange(self.low * times, self.high * times)


@dataclass(frozen=True, slots=True)
class Fixed:
    """Characters of the prompts themselves, without variable parts."""

    person: int
    """The role, without the portrait."""
    present: int
    """The situation."""
    answer: int
    """A question in an interview."""
    judge: int
    claim: int
    """A claim for the judge."""
    notes: int
    """A part of a claim's evidence."""
    author: int = 0
    """The instructions for generating a population's people."""
    schema: int = 500
    """The shape of an answer; some providers count it."""


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """One call. Two with the same key are the same request, made once."""

    role: Role
    key: bytes
    prompt: CharRange
    reply: CharRange
    is_certain: bool = True
    """False if it depends on what happens: a person may have nothing to act on."""
    is_retry: bool = False
    """Made only if an earlier attempt was faulty."""
    model: str = ""
    """The model, if not determined by the role."""


def field_characters(field: PlannedField) -> int:
    """Return the characters a field adds to the question."""
    return 60 + sum(len(str(option)) + 3 for option in field.options) + len(field.low_label + field.high_label)


def answer_characters(field: PlannedField) -> CharRange:
    """Return a bound of the characters of a field's answer, with its key."""
    key = len(field.name) + 6
    least, most = type_of(field).characters(field)
    return CharRange(key + least, key + most)
