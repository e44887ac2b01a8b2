"""Which rules for leaving people out of figures can find anybody in an experiment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField

MIN_WORDS: Final = 4
"""Words below which equal texts are no repetition: they can agree by chance."""
MIN_ITEMS: Final = 3
"""Items with the same points from which equal answers are straight-lining."""


def has_texts(fields: Iterable[PlannedField]) -> bool:
    """Return whether any question is answered in words."""
    return any(type_of(field).shape == "words" for field in fields)


def has_run_of_items(fields: Iterable[PlannedField]) -> bool:
    """Return whether three items of one query have the same points."""
    counts = Counter(type_of(field).range(field) for field in fields if is_item(field))
    return max(counts.values(), default=0) >= MIN_ITEMS


def is_item(field: PlannedField) -> bool:
    """Return whether a field has points that can be the same as those of its neighbors."""
    kind = type_of(field)
    return kind.shape in ("numeric", "ordinal") and bool(kind.answers(field)) and not field.is_asked_alone
