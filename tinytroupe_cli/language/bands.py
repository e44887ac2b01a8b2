"""Bands of numbers as surveys write them: "25-34", "65+", "under 18". Compared by middle, displayed as written."""

from __future__ import annotations

import math
import re
from typing import Final, NamedTuple

OPEN_WIDTH: Final = 10.0
"""Assumed width of an open band: 65+ is compared as 70."""
_NUMBER: Final = r"(\d+(?:\.\d+)?)"
_UNIT: Final = r"(?:\s*(?:years?(?:\s*old)?|yrs?|y\.?o\.?|jahre|ans))?"
_BETWEEN: Final = re.compile(rf"{_NUMBER}{_UNIT}\s*(?:-|–|—|to|until|through|bis|\.\.)\s*{_NUMBER}{_UNIT}")  # noqa: RUF001
_FROM: Final = re.compile(
    rf"{_NUMBER}{_UNIT}\s*(?:\+|plus|(?:and|or)\s+(?:over|older|above|more|up)|-\s*$)"
    rf"|(?:over|above|at least|from|>=?|≥)\s*{_NUMBER}{_UNIT}"
)
_BELOW: Final = re.compile(
    rf"(?:under|below|up to|less than|younger than|<=?|≤)\s*{_NUMBER}{_UNIT}"
    rf"|{_NUMBER}{_UNIT}\s*(?:and|or)\s+(?:under|younger|below|less)"
)
_ALONE: Final = re.compile(rf"{_NUMBER}{_UNIT}")


def middle(text: str) -> float | None:
    """Return the middle of a band of numbers, or a single number; None for any other text."""
    words = text.strip().casefold()
    if found := _BETWEEN.fullmatch(words):
        low, high = float(found[1]), float(found[2])
        return (low + high) / 2 if low <= high else None
    if found := _FROM.fullmatch(words):
        return float(found[1] or found[2]) + OPEN_WIDTH / 2
    if found := _BELOW.fullmatch(words):
        return float(found[1] or found[2]) - OPEN_WIDTH / 2
    found = _ALONE.fullmatch(words)
    return float(found[1]) if found else None


_STRICT: Final = ("over", "above", "under", "below", "less than", "younger than")
"""Words that leave out the number they stand before."""


class Band(NamedTuple):
    """A band of numbers, both ends included."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Return whether a number is in the band; 34.5 is in 18-34, as ages are counted in whole years."""
        whole = math.floor(value) if self._is_whole else value
        return self.low <= whole <= self.high

    @property
    def _is_whole(self) -> bool:
        return all(math.isinf(end) or end == math.floor(end) for end in self)


def band(text: str) -> Band | None:
    """Return a band as surveys write it: "18-34", "55+", "under 18"; None for any other text."""
    words = text.strip().casefold()
    is_strict = words.startswith(_STRICT) or (words[:1] in "<>" and words[1:2] != "=")
    if found := _BETWEEN.fullmatch(words):
        low, high = float(found[1]), float(found[2])
        return Band(low, high) if low <= high else None
    if found := _FROM.fullmatch(words):
        low = float(found[1] or found[2])
        return Band(_next(low) if is_strict else low, math.inf)
    if found := _BELOW.fullmatch(words):
        high = float(found[1] or found[2])
        return Band(-math.inf, _before(high) if is_strict else high)
    return None


def _next(number: float) -> float:
    return number + 1 if number == math.floor(number) else math.nextafter(number, math.inf)


def _before(number: float) -> float:
    return number - 1 if number == math.floor(number) else math.nextafter(number, -math.inf)
