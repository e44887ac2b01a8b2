"""Lays out numbers and texts for the templates. Words are the templates' own."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from itertools import zip_longest
from typing import Any, Final

from pydantic import JsonValue

from tinytroupe_cli.core.number_format import count, dollars
from tinytroupe_cli.preview.estimate.estimate import EstimateRange, Money

CELL_END: Final = " | "
"""Separates the cells of a table in a template."""


def thousands(number: int) -> str:
    """Separate the thousands of a number."""
    return f"{number:,}"


def span(bounds: EstimateRange) -> str:
    """Format a range."""
    return f"{bounds.low:,}" if bounds.low == bounds.high else f"{bounds.low:,}-{bounds.high:,}"


def roughly(bounds: EstimateRange) -> str:
    """Format a range with two significant digits."""
    low, high = (round(number, 2 - len(str(number))) for number in (bounds.low, bounds.high))
    return span(EstimateRange(low=low, high=high))


def money(amount: Money) -> str:
    """Format an amount of USD."""
    low, high = (dollars(value) for value in (amount.low, amount.high))
    return low if low == high else f"{low}-{high}"


def shown(value: JsonValue) -> str:
    """Format a value as YAML has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def flat(text: str) -> str:
    """Put a text on one line."""
    return " ".join(text.split())


def wrapped(text: str, width: int, hanging: int = 0) -> list[str]:
    """Break a text into lines; all but the first are indented by `hanging`."""
    return textwrap.wrap(text, width, subsequent_indent=" " * hanging)


def shortened(text: str, width: int) -> str:
    """Cut a text after a word."""
    return textwrap.shorten(text, width, placeholder=" …")


def widest(texts: Iterable[str]) -> int:
    """Return the length of the longest text."""
    return max(map(len, texts), default=0)


def columns(text: str) -> str:
    """Align the cells of a table's lines."""
    rows = [line.split(CELL_END) for line in text.removesuffix("\n").split("\n")]
    widths = [widest(column) for column in zip_longest(*rows, fillvalue="")]
    padded = (zip(row, widths, strict=False) for row in rows)
    return "".join(("  " + "  ".join(cell.ljust(width) for cell, width in row)).rstrip() + "\n" for row in padded)


FORMATS: Final[dict[str, Callable[..., Any]]] = {
    function.__name__: function
    for function in (columns, count, money, flat, roughly, shortened, shown, span, thousands, widest, wrapped)
}
