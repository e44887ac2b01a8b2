"""Scales as stacked bars that diverge from their middle (N. Robbins and R. Heiberger, 2011), with the mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.reports.breakdowns import Breakdown, Part
from tinytroupe_cli.reports.charts.chart_frame import ChartPlan, ChartRow, Spec, bars, legend_colors, y_of, zero_line
from tinytroupe_cli.reports.charts.chart_theme import SCALE, SCALE_INKS, scale_steps
from tinytroupe_cli.reports.charts.number_dots import interval_of, mean_figure
from tinytroupe_cli.reports.charts.share_bars import share_of
from tinytroupe_cli.reports.figures import percent
from tinytroupe_cli.reports.labels import with_end_label

MAX_POINTS: Final = 11
"""A scale with more points is drawn like any number."""
WRITTEN: Final = 0.1
"""Share from which its percentage is written on a segment; twice as much where the chart is narrow."""
BAR: Final = 0.36


def has_points(breakdown: Breakdown) -> bool:
    """Return whether a measure is a scale whose points can be told apart in a bar."""
    is_scale = type_of(breakdown.field).ends(breakdown.field) is not None
    return is_scale and 1 < len(breakdown.whole.summary.shares) <= MAX_POINTS


def scale_bars(breakdown: Breakdown, *, is_narrow: bool = False) -> ChartPlan | None:
    """Draw the shares of a scale's points, lowest at the left; half of the middle point is on each side of zero."""
    shares = breakdown.whole.summary.shares
    labels = [with_end_label(breakdown.field, share.value) for share in shares]
    rows = [
        ChartRow(label=label, figure=mean_figure(breakdown.field, part, is_narrow=is_narrow), is_narrow=is_narrow)
        for label, part in zip(breakdown.labels, breakdown.parts, strict=True)
    ]
    values: list[dict[str, Any]] = []
    for place, part in enumerate(breakdown.parts):
        values += _segments(
            part, [share.value for share in shares], labels, place, 2 * WRITTEN if is_narrow else WRITTEN
        )
    reach = max((abs(value[end]) for value in values for end in ("from", "to")), default=0.0) or 1.0
    axis: Spec = {
        "type": "quantitative",
        "scale": {"domain": [-reach, reach], "nice": False},
        "axis": {"title": None, "labelExpr": "format(abs(datum.value), '.0%')"},
    }
    steps = scale_steps(len(shares))
    colors = legend_colors("point", labels, [SCALE[step][0] for step in steps])
    inks = legend_colors("point", labels, [SCALE_INKS[step][0] for step in steps], is_shown=False)
    zero = zero_line(axis)
    shown = [value for value in values if value["to"] > value["from"]]
    return ChartPlan(
        rows=tuple(rows),
        layers=(
            zero,
            {"resolve": {"scale": {"color": "independent"}}, "layer": [
                bars(shown, rows, axis, by_color=colors),
                {
                    "data": {"values": [value for value in shown if value["written"]]},
                    "mark": {"type": "text", "baseline": "middle", "fontSize": 12},
                    "encoding": {
                        "x": {"field": "middle", **axis},
                        "y": y_of("y", rows),
                        "text": {"field": "written"},
                        "color": inks,
                    },
                },
            ]},
        ),
        legend=tuple(labels),
        note=_note(breakdown, is_narrow=is_narrow),
    )  # fmt: skip


def _note(breakdown: Breakdown, *, is_narrow: bool) -> str:
    centered = "Bars are centered on the middle of the scale."
    if breakdown.is_weighted:
        return f"{centered} Bars and means are weighted."
    if is_narrow or not any(interval_of(part) for part in breakdown.parts):
        return centered
    return f"{centered} Brackets are the 95% interval of the mean (Student's t){breakdown.counted_once}."


def _segments(
    part: Part, points: Sequence[Any], labels: Sequence[str], place: int, least: float
) -> list[dict[str, Any]]:
    found = [share_of(part.summary, point) for point in points]
    own = [share.share if share is not None and share.share is not None else 0.0 for share in found]
    middle = len(own) // 2
    start = -sum(own[:middle]) - (own[middle] / 2 if len(own) % 2 else 0.0)
    made: list[dict[str, Any]] = []
    for label, share in zip(labels, own, strict=True):
        made.append(
            {
                "point": label,
                "from": start,
                "to": start + share,
                "middle": start + share / 2,
                "y": place + 0.5,
                "y0": place + 0.5 - BAR,
                "y1": place + 0.5 + BAR,
                "written": percent(share) if share >= least else "",
            }
        )
        start += share
    return made
