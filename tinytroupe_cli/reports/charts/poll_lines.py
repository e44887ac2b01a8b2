"""Private polls of a discussion as lines over its moments, with intervals."""

from __future__ import annotations

from typing import Any, Final

from tinytroupe_cli.analysis.poll_result import PollResult
from tinytroupe_cli.reports.charts.chart_frame import NARROW_BELOW, Spec, frame_spec, legend_colors
from tinytroupe_cli.reports.charts.chart_theme import SERIES

HEIGHT: Final = 240
MEAN: Final = "mean"


def poll_lines(poll: PollResult, width: int, *, is_share: bool) -> Spec | None:
    """Draw the mean, or each option's share, at each moment; None: there are not two moments with answers.

    `is_share`: the mean is the share of yes. What people would say alone is not part of the line.
    """
    rounds = [one for one in poll.rounds if one.moment != "alone" and one.stated]
    values: list[dict[str, Any]] = []
    for one in rounds:
        if one.mean is not None:
            values.append(_point(one.moment, MEAN, one.mean.value, one.mean.low, one.mean.high))
        values += [_point(one.moment, answer, share, None, None) for answer, share in one.shares.items()]
    series = list(dict.fromkeys(value["series"] for value in values))[: len(SERIES)]
    if len({value["moment"] for value in values}) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    shares = is_share or series != [MEAN]
    moments = list(dict.fromkeys(value["moment"] for value in values))
    x = {"field": "moment", "type": "ordinal", "sort": moments, "axis": {"title": None, "labelAngle": 0, "grid": False}}
    y: Spec = {
        "type": "quantitative",
        "scale": {"domain": [0, 1], "zero": True} if shares else {"zero": False, "nice": True},
        "axis": {"title": None, "format": ".0%", "tickCount": 5} if shares else {"title": None, "tickCount": 5},
    }
    colors = {"color": legend_colors("series", series, SERIES[: len(series)], is_shown=len(series) > 1)}
    shown = [value for value in values if value["series"] in series]
    line = {"type": "line", "strokeWidth": 2.5, "point": {"size": 70, "filled": True, "opacity": 1}}
    ends = {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}, **colors}
    layers: list[Spec] = [
        {"data": {"values": shown}, "mark": line, "encoding": {"x": x, "y": {"field": "value", **y}, **colors}},
    ]
    if known := [value for value in shown if value["low"] is not None]:
        layers.insert(0, {"data": {"values": known}, "mark": {"type": "rule", "strokeWidth": 1.8}, "encoding": ends})
    room = {"labelLimit": 70 if width < NARROW_BELOW else 130}
    return frame_spec(width, height=HEIGHT, layers=layers, legend=series if len(series) > 1 else (), axis=room)


def _point(moment: str, series: str, value: float, low: float | None, high: float | None) -> dict[str, Any]:
    return {"moment": moment, "series": series, "value": value, "low": low, "high": high}
