"""Formats numbers for people."""

from __future__ import annotations

import math


def number(value: float) -> str:
    """Return a number with thousands separators and three significant digits below 100."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    rounded = round(value, min(digits, 6))
    text = f"{rounded:,.{min(digits, 6)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
