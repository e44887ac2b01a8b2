"""Formats numbers for people."""

from __future__ import annotations

import math


def number(value: float) -> str:
    """Return a number with thousands separators and three significant digits below 100."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    rounded = round(value, min(digits, 6))
    if rounded == 0:  # a tiny negative number is not -0
        return "0"
    text = f"{rounded:,.{min(digits, 6)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def dollars(amount: float) -> str:
    """Write USD; amounts below a cent keep two digits that mean something."""
    if amount == 0:
        return "$0"
    return f"${amount:,.2f}" if amount >= 0.1 else f"${amount:.2g}"  # noqa: PLR2004 - below, cents say too little


def count(quantity: int, singular: str, plural: str = "") -> str:
    """Write `1 trial`, `2 trials`."""
    return f"{quantity:,} {singular if quantity == 1 else plural or singular + 's'}"


def duration(seconds: float) -> str:
    """Write seconds as hours, minutes and seconds, the two largest that aren't zero."""
    whole = round(seconds)
    if whole < 60:  # noqa: PLR2004 - a minute
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
