"""Converts English number words to digits: "twenty-five dollars" is "25 dollars"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_ONES: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL: Final = {word: value for value, word in enumerate(_ONES)} | {
    word: value for value, word in zip(range(20, 100, 10), _TENS, strict=True)
}
_LARGE: Final = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_WORD: Final = "|".join(sorted([*_SMALL, *_LARGE], key=len, reverse=True))
_SEQUENCE = re.compile(
    rf"(?<![\w.-])(?<!\d )(?:an? (?=hundred|thousand|million))?(?:{_WORD})(?:(?:[ -]| and )(?:{_WORD}))*(?!\w)"
    r"( and a half)?"
)
MAX_WORDS: Final = 5
"""Length of a text in which "one" is a number; in longer ones it is a pronoun ("the one with the dog")."""


def words_as_digits(text: str) -> str:
    """Return a lower-case text with its number words as digits; "5 and a half" is 5.5."""
    is_short = len(text.split()) <= MAX_WORDS

    def digits(found: re.Match[str]) -> str:
        if found[0] == "one" and not is_short:
            return found[0]
        words = re.sub(r" and a half$", "", found[0])
        values = list(_values(re.split(r"[ -]|(?: and )", words)))
        whole = " or ".join(f"{value:g}" if value < 10**6 else str(value) for value in values)
        return f"{whole}.5" if found[1] and len(values) == 1 else whole

    text = re.sub(r"(?<=\d) and a half\b", ".5", text)
    return _SEQUENCE.sub(digits, text)


def _values(words: list[str]) -> Iterator[int]:
    """Yield the numbers of a sequence of words: one if it is a single number ("two hundred and five")."""
    total, group, last = 0, 0, 10**9
    is_open = False
    for word in (word for word in words if word not in {"", "a", "an", "and"}):
        if word in _LARGE:
            size = _LARGE[word]
            group = max(group, 1) * size
            if size > 100:  # noqa: PLR2004 - thousands and millions end a group
                total, group = total + group, 0
            last, is_open = size, True
            continue
        value = _SMALL[word]
        if is_open and not (value < last and (last >= 100 or (last >= 20 and 0 < value < 10))):  # noqa: PLR2004
            yield total + group
            total, group = 0, 0
        group, last, is_open = group + value, value, True
    if is_open:
        yield total + group
