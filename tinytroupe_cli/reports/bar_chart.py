"""What is drawn beneath the answer to the title: bars of counts, or marks on a line.

Decides the figures; `characters.py` draws them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from tinytroupe_cli.analysis.descriptive import Share, Summary
from tinytroupe_cli.analysis.observations import answer_number
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.reports.figures import percent
from tinytroupe_cli.reports.labels import condition_label, with_end_label
from tinytroupe_cli.reports.leading_measure import LeadingMeasure
from tinytroupe_cli.reports.measure_words import short

MAX_BARS: Final = 12
MAX_MARKS: Final = 12
"""Numbers up to so many are marked one by one; more are counted in classes."""
MAX_POINTS: Final = 11
"""A scale with more points is drawn like any number."""
MAX_APART: Final = 16
"""Bars up to which the options of each condition are drawn apart."""
CLASSES: Final = 8
PER_MILLE: Final = 1_000


class Bar(Frozen):
    """How many of how many."""

    label: str
    count: int
    of: int
    value_text: str
    """What is written before it."""


class Strip(Frozen):
    """Where values lie between two ends."""

    label: str
    values: tuple[float, ...]
    low: float
    high: float
    value_text: str
    ends: tuple[str, str]
    """Both ends, written."""


class Chart(Frozen):
    """Bars or strips under one heading."""

    heading: str
    bars: tuple[Bar, ...] = ()
    strips: tuple[Strip, ...] = ()


def charts(measure: LeadingMeasure, other: LeadingMeasure | None) -> Iterator[Chart]:
    """Yield what is drawn for a measure, and for another of its query; nothing for what can't be counted."""
    if not measure.whole.stated:
        return
    if len(measure.parts) > 1:
        yield from _of_conditions(measure)
        return
    yield from _of_all(measure, measure.name)
    if other is not None and other.whole.stated and type_of(other.field).shape == "numeric":
        yield from _of_all(other, other.name)


def _of_all(measure: LeadingMeasure, heading: str) -> Iterator[Chart]:
    whole, field = measure.whole, measure.field
    if _is_line(field, whole):
        if strip := _strip(measure, whole, ""):
            yield Chart(heading=heading, strips=(strip,))
        elif bars := _classes(measure):
            yield Chart(heading=heading, bars=bars)
    elif whole.planned > 1 and whole.shares:
        yield Chart(heading=f"{_heading(field, heading)}{_of_how_many(whole)}", bars=_bars(field, whole))


def _of_conditions(measure: LeadingMeasure) -> Iterator[Chart]:
    field, parts = measure.field, measure.parts
    if type_of(field).shape == "binary":
        bars = tuple(_yes(condition_label(condition), part) for condition, part in parts)
        yield Chart(heading=f"{measure.name}: yes", bars=bars)
    elif type_of(field).shape == "numeric":
        ends = _ends(measure)
        strips = [_strip(measure, part, condition_label(condition), ends) for condition, part in parts]
        yield Chart(heading=measure.name, strips=tuple(strip for strip in strips if strip is not None))
    elif len(parts) * len(measure.whole.shares) <= MAX_APART:
        for condition, part in parts if measure.whole.shares else ():
            heading = f"{_heading(field, measure.name)}, with {condition_label(condition)}{_of_how_many(part)}"
            yield Chart(heading=heading, bars=_bars(field, part) if part.stated else ())
    else:
        heading = f"{_heading(field, measure.name)}, all conditions{_of_how_many(measure.whole)}"
        yield Chart(heading=heading, bars=_bars(field, measure.whole))


def _of_how_many(summary: Summary) -> str:
    """Return a note on how many answers the bars cover, if some are missing."""
    if summary.stated == summary.planned:
        return ""
    return f" ({summary.stated} of {summary.planned} answers)" if summary.stated else ": no answer"


def _heading(field: PlannedField, name: str) -> str:
    return f"{name}: put first" if type_of(field).shape == "ranking" else name


def _is_line(field: PlannedField, whole: Summary) -> bool:
    """Return whether answers are marks on a line: numbers, long scales, and a single point of a scale."""
    is_long = not whole.shares or len(whole.shares) > MAX_POINTS
    return type_of(field).shape == "numeric" and (is_long or whole.planned == 1)


def _bars(field: PlannedField, summary: Summary) -> tuple[Bar, ...]:
    shares = list(summary.shares)
    if len(shares) > MAX_BARS:
        shares = sorted(shares, key=lambda share: -share.count)[:MAX_BARS]
    return tuple(_bar(short(with_end_label(field, share.value)), share, summary) for share in shares)


def _bar(label: str, share: Share, summary: Summary) -> Bar:
    if summary.is_distribution and share.share is not None:
        whole = percent(share.share)
        return Bar(label=label, count=round(PER_MILLE * share.share), of=PER_MILLE, value_text=whole)
    return Bar(label=label, count=share.count, of=summary.stated, value_text=str(share.count))


def _yes(label: str, summary: Summary) -> Bar:
    yes = summary.shares[0].count
    value_text = f"{yes} of {summary.stated}{_missing(summary)}" if summary.stated else "no answer"
    return Bar(label=label, count=yes, of=summary.stated, value_text=value_text)


def _missing(summary: Summary) -> str:
    return f", {summary.planned - summary.stated} missing" if summary.stated < summary.planned else ""


def _numbers(measure: LeadingMeasure, condition: str = "") -> list[float]:
    found = (answer_number(row, measure.field) for row in measure.stated(condition))
    return sorted(value for value in found if value is not None)


def _ends(measure: LeadingMeasure) -> tuple[float, float]:
    """Return the ends of the line: those the field has, else those of the values, from 0 where that is near."""
    found = _numbers(measure)
    first = min(0.0, found[0]) if type_of(measure.field).has_zero else found[0]
    low = measure.field.low if measure.field.low is not None else first
    high = measure.field.high if measure.field.high is not None else found[-1]
    return low, max(high, found[-1])


def _strip(
    measure: LeadingMeasure, summary: Summary, label: str, ends: tuple[float, float] | None = None
) -> Strip | None:
    """Return a line with the values marked; None where it would tell nothing."""
    found, figure = _numbers(measure, summary.condition), type_of(measure.field).figure
    low, high = ends or _ends(measure)
    if low >= high or (not label and len(found) > MAX_MARKS):
        return None
    return Strip(
        label=label,
        values=tuple(found),
        low=low,
        high=high,
        value_text=_told(measure.field, summary, found),
        ends=(figure(low), figure(high)),
    )


def _told(field: PlannedField, summary: Summary, found: Sequence[float]) -> str:
    if not found or summary.numbers is None:
        return "no answer"
    if len(found) == 1:
        return f"{type_of(field).figure(found[0])}{_missing(summary)}"
    of = f" of {summary.stated}" if summary.stated < summary.planned else ""
    return f"mean {type_of(field).figure(summary.numbers.mean)}{of}{_missing(summary)}"


def _classes(measure: LeadingMeasure) -> tuple[Bar, ...]:
    """Count values in classes of equal, round width."""
    found, figure = _numbers(measure), type_of(measure.field).figure
    low, high = found[0], found[-1]
    if low == high:
        return ()
    width = _round_up((high - low) / CLASSES)
    first = math.floor(low / width)
    last = math.floor(high / width)
    counts = [sum(math.floor(value / width) == place for value in found) for place in range(first, last + 1)]
    most = max(counts)
    return tuple(
        Bar(
            label=f"{figure(place * width)} to below {figure((place + 1) * width)}",
            count=number,
            of=most,
            value_text=str(number),
        )
        for place, number in zip(range(first, last + 1), counts, strict=True)
    )


def _round_up(width: float) -> float:
    """Return the next width that is 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= width)
