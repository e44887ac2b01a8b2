"""Simulated time as a value; months and years by the calendar."""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta

from tinytroupe_cli.plan.types import Pace

_SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}


def time_at(start: datetime, pace: Pace, step: int) -> datetime:
    """Return the time of a step, counted from 1; a month after 31 January is the last day of February."""
    passed = pace.amount * (step - 1)
    if pace.unit in _SECONDS:
        return start + timedelta(seconds=passed * _SECONDS[pace.unit])
    months = start.month - 1 + passed * (12 if pace.unit == "year" else 1)
    year, month = start.year + months // 12, months % 12 + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return start.replace(year=year, month=month, day=day)
