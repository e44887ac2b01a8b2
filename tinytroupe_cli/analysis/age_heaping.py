"""Whipple's index: are ages that end in 0 or 5 more frequent than they should be? Numbers in, numbers out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from tinytroupe_cli.analysis.score_intervals import wilson

YOUNGEST: Final = 23
OLDEST: Final = 62
"""The ages that the index counts (United Nations, 1955, Manual II): each last digit equally often."""
EXPECTED: Final = 0.2
MIN_AGES: Final = 10


class Heaping(NamedTuple):
    """How ages end."""

    n: int
    """Ages from 23 to 62."""
    ending: int
    """Of them, those that end in 0 or 5."""
    whipple: float
    """100: a fifth of them; 500: all of them."""
    is_marked: bool
    """Whether the share is above a fifth by more than chance."""


def age_heaping(ages: Iterable[float]) -> Heaping | None:
    """Return Whipple's index of whole ages; None where nobody is between 23 and 62."""
    counted = [age for age in ages if YOUNGEST <= age <= OLDEST]
    if not counted:
        return None
    ending = sum(age % 5 == 0 for age in counted)
    share = ending / len(counted)
    is_marked = len(counted) >= MIN_AGES and wilson(ending, len(counted)).low > EXPECTED
    return Heaping(len(counted), ending, 100 * share / EXPECTED, is_marked)
