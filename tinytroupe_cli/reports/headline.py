"""The answer to the title in a sentence, and bars drawn in characters: counted, never interpreted.

The first field of the first query that can be counted answers the title; what was only said in words is pointed to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.analysis.summaries import Share, Summary
from tinytroupe_cli.core.numbers import number
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.reports.figures import count, enumeration, spoken
from tinytroupe_cli.reports.results import Results

WIDTH: Final = 24
"""Characters of the longest bar."""
MOST_BARS: Final = 8
LONGEST_LABEL: Final = 28


@dataclass(frozen=True, slots=True)
class Bar:
    """How many gave one answer."""

    condition: str
    """Empty where there is one condition only."""
    label: str
    count: int
    of: int
    """Stated answers of the condition."""


@dataclass(frozen=True, slots=True)
class Headline:
    """What came out, at a glance."""

    title: str
    sentence: str
    bars: tuple[Bar, ...] = ()
    query: str = ""
    field: str = ""
    """What was counted; empty: nothing could be."""


def headline(results: Results) -> Headline | None:
    """Return the answer to the title; None where nothing was asked."""
    counted = _counted(results)
    if counted is None:
        answers = sum(one.stated for one in results.summaries if not one.condition)
        if not results.summaries:
            return None
        return Headline(results.title or results.name, f"{count(answers, 'answer')} in words: the report quotes them.")
    field, overall, by_condition = counted
    parts = by_condition or (overall,)
    sentences = [_sentence(field, one) for one in parts]
    name = spoken(field.name)
    sentence = f"{name[:1].upper()}{name[1:]}: {'; '.join(sentences)}.{_missing(overall)}"
    bars = tuple(bar for one in parts for bar in _bars(field, one))
    shown = bars if len(bars) <= MOST_BARS * len(parts) else ()
    return Headline(results.title or results.name, sentence, shown, overall.query, overall.field)


def drawn(bars: Sequence[Bar], *, full: str = "█", empty: str = "░") -> list[str]:
    """Draw bars as lines; `full` and `empty` are what they are made of."""
    if not bars:
        return []
    labels = [_label(bar) for bar in bars]
    width = max(map(len, labels))
    lines: list[str] = []
    for bar, label in zip(bars, labels, strict=True):
        long = round(WIDTH * bar.count / bar.of) if bar.of else 0
        lines.append(f"{label:<{width}}  {full * long}{empty * (WIDTH - long)}  {bar.count} of {bar.of}")
    return lines


def _counted(results: Results) -> tuple[PlannedField, Summary, tuple[Summary, ...]] | None:
    for query in results.queries:
        for field in query.fields:
            mine = [one for one in results.summaries if (one.query, one.field) == (query.query, field.name)]
            overall = next((one for one in mine if not one.condition), None)
            if field.aside or overall is None or not (overall.numbers or overall.shares) or field.kind == "list":
                continue
            return field, overall, tuple(one for one in mine if one.condition)
    return None


def _sentence(field: PlannedField, summary: Summary) -> str:
    where = f"{summary.condition}: " if summary.condition else ""
    if not summary.stated:
        return f"{where}nobody answered"
    if field.kind in ("scale", "number") and summary.numbers is not None:
        numbers, unit = summary.numbers, f" {field.unit}" if field.unit else ""
        if summary.stated == 1:
            return f"{where}{number(numbers.mean)}{unit}, by 1 answer"
        spread = f"from {number(numbers.min)} to {number(numbers.max)}"
        return f"{where}{number(numbers.mean)}{unit} on average, {spread}, by {count(summary.stated, 'answer')}"
    if not summary.shares:
        return f"{where}{count(summary.stated, 'answer')}"
    if field.kind == "yes_no":
        yes = next((share.count for share in summary.shares if share.value is True), 0)
        return f"{where}{yes} of {summary.stated} said yes"
    most = max(share.count for share in summary.shares)
    leading = [_words(share.value) for share in summary.shares if share.count == most]
    return f"{where}{enumeration(leading)} ({most} of {summary.stated}{' each' if len(leading) > 1 else ''})"


def _missing(summary: Summary) -> str:
    missing = summary.planned - summary.stated
    if not missing:
        return ""
    return f" {missing} of {count(summary.planned, 'answer')} {'is' if missing == 1 else 'are'} missing."


def _bars(field: PlannedField, summary: Summary) -> list[Bar]:
    counts = {_words(share.value): share.count for share in _ordered(field, summary.shares)}
    return [Bar(summary.condition, label, times, summary.stated) for label, times in counts.items()]


def _ordered(field: PlannedField, shares: Sequence[Share]) -> list[Share]:
    if field.kind in ("scale", "number"):
        return sorted(shares, key=lambda share: float(str(share.value)))
    return list(shares)


def _label(bar: Bar) -> str:
    label = f"{bar.condition}: {bar.label}" if bar.condition else bar.label
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"


def _words(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number(value) if isinstance(value, int | float) else str(value)
