"""People's fields as columns: which are labels, which numbers, and which words of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.analysis.profile_result import AttributeKind
from tinytroupe_cli.language.said_values import label

MAX_LABELS: Final = 20
"""Different values up to which a field has labels; each is that of two people on average at least."""
MIN_NUMBERS: Final = 8
"""Different numbers from which a field is a number."""
SENTENCE: Final = 6
"""Mean number of words from which a text is one's own words."""
NAMES: Final = ("name", "id")

PersonaFields = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Column:
    """One field over all people."""

    name: str
    kind: AttributeKind
    values: tuple[JsonValue, ...]
    """One per person; null: missing."""

    @property
    def labels(self) -> list[str | None]:
        """Return the values as labels."""
        return [None if value is None else label(value) for value in self.values]

    @property
    def numbers(self) -> list[float | None]:
        """Return the values as numbers."""
        return [float(value) if _is_number(value) else None for value in self.values]  # pyright: ignore[reportArgumentType] - a number


def columns_of(people: Sequence[PersonaFields]) -> list[Column]:
    """Return every single-valued field that somebody has, in the order of the people's; not names and ids."""
    flat = [dict(single_values(person)) for person in people]
    names = dict.fromkeys(name for person in flat for name in person if name not in NAMES)
    found: list[Column] = []
    for name in names:
        values = tuple(person.get(name) for person in flat)
        found.append(Column(name, _kind(values), values))
    return found


def single_values(fields: PersonaFields, prefix: str = "") -> Iterator[tuple[str, JsonValue]]:
    """Yield the single values of a person by their dotted names."""
    for key, value in fields.items():
        if isinstance(value, dict):
            yield from single_values(value, f"{prefix}{key}.")
        elif value is not None and value != "" and not isinstance(value, list):
            yield f"{prefix}{key}", value


def own_words(person: PersonaFields, texts: Sequence[str]) -> str:
    """Return what is written about a person in words: lists, and the fields named in `texts`."""
    flat = dict(single_values(person))
    said = [label(flat[name]) for name in texts if name in flat]
    return " ".join([*said, *_listed(dict(person))])


def _listed(value: JsonValue) -> Iterator[str]:
    match value:
        case dict():
            for part in value.values():
                yield from _listed(part)
        case list():
            for part in value:
                yield from [part] if isinstance(part, str) else _listed(part)
        case _:
            return


def _kind(values: Sequence[JsonValue]) -> AttributeKind:
    known = [value for value in values if value is not None]
    different = {label(value) for value in known}
    if all(_is_number(value) for value in known):
        return "number" if len(different) > MIN_NUMBERS else "labels"
    words = sum(len(label(value).split()) for value in known) / len(known)
    is_shared = len(different) <= max(2, len(known) // 2)
    return "labels" if words < SENTENCE and len(different) <= MAX_LABELS and is_shared else "text"


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
