"""Reads days as people and models write them: `2026-03-01`, `1 March 2026`, `March 1st, 2026`, `25.12.2026`.

`03/04/2026` can be two days, so it is unclear. python-dateutil guesses instead: it takes "between 3 and 5 June 2026"
for 5 June 2003, and with `dayfirst` 2026-03-01 for 3 January.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

UNCLEAR: Final = "unclear"
_MONTHS: Final = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
_SHORT_MONTHS: Final = {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name} | {
    "sept": 9
}
_MONTH: Final = "|".join(sorted((*_MONTHS, *_SHORT_MONTHS), key=len, reverse=True))
_ISO = re.compile(r"\b(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(?<![\d./-])(?P<one>\d{1,2})[./-](?P<other>\d{1,2})(?:[./-](?P<year>\d{4}))?\.?(?!\d)")
_DAY_FIRST = re.compile(
    rf"\b(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)? (?P<month>{_MONTH})\b\.?,?(?: (?P<year>\d{{4}}))?"
)
_MONTH_FIRST = re.compile(
    rf"\b(?P<month>{_MONTH})\.? (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b,?(?: (?P<year>\d{{4}}))?"
)
_LEAD = re.compile(r"^(?:(?:[a-z]+day|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\.?,? )?(?:the )?")
"""The day of the week before a date."""
_MAX_MONTH: Final = 12


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A day as it was written; it may not exist, and may have no year."""

    year: int | None
    month: int
    day: int

    def date(self) -> date:
        """Return the day; raises ValueError if there is no such day, or no year."""
        if self.year is None:
            raise ValueError("no year")
        return date(self.year, self.month, self.day)


def whole_date(text: str) -> WrittenDate | Literal["unclear"] | None:
    """Return the day that a whole text is, a day of the week before it apart; None: it is not one."""
    words = _LEAD.sub("", _plain(text), count=1)
    if found := _ISO.search(words):
        return _numbered(found)
    for pattern in (_NUMBERS, _DAY_FIRST, _MONTH_FIRST):
        if found := pattern.fullmatch(words):
            return _of_match(found)
    return None


def date_in(text: str) -> date | Literal["unclear"] | None:
    """Return the one day with a year that a text names; None: none, or one that doesn't exist.

    The text is unclear if it names several, or one that can be read as two.
    """
    words = _plain(text)
    found: list[WrittenDate | str] = [_numbered(match) for match in _ISO.finditer(words)]
    rest = _ISO.sub(" ", words)
    found += [
        _of_match(match)
        for pattern in (_NUMBERS, _DAY_FIRST, _MONTH_FIRST)
        for match in pattern.finditer(rest)
        if match["year"]
    ]
    if UNCLEAR in found or len(set(found)) > 1:
        return UNCLEAR
    try:
        return next((day.date() for day in found if isinstance(day, WrittenDate)), None)
    except ValueError:
        return None


def _plain(text: str) -> str:
    return " ".join(text.casefold().strip(" .").split())


def _numbered(found: re.Match[str]) -> WrittenDate:
    return WrittenDate(int(found["year"]), int(found["month"]), int(found["day"]))


def _of_match(found: re.Match[str]) -> WrittenDate | Literal["unclear"]:
    year = int(found["year"]) if found["year"] else None
    if found.re is not _NUMBERS:
        name = found["month"]
        return WrittenDate(year, _MONTHS.get(name) or _SHORT_MONTHS[name], int(found["day"]))
    one, other = int(found["one"]), int(found["other"])
    if one != other and one <= _MAX_MONTH and other <= _MAX_MONTH:
        return UNCLEAR
    day, month = (one, other) if other <= _MAX_MONTH else (other, one)
    return WrittenDate(year, month, day)
