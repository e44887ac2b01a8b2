"""Which fields of a query are answered in one breath, where people answer in words and values are taken from these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.types import PlannedField

MAX_AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True)
class Breath:
    """Fields that one answer in words is asked for."""

    fields: tuple[PlannedField, ...]

    @property
    def verbatim(self) -> PlannedField | None:
        """Return the one text that is the answer as it was said; None where there is none, or several."""
        texts = [field for field in self.fields if type_of(field).shape == "words"]
        return texts[0] if len(texts) == 1 else None

    @property
    def coded(self) -> tuple[PlannedField, ...]:
        """Return the fields whose values a coder takes from the words."""
        return tuple(field for field in self.fields if not type_of(field).is_rated and field is not self.verbatim)

    @property
    def codings(self) -> tuple[str, ...]:
        """Return what is asked of a coder, one call each: every yes or no by itself, all else together (empty name)."""
        verdicts = tuple(field.name for field in self.coded if type_of(field).shape == "binary")
        return verdicts if len(verdicts) == len(self.coded) else (*verdicts, "")

    @property
    def rated(self) -> tuple[PlannedField, ...]:
        """Return the fields whose values are rated from the words."""
        return tuple(field for field in self.fields if type_of(field).is_rated)


def breaths(fields: Sequence[PlannedField]) -> tuple[Breath, ...]:
    """Divide a query's fields into answers: few at a time, and of what is rated one in each."""
    rated = [field for field in fields if type_of(field).is_rated]
    others = [field for field in fields if not type_of(field).is_rated]
    if len(rated) == 1 and len(others) < MAX_AT_ONCE:
        return (Breath(tuple(fields)),)
    parts = [others[at : at + MAX_AT_ONCE] for at in range(0, len(others), MAX_AT_ONCE)]
    return (*(Breath(tuple(part)) for part in parts), *(Breath((field,)) for field in rated))
