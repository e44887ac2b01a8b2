"""Comparisons as differences with intervals about zero, one row a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten
from typing import Any, Final

from tinytroupe_cli.core.number_format import number
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.reports.charts.chart_frame import ChartPlan, ChartRow, Spec, intervals, points, y_of
from tinytroupe_cli.reports.charts.chart_theme import MUTED, SERIES

STEP: Final = 46
NARROW: Final = 48
WIDE: Final = 110
"""Characters of a comparison's name, which stands above its interval."""
LINE: Final = 0.66
"""Height of an interval within its row."""
BAND: Final = (0.42, 0.9)
"""Part of a row in which its zero line is drawn; its name is above."""
ROOM: Final = 1.25
"""Length of each half of the axis, as a multiple of the largest difference; an interval reaches its end."""


class DrawnDifference(Frozen):
    """A difference as the chart needs it; shares in points."""

    label: str
    estimate: float
    low: float | None = None
    high: float | None = None


def difference_intervals(
    differences: Sequence[DrawnDifference], unit: str, *, level: str = "95%", is_narrow: bool = False
) -> ChartPlan | None:
    """Draw differences on one axis that has zero in its middle; None: there are none."""
    if not differences:
        return None
    rows = [ChartRow(label="", figure=number(one.estimate) if is_narrow else _figure(one)) for one in differences]
    values: list[dict[str, Any]] = [
        {"x": one.estimate, "y": place + LINE, "low": one.low, "high": one.high}
        for place, one in enumerate(differences)
    ]
    names = [
        {"y": place + 0.2, "name": shorten(one.label, NARROW if is_narrow else WIDE, placeholder=" …")}
        for place, one in enumerate(differences)
    ]
    reach = max(max(ROOM * abs(one.estimate), -(one.low or 0.0), one.high or 0.0) for one in differences) or 1.0
    axis: Spec = {
        "type": "quantitative",
        "scale": {"domain": [-reach, reach], "nice": True, "zero": True},
        "axis": {"title": unit or None, "grid": False},
    }
    zero = _zero_lines(rows, axis)
    written = {
        "data": {"values": names},
        "mark": {"type": "text", "align": "left", "baseline": "middle"},
        "encoding": {"x": {"value": 0}, "y": y_of("y", rows), "text": {"field": "name"}},
    }
    return ChartPlan(
        rows=tuple(rows),
        layers=(zero, *intervals(values, rows, axis), points(values, rows, axis, size=90, color=SERIES[0]), written),
        step=STEP,
        figures_at=LINE,
        note=_note(differences, level),
    )


def _zero_lines(rows: Sequence[ChartRow], axis: Spec) -> Spec:
    """Return a line at zero in each row that leaves room for the name above it."""
    return {
        "data": {"values": [{"zero": 0, "y0": row + BAND[0], "y1": row + BAND[1]} for row in range(len(rows))]},
        "mark": {"type": "rule", "color": MUTED},
        "encoding": {"x": {"field": "zero", **axis}, "y": y_of("y0", rows), "y2": {"field": "y1"}},
    }


def _note(differences: Sequence[DrawnDifference], level: str) -> str:
    known = [one for one in differences if one.low is not None and one.high is not None]
    if not known:
        return "Dots are differences; none has an interval."
    without = "" if len(known) == len(differences) else " A dot without a line has no interval."
    return f"Dots are differences, lines their {level} intervals, not corrected for several comparisons.{without}"


def _figure(one: DrawnDifference) -> str:
    if one.low is None or one.high is None:
        return number(one.estimate)
    return f"{number(one.estimate)} [{number(one.low)}, {number(one.high)}]"
