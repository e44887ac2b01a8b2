"""Which chart answers of each shape get."""

from __future__ import annotations

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.reports.breakdowns import Breakdown
from tinytroupe_cli.reports.charts.amount_bars import amount_bars
from tinytroupe_cli.reports.charts.chart_frame import ChartPlan
from tinytroupe_cli.reports.charts.mean_ranks import mean_ranks
from tinytroupe_cli.reports.charts.number_dots import number_dots
from tinytroupe_cli.reports.charts.scale_bars import has_points, scale_bars
from tinytroupe_cli.reports.charts.share_bars import option_bars, yes_bars


def chart_plan(breakdown: Breakdown, *, is_narrow: bool = False) -> ChartPlan | None:
    """Return the chart of a measure; None: nobody answered, or answers are words."""
    if not breakdown.whole.summary.stated:
        return None
    match type_of(breakdown.field).shape:
        case "binary":
            return yes_bars(breakdown, is_narrow=is_narrow)
        case "nominal" | "entries":
            return option_bars(breakdown, is_narrow=is_narrow)
        case "ordinal" | "numeric":
            drawn = scale_bars if has_points(breakdown) else number_dots
            return drawn(breakdown, is_narrow=is_narrow)
        case "ranking":
            return mean_ranks(breakdown, is_narrow=is_narrow)
        case "amounts":
            return amount_bars(breakdown, is_narrow=is_narrow)
        case "words":
            return None
