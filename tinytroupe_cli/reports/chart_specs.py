"""Vega-Lite specifications, one function for each kind of chart: plain dicts that any Vega-Lite renders.

A chart has one row for each part of a breakdown (a condition, or a group of people) and one scale for all of them.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

from pydantic import JsonValue

from tinytroupe_cli.analysis.descriptive import Share, Summary
from tinytroupe_cli.analysis.weighted_summaries import WeightedShare
from tinytroupe_cli.fields.field_type import Shape
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.reports.breakdowns import Breakdown, Part
from tinytroupe_cli.reports.chart_theme import GRID, INK, MUTED, PAPER, SCALE, SCALE_INKS, SERIES, scale_steps
from tinytroupe_cli.reports.figures import answer, percent
from tinytroupe_cli.reports.labels import with_end_label

Spec = dict[str, Any]

MAX_OPTIONS: Final = 12
MAX_POINTS: Final = 11
"""A scale with more points is drawn like any number."""
MAX_DOTS: Final = 150
"""Answers of a part that are drawn one by one; more are drawn as dots of different size."""
CLASSES: Final = 40
WRITTEN: Final = 0.09
"""Share of a bar's part from which its percentage is written on it."""
ROW: Final = 30
FONT: Final = "sans-serif"


def chart_spec(breakdown: Breakdown, width: int) -> Spec | None:
    """Return the chart of a breakdown, so many pixels wide; None: nothing can be drawn of it."""
    if not breakdown.whole.summary.stated:
        return None
    drawn = _KINDS[type_of(breakdown.field).shape]
    marks = drawn(breakdown, width < MEDIUM) if drawn else None
    if marks is None:
        return None
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 2, "right": 6, "top": 2, "bottom": 2},
        "background": PAPER,
        "config": _config(width),
        **marks,
    }


MEDIUM: Final = 500
"""Width in pixels below which there is little room for labels."""


def _config(width: int) -> Spec:
    text = {"labelFont": FONT, "titleFont": FONT, "labelColor": INK, "titleColor": MUTED, "labelFontSize": 13}
    return {
        "view": {"stroke": None},
        "axis": {
            **text,
            "domain": False,
            "ticks": False,
            "gridColor": GRID,
            "titleFontWeight": "normal",
            "titleFontSize": 12,
            "labelPadding": 8,
            "labelLimit": 110 if width < MEDIUM else 230,
        },
        "axisX": {"labelColor": MUTED, "labelFontSize": 12, "labelFlush": False, "tickCount": 3 if width < MEDIUM else 5},
        "legend": {
            **text,
            "orient": "top",
            "direction": "horizontal",
            "title": None,
            "symbolType": "square",
            "columns": 2 if width < MEDIUM else 5,
            "labelLimit": 260,
        },
        "text": {"font": FONT, "fontSize": 12.5, "color": INK},
    }


def _rows(labels: Sequence[str], **more: Any) -> Spec:
    return {"field": "row", "type": "nominal", "sort": list(labels), "axis": {"title": None, "grid": False}, **more}


def _figures(y: Spec) -> Spec:
    """Return the layer that writes each row's figures at its right."""
    return {
        "transform": [{"filter": "isValid(datum.figure)"}],
        "mark": {"type": "text", "align": "left", "dx": 10, "baseline": "middle"},
        "encoding": {"y": y, "x": {"value": "width"}, "text": {"field": "figure"}},
    }


def _share_axis(highest: float) -> Spec:
    return {
        "type": "quantitative",
        "scale": {"domain": [0, highest]},
        "axis": {"title": None, "format": ".0%"},
    }


def _share(summary: Summary, value: JsonValue) -> Share | WeightedShare | None:
    weighted = summary.weighted.shares if summary.weighted else ()
    return next((share for share in (*weighted, *summary.shares) if share.value == value), None)


def _yes_shares(breakdown: Breakdown, is_narrow: bool) -> Spec | None:  # noqa: FBT001 - one of a table of functions
    """Draw the share of yes, one bar a part, with its interval."""
    del is_narrow
    values: list[Spec] = []
    for part in breakdown.parts:
        share = _share(part.summary, value=True)
        if share is None or share.share is None:
            values.append({"row": part.label, "figure": "no answer"})
            continue
        figure = f"{percent(share.share)} yes, n={part.summary.stated}"
        values.append(
            {"row": part.label, "share": share.share, "low": share.low, "high": share.high, "figure": figure}
        )
    y = _rows([part.label for part in breakdown.parts])
    return {
        "data": {"values": values},
        "height": {"step": ROW + 4},
        "layer": [
            {
                "mark": {"type": "bar", "color": SERIES[0], "height": {"band": 0.62}, "cornerRadiusEnd": 2},
                "encoding": {"y": y, "x": {"field": "share", **_share_axis(1)}},
            },
            *_interval_layers(y),
            _figures(y),
        ],
    }


def _interval_layers(y: Spec, **more: Any) -> list[Spec]:
    """Return an interval as a line with a halo, so that it is seen on a bar and beside it."""
    ends = {"y": y, "x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}, **more}
    known = [{"filter": "isValid(datum.low)"}]
    return [
        {"transform": known, "mark": {"type": "rule", "color": PAPER, "strokeWidth": 4.5}, "encoding": ends},
        {"transform": known, "mark": {"type": "rule", "color": INK, "strokeWidth": 1.8}, "encoding": ends},
    ]


def _option_shares(breakdown: Breakdown, is_narrow: bool) -> Spec | None:  # noqa: FBT001 - one of a table of functions
    """Draw the share of each option, the parts beside each other, with intervals."""
    field, whole = breakdown.field, breakdown.whole.summary
    shares = [share for share in whole.shares if share.count or len(whole.shares) <= MAX_OPTIONS]
    if len(shares) > MAX_OPTIONS:
        shares = sorted(shares, key=lambda share: -share.count)[:MAX_OPTIONS]
    if not shares:
        return None
    parts = breakdown.parts if len(breakdown.parts) <= len(SERIES) else (breakdown.whole,)
    values: list[Spec] = []
    highest = 0.0
    for share in shares:
        for part in parts:
            own = _share(part.summary, share.value)
            shown = own.share if own is not None and own.share is not None else 0.0
            interval = {"low": own.low, "high": own.high} if own is not None else {}
            highest = max(highest, shown, interval.get("high") or 0.0)
            label = with_end_label(field, share.value)
            figure = f"{percent(shown)} ({own.count})" if isinstance(own, Share) else percent(shown)
            values.append({"row": label, "part": part.label, "share": shown, "figure": figure, **interval})
    y = _rows([with_end_label(field, share.value) for share in shares])
    y["scale"] = {"paddingInner": 0.24 if len(parts) > 1 else 0.1}
    beside = {"yOffset": {"field": "part", "sort": [part.label for part in parts]}} if len(parts) > 1 else {}
    color = _part_colors(parts) if len(parts) > 1 else {"value": SERIES[0]}
    bar = {"type": "bar", "height": {"band": 0.86 if len(parts) > 1 else 0.62}, "cornerRadiusEnd": 2}
    figures = _figures(y)
    figures["encoding"] |= beside
    del is_narrow
    return {
        "data": {"values": values},
        "height": {"step": 20, "for": "offset"} if len(parts) > 1 else {"step": ROW},
        "layer": [
            {
                "mark": bar,
                "encoding": {
                    "y": y,
                    **beside,
                    "x": {"field": "share", **_share_axis(min(1.0, 0.1 * -(-highest // 0.1)))},
                    "color": color,
                },
            },
            *_interval_layers(y, **beside),
            figures,
        ],
    }


def _part_colors(parts: Sequence[Part]) -> Spec:
    labels = [part.label for part in parts]
    return {
        "field": "part",
        "type": "nominal",
        "sort": labels,
        "scale": {"domain": labels, "range": list(SERIES[: len(labels)])},
    }


def _scale_bars(breakdown: Breakdown, is_narrow: bool) -> Spec | None:  # noqa: FBT001 - one of a table of functions
    """Draw a scale as stacked bars that diverge from its middle, with the mean at the right."""
    shares = breakdown.whole.summary.shares
    if type_of(breakdown.field).shape == "numeric" and not 1 < len(shares) <= MAX_POINTS:
        return _number_dots(breakdown, is_narrow)
    steps = scale_steps(len(shares))
    labels = [with_end_label(breakdown.field, share.value) for share in shares]
    values: list[Spec] = []
    for part in breakdown.parts:
        found = [(_share(part.summary, share.value)) for share in shares]
        own = [share.share if share and share.share else 0.0 for share in found]
        middle = len(own) // 2
        start = -sum(own[:middle]) - (own[middle] / 2 if len(own) % 2 else 0)
        for number, (label, share) in enumerate(zip(labels, own, strict=True)):
            end = start + share
            written = percent(share) if share >= (2 * WRITTEN if is_narrow else WRITTEN) else ""
            values.append(
                {
                    "row": part.label,
                    "point": label,
                    "from": start,
                    "to": end,
                    "middle": (start + end) / 2,
                    "written": written,
                    "order": number,
                }
            )
            start = end
        values.append({"row": part.label, "figure": _mean(breakdown, part)})
    reach = max((abs(value[end]) for value in values if "from" in value for end in ("from", "to")), default=1.0)
    y = _rows([part.label for part in breakdown.parts])
    axis = {"title": None, "format": ".0%", "labelExpr": "format(abs(datum.value), '.0%')"}
    x = {"type": "quantitative", "scale": {"domain": [-reach, reach]}, "axis": axis}
    colors = {
        "field": "point",
        "type": "nominal",
        "sort": labels,
        "scale": {"domain": labels, "range": [SCALE[step][0] for step in steps]},
    }
    inks = {
        "field": "point",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": labels, "range": [SCALE_INKS[step][0] for step in steps]},
    }
    bar = {"type": "bar", "height": {"band": 0.72}}
    segments = [{"filter": "isValid(datum.from)"}]
    return {
        "data": {"values": values},
        "height": {"step": ROW + 6},
        "resolve": {"scale": {"color": "independent"}},
        "layer": [
            {
                "transform": segments,
                "mark": bar,
                "encoding": {"y": y, "x": {"field": "from", **x}, "x2": {"field": "to"}, "color": colors},
            },
            {
                "transform": segments,
                "mark": {"type": "text", "baseline": "middle", "fontSize": 11.5},
                "encoding": {
                    "y": y,
                    "x": {"field": "middle", **x},
                    "text": {"field": "written"},
                    "color": inks,
                },
            },
            {"mark": {"type": "rule", "color": MUTED, "strokeDash": [3, 3]}, "encoding": {"x": {"datum": 0}}},
            _figures(y),
        ],
    }


def _mean(breakdown: Breakdown, part: Part) -> str:
    if part.summary.numbers is None:
        return "no answer"
    kind = type_of(breakdown.field)
    weighted = part.summary.weighted.numbers if part.summary.weighted else None
    mean = kind.figure(weighted.mean if weighted else part.summary.numbers.mean)
    if part.interval is None or weighted:
        return f"mean {mean}, n={part.summary.stated}"
    return f"mean {mean} [{kind.figure(part.interval[0])}, {kind.figure(part.interval[1])}]"


def _number_dots(breakdown: Breakdown, is_narrow: bool) -> Spec | None:  # noqa: FBT001 - one of a table of functions
    """Draw numbers as dots, with the middle half as a box, the median, and the mean with its interval."""
    found = breakdown.whole.numbers
    if not found:
        return None
    dots: list[Spec] = []
    boxes: list[Spec] = []
    for part in breakdown.parts:
        dots += _dots(part)
        low, median, high = _quartiles(part.numbers) if part.numbers else (None, None, None)
        mean = part.summary.numbers.mean if part.summary.numbers else None
        interval = {"low": part.interval[0], "high": part.interval[1]} if part.interval else {}
        boxes.append(
            {
                "row": part.label,
                "q1": low,
                "median": median,
                "q3": high,
                "mean": mean,
                "figure": _mean(breakdown, part),
                **interval,
            }
        )
    del is_narrow
    y = _rows([part.label for part in breakdown.parts])
    x = _number_axis(breakdown)
    return {
        "height": {"step": ROW + 14},
        "layer": [
            {
                "data": {"values": boxes},
                "transform": [{"filter": "isValid(datum.q1)"}],
                "mark": {"type": "bar", "height": {"band": 0.72}, "color": GRID, "cornerRadius": 2},
                "encoding": {"y": y, "x": {"field": "q1", **x}, "x2": {"field": "q3"}},
            },
            {
                "data": {"values": dots},
                "mark": {"type": "circle", "color": SERIES[0], "opacity": 0.55},
                "encoding": {
                    "y": y,
                    "x": {"field": "value", **x},
                    "yOffset": {"field": "offset", "type": "quantitative", "scale": {"domain": [-1, 1]}},
                    "size": {"field": "count", "type": "quantitative", "legend": None, "scale": _dot_sizes(dots)},
                },
            },
            {
                "data": {"values": boxes},
                "mark": {"type": "tick", "color": INK, "thickness": 2, "height": {"band": 0.72}},
                "encoding": {"y": y, "x": {"field": "median", **x}},
            },
            *({"data": {"values": boxes}, **layer} for layer in _interval_layers(y)),
            {
                "data": {"values": boxes},
                "mark": {"type": "point", "shape": "diamond", "filled": True, "color": SERIES[1], "size": 90, "opacity": 1},
                "encoding": {"y": y, "x": {"field": "mean", **x}},
            },
            {"data": {"values": boxes}, **_figures(y)},
        ],
    }


def _number_axis(breakdown: Breakdown) -> Spec:
    field, found = breakdown.field, breakdown.whole.numbers
    first = min(0.0, found[0]) if type_of(field).has_zero and found[0] < found[-1] / 2 else found[0]
    low = field.low if field.low is not None and type_of(field).ends(field) else first
    high = field.high if field.high is not None and type_of(field).ends(field) else found[-1]
    if low == high:
        low, high = low - 1, high + 1
    axis: Spec = {"title": field.unit or None, "grid": True}
    if field.kind == "date":
        axis["labelExpr"] = "timeFormat(datum.value * 86400000, '%Y-%m-%d')"
    return {"type": "quantitative", "scale": {"domain": [low, high], "nice": True, "zero": False}, "axis": axis}


def _quartiles(numbers: Sequence[float]) -> tuple[float, float, float]:
    if len(numbers) == 1:
        return numbers[0], numbers[0], numbers[0]
    low, median, high = statistics.quantiles(numbers, n=4, method="inclusive")
    return low, median, high


def _dots(part: Part) -> list[Spec]:
    """Return a dot for each answer, those of equal value above each other; of many answers, a dot for each class."""
    numbers = part.numbers
    if len(numbers) > MAX_DOTS:
        span = (numbers[-1] - numbers[0]) or 1.0
        classes = Counter(round((value - numbers[0]) / span * CLASSES) for value in numbers)
        return [
            {"row": part.label, "value": numbers[0] + place * span / CLASSES, "offset": 0, "count": count}
            for place, count in sorted(classes.items())
        ]
    spread = [((7 * place) % 11 - 5) / 6.5 for place in range(len(numbers))]
    return [
        {"row": part.label, "value": value, "offset": offset, "count": 1}
        for value, offset in zip(numbers, spread, strict=True)
    ]


def _dot_sizes(dots: Sequence[Spec]) -> Spec:
    most = max((dot["count"] for dot in dots), default=1)
    return {"domain": [0, most], "range": [0, 36 if most == 1 else 420]}


def _mean_ranks(breakdown: Breakdown, is_narrow: bool) -> Spec | None:  # noqa: FBT001 - one of a table of functions
    """Draw each option's mean place; 1, the best, is at the left."""
    del is_narrow
    order = [place.option for place in sorted(breakdown.whole.summary.places, key=lambda place: place.mean)]
    parts = breakdown.parts if len(breakdown.parts) <= len(SERIES) else (breakdown.whole,)
    values = [
        {"row": answer(place.option), "part": part.label, "place": place.mean}
        for part in parts
        for place in part.summary.places
    ]
    figures = [
        {"row": answer(place.option), "figure": f"mean place {type_of(breakdown.field).figure(place.mean)}"}
        for place in breakdown.whole.summary.places
    ]
    y = _rows([answer(option) for option in order])
    y["axis"] = {"title": None, "grid": True, "gridDash": [2, 3]}
    axis = {"title": "mean place (1 is first)", "format": "d", "values": list(range(1, len(order) + 1))}
    color = _part_colors(parts) if len(parts) > 1 else {"value": SERIES[0]}
    x = {"field": "place", "type": "quantitative", "scale": {"domain": [1, max(2, len(order))]}, "axis": axis}
    return {
        "data": {"values": values},
        "height": {"step": ROW + 4},
        "layer": [
            {
                "mark": {"type": "point", "filled": True, "size": 130, "opacity": 0.9},
                "encoding": {
                    "y": y,
                    "x": x,
                    "color": color,
                    **({"shape": {"field": "part", "sort": [part.label for part in parts]}} if len(parts) > 1 else {}),
                },
            },
            {"data": {"values": figures}, **_figures(y)},
        ],
    }


_KINDS: Final[dict[Shape, Callable[[Breakdown, bool], Spec | None] | None]] = {
    "binary": _yes_shares,
    "nominal": _option_shares,
    "entries": _option_shares,
    "ordinal": _scale_bars,
    "numeric": _scale_bars,
    "ranking": _mean_ranks,
    "words": None,
}
"""How the answers to each kind of question are drawn; None: words are quoted."""
