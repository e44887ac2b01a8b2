"""Draws charts in characters, for terminals and for plain text in reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tinytroupe_cli.reports.bar_chart import Bar, Chart, Strip

MIN_COLUMNS: Final = 8
MAX_COLUMNS: Final = 40
"""Columns of a bar."""
INDENT: Final = "  "
MAX_LABEL: Final = 28
MAX_DIGIT: Final = 9


@dataclass(frozen=True, slots=True)
class CharacterSet:
    """What bars and lines are made of."""

    full: str
    line: str
    mark: str


UNICODE: Final = CharacterSet(full="█", line="─", mark="●")
ASCII: Final = CharacterSet(full="#", line="-", mark="o")


def draw(chart: Chart, width: int, characters: CharacterSet = UNICODE) -> Iterator[str]:
    """Yield a chart's lines, none wider than `width` where that leaves room for a bar at all."""
    yield chart.heading
    rows = (*chart.bars, *chart.strips)
    label = min(max((len(row.label) for row in rows), default=0), MAX_LABEL, max(4, width // 3))
    text_width = max((len(row.value_text) for row in rows), default=0)
    room = width - len(INDENT) - (label + 2 if label else 0) - text_width - 2
    for bar in chart.bars:
        drawn = _bar(bar, min(MAX_COLUMNS, max(MIN_COLUMNS, room)), characters)
        yield f"{INDENT}{_label(bar.label, label)}{bar.value_text:>{text_width}}  {drawn}".rstrip()
    for strip in chart.strips:
        low, high = strip.ends
        line = _line(strip, min(MAX_COLUMNS, max(MIN_COLUMNS, room - len(low) - len(high) - 2)), characters)
        yield f"{INDENT}{_label(strip.label, label)}{strip.value_text:>{text_width}}  {low} {line} {high}"


def _label(words: str, width: int) -> str:
    return f"{words if len(words) <= width else words[: width - 1] + '…':<{width}}  " if width else ""


def _bar(bar: Bar, columns: int, characters: CharacterSet) -> str:
    filled = round(columns * bar.count / bar.of) if bar.of else 0
    return characters.full * (max(1, filled) if bar.count else 0)


def _line(strip: Strip, columns: int, characters: CharacterSet) -> str:
    """Mark the values on a line; where several fall on one place, say how many."""
    span = strip.high - strip.low
    places = Counter(round((min(value, strip.high) - strip.low) / span * (columns - 1)) for value in strip.values)
    drawn = [characters.line] * columns
    for place, number in places.items():
        drawn[max(0, place)] = characters.mark if number == 1 else str(number) if number <= MAX_DIGIT else "+"
    return "".join(drawn)
