"""The figures that a comparison's sentence names: shares as bars, other values as dots, one row a level or option."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.reports.charts.chart_frame import STEP, ChartPlan, ChartRow, Spec, bars, points
from tinytroupe_cli.reports.charts.chart_theme import SERIES
from tinytroupe_cli.reports.charts.grouped_bars import OptionBar, bar_of
from tinytroupe_cli.reports.charts.share_bars import share_axis

DOT: Final = 130


class DrawnLevel(Frozen):
    """A level or option, with its value."""

    label: str
    value: float
    figure: str
    """The value as the sentence writes it."""


def level_bars(levels: Sequence[DrawnLevel], *, is_narrow: bool = False) -> ChartPlan:
    """Draw shares from 0 to 100%."""
    rows = _rows(levels, is_narrow=is_narrow)
    values = [bar_of(place, OptionBar(value=level.value)) for place, level in enumerate(levels)]
    drawn = bars(values, rows, share_axis(1), color=SERIES[0], cornerRadiusEnd=2)
    return ChartPlan(rows=tuple(rows), layers=(drawn,))


def level_dots(
    levels: Sequence[DrawnLevel], ends: tuple[float, float] | None, unit: str, *, is_narrow: bool = False
) -> ChartPlan:
    """Draw values between the ends of their scale; without ends, between the values and 0."""
    rows = _rows(levels, is_narrow=is_narrow)
    found = [level.value for level in levels]
    low, high = ends or (min(0.0, *found), max(0.0, *found))
    axis: Spec = {
        "type": "quantitative",
        "scale": {"domain": [low, high if high > low else low + 1], "nice": ends is None, "zero": False},
        "axis": {"title": unit or None},
    }
    values = [{"x": level.value, "y": place + 0.5} for place, level in enumerate(levels)]
    return ChartPlan(rows=tuple(rows), layers=(points(values, rows, axis, size=DOT, color=SERIES[0]),), step=STEP)


def _rows(levels: Sequence[DrawnLevel], *, is_narrow: bool) -> list[ChartRow]:
    return [ChartRow(label=level.label, figure=level.figure, is_narrow=is_narrow) for level in levels]
