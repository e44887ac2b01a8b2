"""Bands of numbers as surveys write them: "25-34", "65+", "under 18". Compared by middle, displayed as written."""

from __future__ import annotations

import re
from typing import Final

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
