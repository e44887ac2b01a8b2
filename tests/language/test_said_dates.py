from datetime import date

import pytest

from tinytroupe_cli.language.said_dates import WrittenDate, date_in, whole_date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-3-1", date(2026, 3, 1)),
        ("2026/03/01.", date(2026, 3, 1)),
        ("the 3rd of Sept 2026", date(2026, 9, 3)),
        ("I may come on June 3rd, 2026", date(2026, 6, 3)),
        ("13/04/2026", date(2026, 4, 13)),
        ("04-13-2026", date(2026, 4, 13)),
        ("3 June 2026, yes, 3 June 2026", date(2026, 6, 3)),
        ("in 5 days", None),
        ("June 2026", None),
        ("between 3 and 5 June", None),
        ("2026-13-01", None),
        ("version 2.5.1", None),
        ("3 May or 4 May 2026", date(2026, 5, 4)),
    ],
)
def test_the_day_a_sentence_names(text: str, day: date | None) -> None:
    assert date_in(text) == day


@pytest.mark.parametrize("text", ["3/4/2026", "3 June 2026 or 4 June 2026", "2026-03-01 to 2026-03-05"])
def test_two_days_are_unclear(text: str) -> None:
    assert date_in(text) == "unclear"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tuesday, 6 January", WrittenDate(None, 1, 6)),
        ("tue 6 jan 2026", WrittenDate(2026, 1, 6)),
        ("1.2.", "unclear"),
        ("25.12.", WrittenDate(None, 12, 25)),
        ("perhaps 6 January", None),
        ("", None),
    ],
)
def test_a_whole_text_that_is_a_date_may_leave_out_the_year(text: str, found: object) -> None:
    assert whole_date(text) == found
