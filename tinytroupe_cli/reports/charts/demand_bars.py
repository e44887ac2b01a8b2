"""The demand of a price ladder: the share that accepts each price, with intervals."""

from __future__ import annotations

from collections.abc import Sequence

from tinytroupe_cli.analysis.price_ladders import LadderFigures, PriceDemand
from tinytroupe_cli.core.number_format import number
from tinytroupe_cli.reports.breakdowns import Breakdown
from tinytroupe_cli.reports.charts.chart_frame import ChartPlan
from tinytroupe_cli.reports.charts.chart_theme import SERIES
from tinytroupe_cli.reports.charts.grouped_bars import OptionBar, OptionBars, grouped_bars
from tinytroupe_cli.reports.charts.share_bars import share_axis
from tinytroupe_cli.reports.figures import percent


def demand_bars(breakdown: Breakdown, ladders: Sequence[LadderFigures], *, is_narrow: bool = False) -> ChartPlan | None:
    """Draw a bar for each price and part; `ladders` are of all, then of the parts in their order."""
    whole, *apart = ladders
    is_apart = 0 < len(apart) <= len(SERIES)
    shown, parts = (apart, breakdown.parts) if is_apart else ([whole], (breakdown.whole,))
    if any(len(one.demand) != len(whole.demand) for one in shown):
        return None
    options = [
        OptionBars(
            label=f"{number(at.price)} {whole.unit}".strip(), bars=tuple(_bar(one.demand[place]) for one in shown)
        )
        for place, at in enumerate(whole.demand)
    ]
    labels = [part.label for part in parts]
    plan = grouped_bars(options, labels, share_axis(1), of=breakdown, is_narrow=is_narrow)
    return plan.model_copy(update={"note": _note(breakdown, shown)})


def _bar(at: PriceDemand) -> OptionBar:
    return OptionBar(value=at.share, low=at.low, high=at.high, figure=percent(at.share))


def _note(breakdown: Breakdown, shown: Sequence[LadderFigures]) -> str:
    parts = ["Bars are the shares that accept this price or a higher one."]
    if breakdown.is_weighted and shown[0].units != "replicate":
        parts.append("They are weighted.")
    if any(at.low is not None for one in shown for at in one.demand):
        parts.append(f"Lines are intervals that hold for all prices together{breakdown.counted_once}.")
    return " ".join(parts)
