"""Shares as bars with intervals: of yes, one bar a part; of options, the parts beside each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from pydantic import JsonValue

from tinytroupe_cli.analysis.descriptive import Share, Summary
from tinytroupe_cli.analysis.weighted_summaries import WeightedShare
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.reports.breakdowns import Breakdown
from tinytroupe_cli.reports.charts.chart_frame import STEP, ChartPlan, ChartRow, Spec, bars, intervals, legend_colors
from tinytroupe_cli.reports.charts.chart_theme import SERIES
from tinytroupe_cli.reports.figures import percent
from tinytroupe_cli.reports.labels import with_end_label

MAX_OPTIONS: Final = 12
BAR: Final = 0.31
"""Half a bar's height, as a share of its row's."""
INTERVALS: Final = "Lines are 95% intervals."
BESIDE: Final = 24
"""Height in pixels of a bar among others of its option."""


def yes_bars(breakdown: Breakdown, *, is_narrow: bool = False) -> ChartPlan | None:
    """Draw the share of yes under each condition or in each group."""
    rows: list[ChartRow] = []
    values: list[dict[str, Any]] = []
    for place, part in enumerate(breakdown.parts):
        share = share_of(part.summary, value=True)
        if share is None or share.share is None:
            rows.append(ChartRow(label=part.label, figure="none" if is_narrow else "no answer", is_narrow=is_narrow))
            continue
        figure = percent(share.share) if is_narrow else f"{percent(share.share)} yes, n={part.summary.stated}"
        rows.append(ChartRow(label=part.label, figure=figure, is_narrow=is_narrow))
        values.append(_bar(place + 0.5, BAR, share.share, share))
    axis = _share_axis(1)
    return ChartPlan(
        rows=tuple(rows),
        layers=(bars(values, rows, axis, color=SERIES[0], cornerRadiusEnd=2), *intervals(values, rows, axis)),
        note=INTERVALS if any(value["low"] is not None for value in values) else "",
    )


def option_bars(breakdown: Breakdown, *, is_narrow: bool = False) -> ChartPlan | None:
    """Draw the share of each option, in the order of the options or, of entries of lists, of their counts."""
    shares = _shown(breakdown.whole.summary, breakdown)
    if not shares:
        return None
    parts = breakdown.parts if len(breakdown.parts) <= len(SERIES) else (breakdown.whole,)
    several = len(parts) > 1
    rows: list[ChartRow] = []
    values: list[dict[str, Any]] = []
    for share in shares:
        for number, part in enumerate(parts):
            own = share_of(part.summary, share.value)
            value = own.share if own is not None and own.share is not None else 0.0
            label = with_end_label(breakdown.field, share.value) if number == (len(parts) - 1) // 2 else ""
            values.append({**_bar(len(rows) + 0.5, BAR if not several else 0.4, value, own), "part": part.label})
            figure = percent(value) if is_narrow else _figure(part.summary, own, value)
            rows.append(ChartRow(label=label, figure=figure, is_narrow=is_narrow))
        if several:
            rows.append(ChartRow(label=""))
    if several:
        rows.pop()
    highest = max(value["high"] or value["to"] for value in values)
    axis = _share_axis(min(1.0, math.ceil(highest * 10) / 10) or 1)
    labels = [part.label for part in parts]
    color = legend_colors("part", labels, SERIES[: len(parts)]) if several else None
    return ChartPlan(
        rows=tuple(rows),
        layers=(
            bars(values, rows, axis, color=SERIES[0], cornerRadiusEnd=2, by_color=color),
            *intervals(values, rows, axis),
        ),
        step=BESIDE if several else STEP,
        legend=tuple(labels) if several else (),
        note=INTERVALS if any(value["low"] is not None for value in values) else "",
    )


def share_of(summary: Summary, value: JsonValue) -> Share | WeightedShare | None:
    """Return the share of an answer, weighted where people have weights; None: it was not given."""
    weighted = summary.weighted.shares if summary.weighted else ()
    return next((share for share in (*weighted, *summary.shares) if share.value == value), None)


def _shown(summary: Summary, breakdown: Breakdown) -> Sequence[Share]:
    shares = summary.shares
    is_open = type_of(breakdown.field).shape == "entries"
    if len(shares) > MAX_OPTIONS or is_open:
        shares = tuple(sorted(shares, key=lambda share: -share.count)[:MAX_OPTIONS])
    return shares


def _bar(middle: float, half: float, value: float, share: Share | WeightedShare | None) -> dict[str, Any]:
    low, high = (share.low, share.high) if share is not None else (None, None)
    return {
        "from": 0, "to": value, "y": middle, "y0": middle - half, "y1": middle + half, "low": low, "high": high
    }  # fmt: skip


def _figure(summary: Summary, own: Share | WeightedShare | None, value: float) -> str:
    if not summary.stated:
        return "no answer"
    return (
        f"{percent(value)} ({own.count})" if isinstance(own, Share) and not summary.is_distribution else percent(value)
    )


def _share_axis(highest: float) -> Spec:
    axis = {"title": None, "format": ".0%"}
    return {"type": "quantitative", "scale": {"domain": [0, highest], "nice": False}, "axis": axis}
