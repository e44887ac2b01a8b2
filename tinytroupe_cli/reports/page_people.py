"""The people of the HTML page: a card each, and how many of them are what."""

from __future__ import annotations

from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.reports.breakdowns import groups_of_people
from tinytroupe_cli.reports.figures import answer, humanized
from tinytroupe_cli.reports.participants import Participant
from tinytroupe_cli.reports.results import Results

MIN_PEOPLE: Final = 3
MAX_ATTRIBUTES: Final = 24
MAX_CHARACTERS: Final = 220


class PersonCard(Frozen):
    """A person, as the page shows them."""

    place: int
    """Place among the people, as in the transcript."""
    name: str
    facts: tuple[str, ...]
    """Age, work, home."""
    assigned: str = ""
    is_left_out: bool = False
    attributes: tuple[tuple[str, str], ...] = ()
    """Those in which people differ come first."""


class ProfileGroup(Frozen):
    """How many people are in one group of an attribute."""

    label: str
    count: int
    share: float


def shared_facts(results: Results) -> tuple[str, ...]:
    """Return what is the same for everybody, where there are several people."""
    every = [_facts(person) for person in results.participants]
    if len(every) < MIN_PEOPLE:
        return ()
    return tuple(fact for fact in every[0] if all(fact in facts for facts in every))


def person_cards(results: Results) -> list[PersonCard]:
    """Return everybody's card, in cast order, without what is the same for everybody."""
    shared = shared_facts(results)
    left_out = {one.person for one in results.exclusions.people} if results.exclusions else set[str]()
    values: dict[str, set[str]] = {}
    for person in results.participants:
        for key, value in person.attributes.items():
            values.setdefault(key, set()).add(answer(value))
    several = {key for key, own in values.items() if len(own) > 1}
    return [
        PersonCard(
            place=place,
            name=person.name,
            facts=tuple(fact for fact in _facts(person) if fact not in shared),
            assigned=", ".join(f"{humanized(name)} {answer(level)}" for name, level in person.assigned.items()),
            is_left_out=person.id in left_out,
            attributes=_attributes(person.attributes, several),
        )
        for place, person in enumerate(results.participants)
    ]


def profile(results: Results) -> dict[str, tuple[ProfileGroup, ...]]:
    """Return attribute -> its groups, with how many people are in each."""
    people = len(results.participants)
    return {
        humanized(attribute.replace(".", " ")): tuple(
            ProfileGroup(label=label, count=len(own), share=len(own) / people) for label, own in groups.items()
        )
        for attribute, groups in groups_of_people(results).items()
    }


def _facts(person: Participant) -> list[str]:
    return [word for word in (f"age {person.age}" if person.age else "", person.work, person.place) if word]


def _attributes(own: dict[str, JsonValue], several: set[str]) -> tuple[tuple[str, str], ...]:
    order = sorted(own, key=lambda key: key not in several)[:MAX_ATTRIBUTES]
    texts = {key: answer(own[key]) for key in order}
    return tuple(
        (humanized(key.replace(".", " ")), text if len(text) <= MAX_CHARACTERS else f"{text[:MAX_CHARACTERS]}…")
        for key, text in texts.items()
    )
