"""The chart of a measure by condition, for wide and narrow pages, with what it shows in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinytroupe_cli.analysis.price_ladders import LadderFigures
from tinytroupe_cli.core.number_format import number
from tinytroupe_cli.reports.answers import finding
from tinytroupe_cli.reports.breakdowns import Breakdown
from tinytroupe_cli.reports.charts.chart_frame import ChartPlan
from tinytroupe_cli.reports.charts.chart_kinds import chart_plan
from tinytroupe_cli.reports.charts.demand_bars import demand_bars
from tinytroupe_cli.reports.figures import enumeration, percent
from tinytroupe_cli.reports.labels import condition_label
from tinytroupe_cli.reports.results import Results


@dataclass(frozen=True, slots=True)
class MeasureChart:
    """A chart before it is drawn."""

    name: str
    words: str
    """What it shows."""
    wide: ChartPlan
    narrow: ChartPlan
    measure: str = ""
    """The measure, as `query.field`, if this is its chart by condition; empty: the chart is of compared figures."""


def condition_chart(results: Results, breakdown: Breakdown) -> MeasureChart | None:
    """Return a measure's chart by condition; None: there is none."""
    measure = f"{breakdown.query.query}.{breakdown.field.name}"
    said = f"{breakdown.name}: {finding(results, breakdown.query, breakdown.field)}"
    ladders = [one for one in results.ladders if one.measure == measure]
    if ladders and ladders[0].demand:
        wide, narrow = (demand_bars(breakdown, ladders, is_narrow=is_narrow) for is_narrow in (False, True))
        said = f"{said} {_demand_words(results, ladders)}"
    else:
        wide, narrow = (chart_plan(breakdown, is_narrow=is_narrow) for is_narrow in (False, True))
    if wide is None or narrow is None:
        return None
    return MeasureChart(breakdown.name, said, wide, narrow, measure)


def _demand_words(results: Results, ladders: Sequence[LadderFigures]) -> str:
    labels = {condition.name: f"With {condition_label(condition)}, " for condition in results.conditions}
    told = [
        f"{labels.get(one.condition, '')}{enumeration([_share_words(one, place) for place in range(len(one.demand))])}"
        for one in ladders[1:] or ladders
        if one.demand
    ]
    return f"{'; '.join(told)}."


def _share_words(one: LadderFigures, place: int) -> str:
    at = one.demand[place]
    return f"{percent(at.share)} accept {f'{number(at.price)} {one.unit}'.strip()}{' or more' if place == 0 else ''}"
