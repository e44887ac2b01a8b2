"""Checks a generated person: missing name, missing fields, contradictions, duplicates.

Checks words only, without a model. Each problem is a phrase for the model and the user.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import JsonValue

from tinytroupe_cli.personas.formats import is_name

TOO_ALIKE: Final = 0.7
"""Share of the words of two people that both have."""
MIN_WORDS: Final = 6
"""Number of words below which similarity is not computed."""
MAX_NAME_CHARACTERS: Final = 60
NOT_WRITTEN: Final = "could not be written"
"""How the problem of a person without a text begins."""
NO_NAMES: Final = frozenset({"john doe", "jane doe", "full name", "first last", "first name last name", "unknown"})

DoubtKind = Literal["doubtful", "incomplete", "alike"]
"""doubtful: a text contradicts what was drawn; incomplete: something is missing or said twice; alike: nearly another
person's text."""
_ALIKE: Final = "it is nearly the same as"
_INCOMPLETE: Final = ("nothing was said of", "the same was said twice", NOT_WRITTEN)

_WORD = re.compile(r"[^\W\d_]{4,}")
_YEARS = re.compile(r"\b(\d{1,3})(?:[ -]years?[ -]old|[ -]year[ -]old)\b", re.IGNORECASE)
_DECADE = re.compile(r"\bin (?:his|her|their) (?:early |mid-?|late )?(\d0)s\b", re.IGNORECASE)
_HE = re.compile(r"\b(?:he|him|his|himself)\b", re.IGNORECASE)
_SHE = re.compile(r"\b(?:she|her|hers|herself)\b", re.IGNORECASE)
_FEMALE = frozenset({"female", "woman", "f"})
_MALE = frozenset({"male", "man", "m"})


@dataclass(frozen=True, slots=True)
class Peer:
    """Another person of the population, for comparison."""

    name: str
    words: frozenset[str]


def other(fields: Mapping[str, JsonValue], asked: tuple[str, ...]) -> Peer:
    """Record a person for comparison."""
    return Peer(str(fields.get("name", "")), words_of(_said(fields, asked)))


def name_doubts(name: str, taken: frozenset[str] | set[str]) -> Iterator[str]:
    """Yield problems of a name; `taken` are others' names in lower case."""
    has_initials_only = all(len(word) < 2 for word in re.split(r"[\s.]+", name))  # noqa: PLR2004 - "H. T."
    if (
        not is_name(name)
        or has_initials_only
        or len(name) > MAX_NAME_CHARACTERS
        or any(character.isdigit() for character in name)
    ):
        yield "there was no name in it"
    elif name.casefold() in NO_NAMES:
        yield f"'{name}' is not a person's name"
    elif name.casefold() in taken:
        yield f"somebody else is called {name}"


def find_problems(
    written: Mapping[str, JsonValue], asked: tuple[str, ...], facts: Mapping[str, JsonValue], others: list[Peer]
) -> Iterator[str]:
    """Yield all problems except the name's; `others` are those before them."""
    missing = [field for field in asked if not str(written.get(field) or "").strip()]
    if missing:
        yield f"nothing was said of {', '.join(missing)}"
    texts = [str(written.get(field)) for field in asked if field not in missing]
    if len(set(texts)) < len(texts):
        yield "the same was said twice"
    generated = _said(written, asked)
    yield from contradictions(generated, facts)
    words = words_of(generated)
    twin = next((peer for peer in others if word_overlap(words, peer.words) >= TOO_ALIKE), None)
    if twin is not None:
        yield f"{_ALIKE} {twin.name}"


def doubts_by_kind(text: str) -> dict[DoubtKind, str]:
    """Return the problems of a person, written one after the other, by kind."""
    found: dict[DoubtKind, str] = {}
    for problem in [text] if text.startswith(NOT_WRITTEN) else text.split("; "):
        kind: DoubtKind = (
            "alike" if problem.startswith(_ALIKE) else "incomplete" if problem.startswith(_INCOMPLETE) else "doubtful"
        )
        found[kind] = f"{found[kind]}; {problem}" if kind in found else problem
    return found


def contradictions(text: str, facts: Mapping[str, JsonValue]) -> Iterator[str]:
    """Yield contradictions between a text and sampled facts: another age, another sex."""
    age = facts.get("age")
    if isinstance(age, int | float) and not isinstance(age, bool):
        for match in _YEARS.finditer(text):
            if abs(int(match.group(1)) - age) >= 1 and "ago" not in text[match.end() : match.end() + 6]:
                yield f"it says {match.group()}, but they are {age}"
                break
        decade = _DECADE.search(text)
        if decade and not int(decade.group(1)) <= age < int(decade.group(1)) + 10:
            yield f"it says '{decade.group()}', but they are {age}"
    gender = str(facts.get("gender", facts.get("sex", ""))).casefold()
    if gender in _FEMALE and _HE.search(text) and not _SHE.search(text):
        yield "it speaks of a man, but she is a woman"
    if gender in _MALE and _SHE.search(text) and not _HE.search(text):
        yield "it speaks of a woman, but he is a man"


def word_overlap(first: frozenset[str], second: frozenset[str]) -> float:
    """Return the share of words that two texts have in common (Jaccard); 0 if there are too few."""
    if min(len(first), len(second)) < MIN_WORDS:
        return 1.0 if first == second and first else 0.0
    return len(first & second) / len(first | second)


def words_of(text: str) -> frozenset[str]:
    """Return a text's words of four or more letters, in lower case."""
    return frozenset(_WORD.findall(text.casefold()))


def _said(fields: Mapping[str, JsonValue], asked: tuple[str, ...]) -> str:
    return "\n".join(str(fields.get(field) or "") for field in asked)
