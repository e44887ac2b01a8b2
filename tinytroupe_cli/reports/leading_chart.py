"""The chart beside the headline, which shows the figures that the headline names.

It is the chart of the measure by condition. Where the headline compares other figures, such as means over conditions
or over people, it is a chart of these.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.core.number_format import number
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.reports.breakdowns import Breakdown, Part, by_condition, main_breakdown
from tinytroupe_cli.reports.charts.chart_frame import ChartPlan
from tinytroupe_cli.reports.charts.compared_levels import DrawnLevel, level_bars, level_dots
from tinytroupe_cli.reports.charts.share_bars import share_of
from tinytroupe_cli.reports.figures import enumeration, percent
from tinytroupe_cli.reports.labels import condition_label
from tinytroupe_cli.reports.leading_comparison import clearest, leading_comparisons, option_means
from tinytroupe_cli.reports.measure_chart import MeasureChart, condition_chart
from tinytroupe_cli.reports.participants import QuerySummary
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.sentences import counted_once, one_line, words

DRAWN_SCALES: Final = ("share", "points", "number")


@dataclass(frozen=True, slots=True)
class _Compared:
    """The figures that the headline compares."""

    one: ComparisonResult
    field: PlannedField
    levels: tuple[DrawnLevel, ...]


def leading_chart(results: Results) -> MeasureChart | None:
    """Return the chart; None: answers can't be drawn, or there is a single one."""
    found = _compared(results)
    if found is None:
        whole = main_breakdown(results)
        return condition_chart(results, whole) if whole else None
    query, field = _measure(results, found.one.measure)
    breakdown = by_condition(results, query, field)
    if _shows(results, breakdown, found):
        return condition_chart(results, breakdown)
    name = one_line(words().measured(found.one))
    wide, narrow = (_drawn(found, is_narrow=is_narrow) for is_narrow in (False, True))
    return MeasureChart(name, _said(name, found), wide, narrow)


def _compared(results: Results) -> _Compared | None:
    tested = leading_comparisons(results)
    if not tested or tested[0].scale not in DRAWN_SCALES:
        return None
    if tested[0].kind == "options":
        one, found = tested[0], option_means(tested)
    else:
        one = clearest(tested)
        names = (one_line(words().level(one, place)) for place in range(len(one.levels)))
        found = dict(zip(names, one.values or (), strict=False))
    if one.values is None:
        return None
    _, field = _measure(results, one.measure)
    levels = tuple(DrawnLevel(label=name, value=value, figure=_figure(one, value)) for name, value in found.items())
    return _Compared(one, field, levels)


def _measure(results: Results, name: str) -> tuple[QuerySummary, PlannedField]:
    return next(
        (query, field) for query in results.queries for field in query.fields if f"{query.query}.{field.name}" == name
    )


def _figure(one: ComparisonResult, value: float) -> str:
    return percent(value) if one.scale == "share" else number(value)


def _shows(results: Results, breakdown: Breakdown, found: _Compared) -> bool:
    """Return whether the chart by condition shows each compared figure, and shows it once."""
    one = found.one
    if one.kind == "options":
        is_whole = len(breakdown.parts) == 1
        return is_whole and all(_part_figure(one, breakdown.whole, own.label) == own.figure for own in found.levels)
    of_label = {condition_label(condition): condition.levels for condition in results.conditions}
    option = label(True if one.option is None else one.option)
    for level, drawn in zip(one.levels, found.levels, strict=True):
        own = [part for part in breakdown.parts if of_label.get(part.label, {}).get(one.by) == level]
        if len(own) != 1 or _part_figure(one, own[0], option) != drawn.figure:
            return False
    return True


def _part_figure(one: ComparisonResult, part: Part, option: str) -> str:
    """Return what the chart by condition writes beside a part, or beside an option's bar."""
    summary = part.summary
    if one.scale == "share":
        value = next((share.value for share in summary.shares if label(share.value) == option), None)
        share = None if value is None else share_of(summary, value)
        return "" if share is None or share.share is None else percent(share.share)
    weighted = summary.weighted.numbers if summary.weighted else None
    found = weighted or summary.numbers
    center = None if found is None else found.mean if weighted or part.center is None else part.center
    return "" if center is None else number(center)


def _drawn(found: _Compared, *, is_narrow: bool) -> ChartPlan:
    one = found.one
    if one.scale == "share":
        plan, marks = level_bars(found.levels, is_narrow=is_narrow), "Bars"
    else:
        ends = type_of(found.field).range(found.field) if one.scale == "points" else (-math.inf, math.inf)
        known = ends if all(map(math.isfinite, ends)) else None
        plan, marks = level_dots(found.levels, known, found.field.unit or "", is_narrow=is_narrow), "Dots"
    how = [word for word, is_so in (("weighted", one.unweighted), ("adjusted", one.unadjusted)) if is_so is not None]
    more = f", {' and '.join(how)}" if how else ""
    return plan.model_copy(
        update={"note": f"{marks} are computed like the figures of the sentence above{more}. {counted_once(one)}"}
    )


def _said(name: str, found: _Compared) -> str:
    is_of_options = found.one.kind == "options"
    each = [f"{one.label} {one.figure}" if is_of_options else f"{one.figure} with {one.label}" for one in found.levels]
    return f"{name}: {enumeration(each)}."
