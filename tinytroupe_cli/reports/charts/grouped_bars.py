"""Bars of options, those of several parts beside each other, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.reports.breakdowns import Breakdown
from tinytroupe_cli.reports.charts.chart_frame import STEP, ChartPlan, ChartRow, Spec, bars, intervals, legend_colors
from tinytroupe_cli.reports.charts.chart_theme import SERIES

BAR: Final = 0.31
"""Half a bar's height, as a share of its row's."""
BESIDE: Final = 0.4
"""The same of a bar among others of its option."""
BESIDE_STEP: Final = 24
"""Height of its row in pixels."""


def bar_note(breakdown: Breakdown, values: Sequence[Mapping[str, Any]]) -> str:
    """Return that bars are weighted, if they are, and what their lines are, if there are any."""
    weighted = ["Bars are weighted."] if breakdown.is_weighted else []
    has_lines = any(value["low"] is not None for value in values)
    return " ".join(
        [*weighted, *([f"Lines are {breakdown.level} intervals{breakdown.counted_once}."] if has_lines else [])]
    )


class OptionBar(Frozen):
    """A bar of one option and part."""

    value: float
    low: float | None = None
    high: float | None = None
    figure: str = ""


class OptionBars(Frozen):
    """An option, with a bar for each part."""

    label: str
    bars: tuple[OptionBar, ...]


def bar_of(row: int, bar: OptionBar, half: float = BAR) -> dict[str, Any]:
    """Return what is drawn of a bar in a row: the bar, and the line of its interval."""
    middle = row + 0.5
    ends = {"from": min(0.0, bar.value), "to": max(0.0, bar.value)}
    return {**ends, "y": middle, "y0": middle - half, "y1": middle + half, "low": bar.low, "high": bar.high}


def grouped_bars(
    options: Sequence[OptionBars], parts: Sequence[str], axis: Spec, *, of: Breakdown, is_narrow: bool
) -> ChartPlan:
    """Draw the bars option by option, with a legend of the parts where there are several."""
    several = len(parts) > 1
    rows: list[ChartRow] = []
    values: list[dict[str, Any]] = []
    for option in options:
        if several and rows:
            rows.append(ChartRow(label=""))
        for number, (part, bar) in enumerate(zip(parts, option.bars, strict=True)):
            values.append({**bar_of(len(rows), bar, BESIDE if several else BAR), "part": part})
            label = option.label if number == (len(parts) - 1) // 2 else ""
            rows.append(ChartRow(label=label, figure=bar.figure, is_narrow=is_narrow))
    color = legend_colors("part", parts, SERIES[: len(parts)]) if several else None
    drawn = bars(values, rows, axis, color=SERIES[0], cornerRadiusEnd=2, by_color=color)
    return ChartPlan(
        rows=tuple(rows),
        layers=(drawn, *intervals(values, rows, axis)),
        step=BESIDE_STEP if several else STEP,
        legend=tuple(parts) if several else (),
        note=bar_note(of, values),
    )
