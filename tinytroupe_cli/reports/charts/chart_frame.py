"""What all charts share: rows with a label at their left and figures at their right, one axis, one look.

A chart is a Vega-Lite specification, a plain dict. Rows are placed by number, so that bars, dots and intervals of a row
lie on one line: row 0 is between 0 and 1.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any, Final

from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.reports.charts.chart_theme import GRID, INK, MUTED, PAPER

Spec = dict[str, Any]

NARROW_BELOW: Final = 500
"""Width in pixels below which there is little room for labels."""
STEP: Final = 34
"""Height of a row in pixels."""
FONT: Final = "Arial, Liberation Sans, Helvetica, sans-serif"
"""Fonts of equal widths, so that texts fit where they were measured."""
WIDE_LABEL: Final = 30
NARROW_LABEL: Final = 16
"""Characters of a line of a row's label."""
MAX_LINES: Final = 3
LINE_HEIGHT: Final = 14
CHARACTER: Final = 7
"""Width of a character of a legend in pixels."""


class ChartRow(Frozen):
    """A row of a chart."""

    label: str
    figure: str = ""
    """Written at its right."""
    is_narrow: bool = False

    @property
    def lines(self) -> list[str]:
        """Return its label in lines."""
        width = NARROW_LABEL if self.is_narrow else WIDE_LABEL
        levels = self.label.split(" + ") if len(self.label) > width else [self.label]
        lines = [line for level in levels for line in wrap(level, width)] or [""]
        return lines if len(lines) <= MAX_LINES else [*lines[: MAX_LINES - 1], f"{lines[MAX_LINES - 1]} …"]


class ChartPlan(Frozen):
    """What is drawn, before it has a width."""

    rows: tuple[ChartRow, ...]
    layers: tuple[Spec, ...]
    """Marks, placed by `y_of` and the fields of their data."""
    step: float = STEP
    legend: tuple[str, ...] = ()
    """Entries of its legend, for its columns."""
    note: str = ""
    """What its marks stand for."""
    figures_at: float = 0.5
    """Height of figures within their row."""


def y_of(field: str, rows: Sequence[ChartRow]) -> Spec:
    """Return the vertical encoding by a field that holds a place among the rows."""
    labels = json.dumps([row.lines for row in rows])
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": [0, len(rows)], "reverse": True, "nice": False, "zero": False},
        "axis": {
            "title": None,
            "grid": False,
            "values": [place + 0.5 for place in range(len(rows))],
            "labelExpr": f"{labels}[floor(datum.value)]",
            **({"labelOpacity": 0} if _has_lines(rows) else {}),  # room for the labels that _labels draws
        },
    }


def bars(values: Sequence[Mapping[str, Any]], rows: Sequence[ChartRow], x: Spec, **mark: Any) -> Spec:
    """Return bars from `from` to `to`, between the heights `y0` and `y1`."""
    color = mark.pop("by_color", None)
    return {
        "data": {"values": list(values)},
        "mark": {"type": "rect", **mark},
        "encoding": {
            "x": {"field": "from", **x},
            "x2": {"field": "to"},
            "y": y_of("y0", rows),
            "y2": {"field": "y1"},
            **({"color": color} if color else {}),
        },
    }


def intervals(values: Sequence[Mapping[str, Any]], rows: Sequence[ChartRow], x: Spec) -> list[Spec]:
    """Return lines from `low` to `high` at `y`, with a halo that sets them off from a bar."""
    known = [value for value in values if value.get("low") is not None and value.get("high") is not None]
    if not known:
        return []
    ends = {"x": {"field": "low", **x}, "x2": {"field": "high"}, "y": y_of("y", rows)}
    return [
        {"data": {"values": known}, "mark": {"type": "rule", "color": PAPER, "strokeWidth": 4.5}, "encoding": ends},
        {"data": {"values": known}, "mark": {"type": "rule", "color": INK, "strokeWidth": 1.8}, "encoding": ends},
    ]


def points(values: Sequence[Mapping[str, Any]], rows: Sequence[ChartRow], x: Spec, **mark: Any) -> Spec:
    """Return marks at `x` and `y`."""
    more: Spec = mark.pop("encoding", {})
    return {
        "data": {"values": list(values)},
        "mark": {"type": "point", "filled": True, "opacity": 1, **mark},
        "encoding": {"x": {"field": "x", **x}, "y": y_of("y", rows), **more},
    }


def zero_line(x: Spec) -> Spec:
    """Return a line at zero."""
    mark = {"type": "rule", "color": MUTED}
    return {"data": {"values": [{"zero": 0}]}, "mark": mark, "encoding": {"x": {"field": "zero", **x}}}


def legend_colors(field: str, labels: Sequence[str], colors: Sequence[str], *, is_shown: bool = True) -> Spec:
    """Return the color encoding of a field with a legend."""
    shown: Spec = {} if is_shown else {"legend": None}
    scale = {"domain": list(labels), "range": list(colors)}
    return {"field": field, "type": "nominal", "sort": None, "scale": scale, **shown}


def chart_spec(plan: ChartPlan, width: int, title: str = "") -> Spec:
    """Return the specification of a chart of rows, so many pixels wide."""
    layers = [*plan.layers, *([_figures(plan)] if any(row.figure for row in plan.rows) else ())]
    if _has_lines(plan.rows):
        layers.append(_labels(plan))
    height = round(plan.step * len(plan.rows))
    return frame_spec(width, height=height, layers=layers, legend=plan.legend, title=title)


def frame_spec(
    width: int,
    *,
    height: int,
    layers: Sequence[Spec],
    legend: Sequence[str] = (),
    title: str = "",
    axis: Mapping[str, Any] | None = None,
) -> Spec:
    """Return a specification with the look of all charts; `axis` changes its axes."""
    config = _config(width, legend)
    config["axis"] |= axis or {}
    named = {"title": {"text": title, "anchor": "start", "font": FONT, "fontSize": 15, "color": INK}} if title else {}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 2, "right": 6, "top": 4, "bottom": 2},
        "background": PAPER,
        "config": config,
        "layer": list(layers),
        **named,
    }


def _has_lines(rows: Sequence[ChartRow]) -> bool:
    """Return whether a label has several lines, which an axis would not center on its row."""
    return any(len(row.lines) > 1 for row in rows)


def _labels(plan: ChartPlan) -> Spec:
    values = [
        {"y": place + 0.5 + (number - (len(row.lines) - 1) / 2) * LINE_HEIGHT / plan.step, "line": line}
        for place, row in enumerate(plan.rows)
        for number, line in enumerate(row.lines)
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "text", "align": "right", "baseline": "middle"},
        "encoding": {"y": y_of("y", plan.rows), "x": {"value": -8}, "text": {"field": "line"}},
    }


def _figures(plan: ChartPlan) -> Spec:
    rows = plan.rows
    values = [{"y": place + plan.figures_at, "figure": row.figure} for place, row in enumerate(rows) if row.figure]
    return {
        "data": {"values": values},
        "mark": {"type": "text", "align": "left", "dx": 10, "baseline": "middle"},
        "encoding": {"y": y_of("y", rows), "x": {"value": "width"}, "text": {"field": "figure"}},
    }


def _config(width: int, legend: Sequence[str]) -> Spec:
    is_narrow = width < NARROW_BELOW
    text = {"labelFont": FONT, "titleFont": FONT, "labelColor": INK, "titleColor": MUTED, "labelFontSize": 13}
    longest = max((len(label) for label in legend), default=1) * CHARACTER + 30
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
            "labelLimit": 130 if is_narrow else 240,
            "labelLineHeight": LINE_HEIGHT,
        },
        "axisX": {"labelColor": MUTED, "labelFontSize": 12, "labelFlush": False, "tickCount": 3 if is_narrow else 5},
        "legend": {
            **text,
            "orient": "top",
            "direction": "horizontal",
            "title": None,
            "symbolType": "square",
            "symbolStrokeWidth": 0,
            "columnPadding": 14,
            "columns": max(1, min(len(legend) or 1, width // longest)),
            "labelLimit": width - 60,
        },
        "text": {"font": FONT, "fontSize": 13, "color": INK},
    }
