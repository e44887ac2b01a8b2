"""Means of options as bars with intervals: what each is given of a budget, or its best-worst score."""

from __future__ import annotations

from pydantic import JsonValue

from tinytroupe_cli.core.number_format import number
from tinytroupe_cli.reports.breakdowns import Breakdown, Part
from tinytroupe_cli.reports.charts.chart_frame import ChartPlan, Spec
from tinytroupe_cli.reports.charts.chart_theme import SERIES
from tinytroupe_cli.reports.charts.grouped_bars import OptionBar, OptionBars, grouped_bars
from tinytroupe_cli.reports.figures import answer


def amount_bars(breakdown: Breakdown, *, is_narrow: bool = False) -> ChartPlan | None:
    """Draw the mean of each option, the largest first."""
    means = sorted(breakdown.whole.summary.amounts, key=lambda one: -one.mean)
    if not means:
        return None
    parts = breakdown.parts if len(breakdown.parts) <= len(SERIES) else (breakdown.whole,)
    options = [
        OptionBars(label=answer(one.option), bars=tuple(_bar(part, one.option, is_narrow=is_narrow) for part in parts))
        for one in means
    ]
    axis: Spec = {
        "type": "quantitative",
        "scale": {"zero": True, "nice": True},
        "axis": {"title": breakdown.field.unit or None},
    }
    labels = [part.label for part in parts]
    return grouped_bars(options, labels, axis, of=breakdown, is_narrow=is_narrow)


def _bar(part: Part, option: JsonValue, *, is_narrow: bool) -> OptionBar:
    own = next((one for one in part.summary.amounts if one.option == option), None)
    if own is None:
        return OptionBar(value=0, figure="none" if is_narrow else "no answer")
    weighted = part.summary.weighted.places if part.summary.weighted else ()
    for mean in (rank.mean for rank in weighted if rank.option == option):
        return OptionBar(value=mean, figure=number(mean))
    return OptionBar(value=own.mean, low=own.low, high=own.high, figure=number(own.mean))
