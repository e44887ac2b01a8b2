"""Rankings as the mean place of each option; 1, the best, is at the left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tinytroupe_cli.analysis.descriptive import MeanRank
from tinytroupe_cli.analysis.weighted_summaries import WeightedPlace
from tinytroupe_cli.core.number_format import number
from tinytroupe_cli.reports.breakdowns import Breakdown, Part
from tinytroupe_cli.reports.charts.chart_frame import ChartPlan, ChartRow, Spec, legend_colors, points
from tinytroupe_cli.reports.charts.chart_theme import SERIES
from tinytroupe_cli.reports.figures import answer

SPREAD: Final = 0.16
"""How far apart the parts' marks are in a row, as a share of its height, so that equal places are seen."""


def mean_ranks(breakdown: Breakdown, *, is_narrow: bool = False) -> ChartPlan | None:
    """Draw a mark for each option and part, the option with the best mean place first."""
    places = sorted(_places(breakdown.whole), key=lambda place: place.mean)
    if not places:
        return None
    order = {answer(place.option): at for at, place in enumerate(places)}
    parts = breakdown.parts if len(breakdown.parts) <= len(SERIES) else (breakdown.whole,)
    before = "" if is_narrow else "mean place "
    rows = [
        ChartRow(label=answer(place.option), figure=f"{before}{number(place.mean)}", is_narrow=is_narrow)
        for place in places
    ]
    values = [
        {
            "x": place.mean,
            "y": order[answer(place.option)] + 0.5 + SPREAD * (at - (len(parts) - 1) / 2),
            "part": part.label,
        }
        for at, part in enumerate(parts)
        for place in _places(part)
    ]
    labels = [part.label for part in parts]
    axis: Spec = {
        "type": "quantitative",
        "scale": {"domain": [1, max(2, len(places))], "nice": False, "zero": False},
        "axis": {"title": "mean place (1 is first)", "format": "d", "values": list(range(1, len(places) + 1))},
    }
    color = {"color": legend_colors("part", labels, SERIES[: len(parts)])} if len(parts) > 1 else {}
    return ChartPlan(
        rows=tuple(rows),
        layers=(points(values, rows, axis, size=110, color=SERIES[0], encoding=color),),
        step=40,
        legend=tuple(labels) if len(parts) > 1 else (),
        note="Mean places are weighted." if breakdown.is_weighted else "",
    )


def _places(part: Part) -> Sequence[MeanRank | WeightedPlace]:
    """Return the mean places of options, weighted where people have weights."""
    weighted = part.summary.weighted
    return weighted.places if weighted and weighted.places else part.summary.places
