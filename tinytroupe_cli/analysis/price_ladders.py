"""Price ladders: the demand at each price, and the price of greatest revenue, for each condition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import not_
from statistics import fmean
from typing import Any

from pydantic import Field

from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.units import MIN_UNITS, UnitKind, Units, cell_values, pooled, units_of
from tinytroupe_cli.analysis.weights import weighed_people
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.ladder import is_contradictory
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.types import Plan


class PriceDemand(Frozen):
    """The demand at one price."""

    price: float
    """The price."""
    share: float
    """Share of people (weighted, with weights) whose highest accepted price is this one or a higher one."""
    low: float | None = None
    """Lower end of the simultaneous interval: all prices' shares are in theirs at 1 - `inference.alpha`."""
    high: float | None = None
    """Upper end."""
    said_yes: int
    """Answers with yes at this price itself; fewer than the share counts if ladders are contradictory."""
    revenue: float
    """Price times share: revenue per person."""


class LadderFigures(Frozen):
    """What a price ladder shows, in one condition or in all together."""

    measure: str
    """The measure, as `query.field`."""
    condition: str = ""
    """Name of the condition; empty: all conditions."""
    unit: str = ""
    """The unit of the prices."""
    n: int = 0
    """Number of independent units."""
    units: UnitKind = "person"
    """What they are: people, groups of people who talked, or replicates."""
    stated: int = 0
    """Ladders that were answered."""
    contradictory: int = 0
    """Ladders with no at a price and yes at a higher one; they count with their highest accepted price."""
    none_accepted: int = 0
    """Ladders with no at every price; they count as 0."""
    all_accepted: int = 0
    """Ladders with yes at the highest price."""
    demand: tuple[PriceDemand, ...] = ()
    """The demand at each price, lowest price first."""
    best_price: float | None = None
    """The price at which revenue is greatest, among those asked about."""
    best_low: float | None = None
    """The lowest price that may be the best, at 1 - `inference.alpha`."""
    best_high: float | None = None
    """The highest price that may be the best."""
    alpha: float = 0.05
    """1 minus the level of confidence."""
    why_not: str = Field(default="", exclude_if=not_)
    """Why there are no intervals."""


def price_ladders(plan: Plan, rows: Sequence[Observation]) -> Iterator[LadderFigures]:
    """Yield the figures of each price ladder, over all conditions and, if there are several, for each."""
    conditions = ["", *(condition.name for condition in plan.conditions if len(plan.conditions) > 1)]
    for (query, _), field in plan.fields.items():
        if field.kind == "ladder":
            own = [row for row in rows if (row.query, row.field) == (query, field.name) and row.outcome == "stated"]
            for condition in conditions:
                blank = LadderFigures(
                    measure=f"{query}.{field.name}",
                    condition=condition,
                    unit=field.unit,
                    alpha=plan.inference.alpha,
                )
                told = [row for row in own if condition in {"", row.condition}]
                yield blank.model_copy(update=_figures(plan, field, told))


def _figures(plan: Plan, field: PlannedField, rows: Sequence[Observation]) -> dict[str, Any]:
    if not rows:
        return {"why_not": "nobody stated an answer"}
    units, weighed = units_of(plan, plan.inference.about), weighed_people(plan)
    weights = weighed.for_figures if weighed and units.kind != "replicate" else None
    columns = [_accepted(field, rows, units, price, weights) for price in field.options]
    of_unit = _unit_weights(units, list(columns[0]), weights)
    counts: dict[str, Any] = {
        "n": len(columns[0]),
        "units": units.kind,
        "stated": len(rows),
        "contradictory": sum(is_contradictory(field, row.value) for row in rows),
        "none_accepted": sum(not row.value for row in rows),
        "all_accepted": sum(type_of(field).is_answer(field, row.value, field.options[-1]) for row in rows),
    }
    shares = [fmean(column.values(), of_unit) for column in columns]
    prices = [float(str(price)) for price in field.options]
    demand = [
        PriceDemand(
            price=price,
            share=share,
            said_yes=sum(isinstance(row.value, list) and option in row.value for row in rows),
            revenue=price * share,
        )
        for option, price, share in zip(field.options, prices, shares, strict=True)
    ]
    if len(of_unit) < MIN_UNITS:
        return {**counts, "demand": tuple(demand), "why_not": f"fewer than {MIN_UNITS} units: no intervals"}
    return {**counts, **_intervals(plan, columns, prices, of_unit, demand)}


def _intervals(
    plan: Plan,
    columns: Sequence[dict[str, float]],
    prices: Sequence[float],
    weights: Sequence[float],
    demand: Sequence[PriceDemand],
) -> dict[str, Any]:
    import numpy as np  # noqa: PLC0415 - a run without price ladders loads no numpy

    from tinytroupe_cli.analysis.demand_curve import demand_band, greatest_revenue  # noqa: PLC0415

    accepted = np.column_stack([list(column.values()) for column in columns])
    settings: dict[str, Any] = {
        "resamples": plan.inference.resamples,
        "seed": Stream(plan.seed, "analysis", "ladder").integer(),
        "alpha": plan.inference.alpha,
    }
    band = demand_band(accepted, np.array(weights), **settings)
    found: dict[str, Any] = {
        "demand": tuple(
            one.model_copy(update={"low": interval.low, "high": interval.high})
            for one, interval in zip(demand, band, strict=True)
        )
    }
    if not any(one.share for one in demand):
        return {**found, "why_not": "nobody accepted a price: no price of greatest revenue"}
    revenue = greatest_revenue(accepted, np.array(prices), np.array(weights), **settings)
    return {
        **found,
        "best_price": prices[revenue.best],
        "best_low": prices[revenue.candidates[0]],
        "best_high": prices[revenue.candidates[-1]],
    }


def _accepted(
    field: PlannedField, rows: Sequence[Observation], units: Units, price: Any, weights: Any
) -> dict[str, float]:
    """Return unit -> share of its ladders whose highest accepted price is at least this one."""
    kind = type_of(field)
    return pooled(cell_values(rows, units, lambda row: float(kind.is_answer(field, row.value, price)), weights))


def _unit_weights(units: Units, names: Sequence[str], weights: Any) -> list[float]:
    if weights is None:
        return [1.0] * len(names)
    sums = dict.fromkeys(names, 0.0)
    for person, unit in units.of.items():
        if unit in sums:
            sums[unit] += weights.get(person, 1.0)
    return list(sums.values())
