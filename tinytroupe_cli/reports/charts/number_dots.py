"""Numbers as dots, one an answer, with the middle half as a box, the median, and the mean with its interval."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.reports.breakdowns import Breakdown, Part
from tinytroupe_cli.reports.charts.chart_frame import ChartPlan, ChartRow, Spec, bars, intervals, points
from tinytroupe_cli.reports.charts.chart_theme import GRID, INK, SERIES

MAX_DOTS: Final = 150
"""Answers of a part that are drawn one by one; of more, a dot stands for all of a class, the larger the more."""
CLASSES: Final = 40
BOX: Final = 0.3
SPREAD: Final = 0.34
"""How far dots are from the middle of their row at most, so that equal answers are seen apart."""
STEP: Final = 44
DOT: Final = 30
LARGEST_DOT: Final = 420


def number_dots(breakdown: Breakdown, *, is_narrow: bool = False) -> ChartPlan | None:
    """Draw each part's numbers on one axis."""
    if not breakdown.whole.numbers:
        return None
    rows = [
        ChartRow(label=label, figure=mean_figure(breakdown.field, part, is_narrow=is_narrow), is_narrow=is_narrow)
        for label, part in zip(breakdown.labels, breakdown.parts, strict=True)
    ]
    axis = _axis(breakdown)
    dots = [dot for place, part in enumerate(breakdown.parts) for dot in _dots(part, place)]
    boxes = [box for place, part in enumerate(breakdown.parts) if part.numbers for box in _boxes(part, place)]
    return ChartPlan(
        rows=tuple(rows),
        layers=(
            bars(boxes, rows, axis, color=GRID),
            points(
                dots,
                rows,
                axis,
                type="circle",
                color=SERIES[0],
                opacity=0.55,
                encoding={"size": {"field": "count", "type": "quantitative", "legend": None, "scale": _sizes(dots)}},
            ),
            bars(
                [{**box, "from": box["median"], "to": box["median"]} for box in boxes],
                rows,
                axis,
                color=INK,
                stroke=INK,
                strokeWidth=2,
            ),
            *intervals(boxes, rows, axis),
            points(boxes, rows, axis, shape="diamond", color=SERIES[1], size=110),
        ),
        step=STEP,
        note=_note(breakdown),
    )


def mean_figure(field: PlannedField, part: Part, *, is_narrow: bool) -> str:
    """Return a part's mean with its interval, or with the number of answers where there is none."""
    if part.summary.numbers is None:
        return "none" if is_narrow else "no answer"
    kind = type_of(field)
    weighted = part.summary.weighted.numbers if part.summary.weighted else None
    plain = part.summary.numbers.mean if part.center is None else part.center
    mean = kind.figure(weighted.mean if weighted else plain)
    if is_narrow:
        return mean
    if (interval := interval_of(part)) is None:
        return f"mean {mean}, n={part.summary.stated}"
    return f"mean {mean} [{kind.figure(interval[0])}, {kind.figure(interval[1])}]"


def interval_of(part: Part) -> tuple[float, float] | None:
    """Return the interval of the mean that is shown; None: there is none, as of a weighted mean."""
    return None if part.summary.weighted and part.summary.weighted.numbers else part.interval


def _note(breakdown: Breakdown) -> str:
    dots = "Dots are answers" if all(dot["count"] == 1 for dot in _dots(breakdown.whole, 0)) else "Dots count answers"
    mean = (
        f"mean with its 95% interval (Student's t){breakdown.counted_once}"
        if any(interval_of(part) for part in breakdown.parts)
        else "weighted mean"
        if breakdown.is_weighted
        else "mean"
    )
    return f"{dots}; the box is the middle half, its line the median, the diamond the {mean}."


def _axis(breakdown: Breakdown) -> Spec:
    field, found = breakdown.field, breakdown.whole.numbers
    first = min(0.0, found[0]) if type_of(field).has_zero and found[0] < found[-1] / 2 else found[0]
    is_scale = type_of(field).ends(field) is not None
    low = field.low if is_scale and field.low is not None else first
    high = field.high if is_scale and field.high is not None else found[-1]
    if low == high:
        low, high = low - 1, high + 1
    axis: Spec = {"title": field.unit or None}
    if field.kind == "date":
        axis["labelExpr"] = "utcFormat(datum.value * 86400000, '%Y-%m-%d')"
    return {"type": "quantitative", "scale": {"domain": [low, high], "nice": True, "zero": False}, "axis": axis}


def _boxes(part: Part, place: int) -> list[dict[str, Any]]:
    numbers = part.numbers
    quartiles = statistics.quantiles(numbers, n=4, method="inclusive") if len(numbers) > 1 else list(numbers) * 3
    low, median, high = quartiles
    interval = interval_of(part)
    ends = {"low": interval[0], "high": interval[1]} if interval else {}
    middle = place + 0.5
    plain = part.summary.numbers.mean if part.summary.numbers else median
    weighted = part.summary.weighted.numbers if part.summary.weighted else None
    mean = weighted.mean if weighted else plain if part.center is None else part.center
    return [
        {
            "from": low,
            "to": high,
            "median": median,
            "x": mean,
            "y": middle,
            "y0": middle - BOX,
            "y1": middle + BOX,
            **ends,
        }
    ]


def _dots(part: Part, place: int) -> list[dict[str, Any]]:
    numbers, middle = part.numbers, place + 0.5
    if len(numbers) <= MAX_DOTS:
        return [
            {"x": value, "y": middle + SPREAD * ((7 * index) % 11 - 5) / 5, "count": 1}
            for index, value in enumerate(numbers)
        ]
    span = (numbers[-1] - numbers[0]) or 1.0
    classes = Counter(round((value - numbers[0]) / span * CLASSES) for value in numbers)
    return [
        {"x": numbers[0] + number * span / CLASSES, "y": middle, "count": count}
        for number, count in sorted(classes.items())
    ]


def _sizes(dots: Sequence[dict[str, Any]]) -> Spec:
    most = max((dot["count"] for dot in dots), default=1)
    return {"domain": [0, most], "range": [0, DOT if most == 1 else LARGEST_DOT]}
