"""Simulated time in words, as finely as it passes: nobody looks at the clock in a story of years."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

StepUnit = Literal["second", "minute", "hour", "day", "week", "month", "year"]

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def format_time(time: datetime, unit: StepUnit) -> str:
    """Write a time as people know it where steps are of this unit; in English whatever the locale, any year."""
    month = f"{_MONTHS[time.month - 1]} {time.year}"
    day = f"{_DAYS[time.weekday()]} {time.day} {month}"
    match unit:
        case "year":
            return month
        case "day" | "week" | "month":
            return day
        case "minute" | "hour":
            return f"{day}, {time:%H:%M}"
        case "second":
            return f"{day}, {time:%H:%M:%S}"
