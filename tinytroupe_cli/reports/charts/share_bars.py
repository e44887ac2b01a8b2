"""Shares as bars with intervals: of yes, one bar a part; of options, the parts beside each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from pydantic import JsonValue

from tinytroupe_cli.analysis.descriptive import Share, Summary
from tinytroupe_cli.analysis.weighted_summaries import WeightedShare
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.reports.breakdowns import Breakdown, Part
from tinytroupe_cli.reports.charts.chart_frame import ChartPlan, ChartRow, Spec, bars, intervals
from tinytroupe_cli.reports.charts.chart_theme import SERIES
from tinytroupe_cli.reports.charts.grouped_bars import OptionBar, OptionBars, bar_note, bar_of, grouped_bars
from tinytroupe_cli.reports.figures import percent
from tinytroupe_cli.reports.labels import with_end_label

MAX_OPTIONS: Final = 12


def yes_bars(breakdown: Breakdown, *, is_narrow: bool = False) -> ChartPlan | None:
    """Draw the share of yes under each condition or in each group; of all together, those of yes and of no."""
    if len(breakdown.parts) == 1:
        return option_bars(breakdown, is_narrow=is_narrow)
    rows: list[ChartRow] = []
    values: list[dict[str, Any]] = []
    for place, part in enumerate(breakdown.parts):
        share = share_of(part.summary, value=True)
        if share is None or share.share is None:
            rows.append(ChartRow(label=part.label, figure="none" if is_narrow else "no answer", is_narrow=is_narrow))
            continue
        figure = percent(share.share) if is_narrow else f"{percent(share.share)} yes, n={part.summary.stated}"
        rows.append(ChartRow(label=part.label, figure=figure, is_narrow=is_narrow))
        values.append(bar_of(place, OptionBar(value=share.share, low=share.low, high=share.high)))
    axis = share_axis(1)
    return ChartPlan(
        rows=tuple(rows),
        layers=(bars(values, rows, axis, color=SERIES[0], cornerRadiusEnd=2), *intervals(values, rows, axis)),
        note=bar_note(breakdown, values),
    )


def option_bars(breakdown: Breakdown, *, is_narrow: bool = False) -> ChartPlan | None:
    """Draw the share of each option, in the order of the options or, of entries of lists, of their counts."""
    shares = _shown(breakdown)
    if not shares:
        return None
    parts = breakdown.parts if len(breakdown.parts) <= len(SERIES) else (breakdown.whole,)
    options = [
        OptionBars(
            label=with_end_label(breakdown.field, share.value),
            bars=tuple(_bar(part, share.value, is_narrow=is_narrow) for part in parts),
        )
        for share in shares
    ]
    highest = max(bar.high or bar.value for option in options for bar in option.bars)
    axis = share_axis(min(1.0, math.ceil(highest * 10) / 10) or 1)
    labels = [part.label for part in parts]
    return grouped_bars(options, labels, axis, of=breakdown, is_narrow=is_narrow)


def share_of(summary: Summary, value: JsonValue) -> Share | WeightedShare | None:
    """Return the share of an answer, weighted where people have weights; None: it was not given."""
    weighted = summary.weighted.shares if summary.weighted else ()
    return next((share for share in (*weighted, *summary.shares) if share.value == value), None)


def _shown(breakdown: Breakdown) -> Sequence[Share]:
    shares = breakdown.whole.summary.shares
    if len(shares) > MAX_OPTIONS or type_of(breakdown.field).shape == "entries":
        return sorted(shares, key=lambda share: -share.count)[:MAX_OPTIONS]
    return shares


def _bar(part: Part, value: JsonValue, *, is_narrow: bool) -> OptionBar:
    own = share_of(part.summary, value)
    share = own.share if own is not None and own.share is not None else 0.0
    low, high = (own.low, own.high) if own is not None else (None, None)
    is_counted = isinstance(own, Share) and not part.summary.is_distribution and not is_narrow
    figure = f"{percent(share)} ({own.count})" if is_counted and isinstance(own, Share) else percent(share)
    return OptionBar(value=share, low=low, high=high, figure=figure if part.summary.stated else "no answer")


def share_axis(highest: float) -> Spec:
    """Return an axis of shares from 0 to the highest that is shown."""
    axis = {"title": None, "format": ".0%"}
    return {"type": "quantitative", "scale": {"domain": [0, highest], "nice": False}, "axis": axis}
