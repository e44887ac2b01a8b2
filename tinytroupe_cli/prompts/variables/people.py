"""What the prompts of people are filled in with: their turns, answers and memories."""

from __future__ import annotations

from typing import Literal

from tinytroupe_cli.prompts.variables.strict import Variables

TurnForm = Literal["moment", "script"]
"""The form of a person's prompts: written to the person, or as a transcript whose next line is theirs."""


class PersonSystem(Variables):
    """Fills in `person/system`."""

    name: str
    portrait: str
    max_words: int
    has_persona: bool = True
    """False: somebody of whom nothing is said."""


class PersonDemographics(Variables):
    """Fills in `person/demographics`; what is not known is empty."""

    name: str
    age: str
    gender: str
    residence: str
    occupation: str


class PersonUnblinded(Variables):
    """Fills in `person/unblinded`."""

    form: TurnForm
    name: str
    is_assigned: bool


class PersonPerceived(Variables):
    """Fills in `person/perceived`."""

    form: TurnForm
    name: str
    sense: str
    source: str
    to: str
    text: str


class PersonPresent(Variables):
    """Fills in `person/present`."""

    name: str
    date: str
    occasion: str
    place: str
    listeners: tuple[str, ...]
    abilities: tuple[str, ...]
    feeling: str
    goal: str
    attention: str
    context: str
    said: tuple[str, ...]


class PersonRecalled(Variables):
    """Fills in `person/recalled`."""

    memories: tuple[str, ...]


class MemoryConsolidate(Variables):
    """Fills in `memory/consolidate`."""

    name: str
    most: int


class PersonForm(Variables):
    """Fills in `person/form`."""

    name: str
    act: str
    does: str
    about: str


class QualityRetry(Variables):
    """Fills in `quality/again`."""

    name: str
    attempt: str
    reason: str


class PersonTalk(Variables):
    """Fills in `person/talk`."""

    exchanges: tuple[tuple[str, str], ...]
    message: str


class PersonAnswer(Variables):
    """Fills in `person/answer`."""

    name: str
    question: str


class PersonLetter(Variables):
    """Fills in `person/letter`."""

    name: str
    question: str


class SafetyNotice(Variables):
    """Fills in the notices of `safety/…`, which have nothing to fill in."""
