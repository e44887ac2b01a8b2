"""Dates and times as people write them -> the calendar's; what can be meant in two ways is said, never guessed."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timedelta
from typing import Final

from tinytroupe_cli.language.said_dates import WrittenDate, whole_date

_DAYS: Final = [name.casefold() for name in calendar.day_name]
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(?::\d{2})?\s*(a\.?m\.?|p\.?m\.?)?(?:\s*o'?clock|\s*h)?")
_CLOCK = re.compile(r",? (?:at )?\d{1,2}:\d{2}.*")
"""A time of day behind a date, and what follows it."""
_UNTIL = re.compile(r"\s*(?:-|–|—|\bto\b|\buntil\b)\s*")  # noqa: RUF001
_NOON: Final = 12


class AmbiguousDate(Exception):
    """A date or time that means nothing, or two things; its text is told to the person."""


def read_date(written: str, today: date) -> date:
    """Return the day that is meant, seen from `today`; raises AmbiguousDate."""
    text = _CLOCK.sub("", " ".join(written.casefold().strip(" .").split()))
    if text in ("today", "this morning", "this afternoon", "tonight", "this evening"):
        return today
    if text == "tomorrow":
        return today + timedelta(days=1)
    if text == "the day after tomorrow":
        return today + timedelta(days=2)
    day = re.sub(r"^(on|this) ", "", text)
    if day in _DAYS:
        ahead = (_DAYS.index(day) - today.weekday()) % 7
        if ahead == 0:
            raise AmbiguousDate(f"today is {written.strip()}: do you mean today or in a week? {_write_so(today)}")
        return today + timedelta(days=ahead)
    if day.removeprefix("next ") in _DAYS:
        raise AmbiguousDate(f"'{written.strip()}' can mean two days. {_write_so(today)}")
    return _dated(day, written, today)


def read_time(written: str) -> time:
    """Return the time of day that is meant, of `10:00 to 11:00` the first; raises AmbiguousDate."""
    text, *until = _UNTIL.split(written.casefold().strip(), maxsplit=1)
    named = {"noon": time(12), "midday": time(12), "midnight": time(0)}
    if text in named:
        return named[text]
    found = _TIME.fullmatch(text.removeprefix("at "))
    if found is None:
        raise AmbiguousDate(
            f"'{written.strip()}' is not a time of day. Write it like 09:30." if text else "it has no time."
        )
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "")[:1]
    end = _TIME.fullmatch(until[0]) if until else found
    is_open = end is None or bool(end[3] and not half)  # `1-3 pm` begins at 13:00, `11-1 pm` does not at 23:00
    if is_open or (half and not 1 <= hour <= _NOON):
        raise AmbiguousDate(f"'{written.strip()}' is not a time of day. Write it like 09:30.")
    if half:
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    try:
        return time(hour, minute)
    except ValueError as error:
        raise AmbiguousDate(f"'{written.strip()}' is not a time of day. Write it like 09:30.") from error


def spoken_day(day: date) -> str:
    """Write a day: `Tuesday 6 January 2026`."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def format_datetime(moment: datetime) -> str:
    """Write a moment: `Tuesday 6 January 2026, 10:00`."""
    return f"{spoken_day(moment.date())}, {moment:%H:%M}"


def _dated(text: str, written: str, today: date) -> date:
    match whole_date(text):
        case None:
            problem = f"'{written.strip()}' is not a date" if text else "it has no date"
            raise AmbiguousDate(f"{problem}. {_write_so(today)}")
        case WrittenDate(year, month, day):
            return _in_year(year, month, day, written, today)
        case _:
            raise AmbiguousDate(f"'{written.strip()}' can mean two days. {_write_so(today)}")


def _in_year(year: int | None, month: int, day: int, written: str, today: date) -> date:
    """Return the day; without a year, the next one by that name."""
    if year is not None:
        return _day(year, month, day, written, today)
    this_year = _day(today.year, month, day, written, today)
    return this_year if this_year >= today else _day(today.year + 1, month, day, written, today)


def _day(year: int, month: int, day: int, written: str, today: date) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise AmbiguousDate(f"there is no day '{written.strip()}'. {_write_so(today)}") from error


def _write_so(today: date) -> str:
    return f"Today is {spoken_day(today)}; write a date like {today.isoformat()}."
