"""Simulated time goes by the real calendar, from seconds to years."""

from datetime import datetime
from typing import Any

import pytest
from builders import a_trial
from worlds import in_world, played

from tinytroupe_cli.plan.types import Pace
from tinytroupe_cli.simulation.clock import time_at


@pytest.mark.parametrize(
    ("start", "amount", "unit", "step", "expected"),
    [
        ("2026-01-05T09:00", 10, "minute", 1, "2026-01-05T09:00"),
        ("2026-12-31T23:59:50", 20, "second", 2, "2027-01-01T00:00:10"),
        ("2026-01-31T09:00", 1, "month", 2, "2026-02-28T09:00"),
        ("2026-01-31T09:00", 1, "month", 3, "2026-03-31T09:00"),
        ("2024-01-31T09:00", 1, "month", 2, "2024-02-29T09:00"),
        ("2026-11-30T09:00", 3, "month", 2, "2027-02-28T09:00"),
        ("2024-02-29T09:00", 1, "year", 2, "2025-02-28T09:00"),
        ("2024-02-29T09:00", 1, "year", 5, "2028-02-29T09:00"),
        ("2024-02-28T09:00", 1, "day", 2, "2024-02-29T09:00"),
        ("2026-02-28T09:00", 1, "day", 2, "2026-03-01T09:00"),
        ("1900-02-28T09:00", 1, "day", 2, "1900-03-01T09:00"),
        ("2000-02-28T09:00", 1, "day", 2, "2000-02-29T09:00"),
        ("2100-02-28T09:00", 1, "day", 2, "2100-03-01T09:00"),
        ("1848-12-30T09:00", 1, "week", 2, "1849-01-06T09:00"),
        ("2026-12-15T09:00", 1, "month", 2, "2027-01-15T09:00"),
        ("0999-06-01T09:00", 600, "year", 3, "2199-06-01T09:00"),
        # in many countries the clock is put forward in the night of 29 March 2026; not here
        ("2026-03-28T12:00", 24, "hour", 2, "2026-03-29T12:00"),
        ("2026-03-29T01:30", 1, "hour", 2, "2026-03-29T02:30"),
    ],
)
def test_time_goes_by_the_calendar(start: str, amount: int, unit: Any, step: int, expected: str):
    found = time_at(datetime.fromisoformat(start), Pace(amount=amount, unit=unit), step)
    assert found == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("start", "unit", "now", "stamp"),
    [
        ("2026-01-05T09:00", "second", "(Monday 5 January 2026, 09:00:02;", "2026-01-05T09:00:02"),
        ("2026-01-05T09:00", "minute", "(Monday 5 January 2026, 09:02;", "2026-01-05T09:02"),
        ("2026-01-05T09:00", "hour", "(Monday 5 January 2026, 11:00;", "2026-01-05T11:00"),
        ("2026-01-05T09:00", "day", "(Wednesday 7 January 2026;", "2026-01-07T09:00"),
        ("2026-01-05T09:00", "week", "(Monday 19 January 2026;", "2026-01-19T09:00"),
        ("2025-12-31T09:00", "month", "(Saturday 28 February 2026;", "2026-02-28T09:00"),
        ("1850-07-14T09:00", "year", "(July 1852;", "1852-07-14T09:00"),
        ("2400-02-29T09:00", "year", "(February 2402;", "2402-02-28T09:00"),
    ],
)
def test_people_know_the_time_as_finely_as_it_passes(start: str, unit: Any, now: str, stamp: str):
    trial = in_world(a_trial(people=1, steps=3), start=start, step_length=Pace(amount=1, unit=unit))
    log = played(trial)
    assert now in log.now("person-1", 2)
    assert {event.time for event in log.events if event.step == 3} == {stamp}
