"""Order effects of each measure: from rows to answers by place, and what may be said of them.

Whatever was shown in more than one order has an entry; one that can't be tested says why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import JsonValue

from tinytroupe_cli.analysis.multiplicity import holm
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.order_result import CorrectedShare, OrderEffect, OrderRow, PlaceShare
from tinytroupe_cli.analysis.units import MIN_UNITS
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.fields.field_type import BY_OPTION
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.said_values import is_same
from tinytroupe_cli.plan.planned_orders import PlannedOrder, items_together
from tinytroupe_cli.plan.types import Plan, PlannedQuery

if TYPE_CHECKING:
    from tinytroupe_cli.analysis.order_effects import OrderEffects
    from tinytroupe_cli.analysis.order_sums import OrderedAnswers
    from tinytroupe_cli.analysis.position_share import PlaceExcess

Of = Literal["options", "scale", "items"]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question to the data: does this measure depend on that order?"""

    plan: Plan
    query: PlannedQuery
    field: PlannedField
    of: Of
    pins: tuple[JsonValue, ...]
    rows: Sequence[Observation]
    """The stated rows whose order is known."""

    @property
    def columns(self) -> Sequence[JsonValue]:
        """Return the options whose shares or amounts are told apart; one null where the measure is one number."""
        if type_of(self.field).shape not in BY_OPTION:
            return (None,)
        return [option for option in self.field.options if not any(is_same(option, pin) for pin in self.pins)]

    @property
    def has_amounts(self) -> bool:
        """Return whether each option has a number of its own."""
        return type_of(self.field).shape == "amounts"

    def value(self, row: Observation, option: JsonValue) -> float:
        """Return an answer as a number: whether it is the option, the option's amount, or its own."""
        kind = type_of(self.field)
        if kind.shape == "amounts":
            return kind.as_number(self.field, row.value, option) or 0.0
        if option is not None:
            return float(kind.is_answer(self.field, row.value, option))
        return float(row.value is True) if kind.shape == "binary" else kind.as_number(self.field, row.value) or 0.0

    def place(self, row: Observation, option: JsonValue) -> int:
        """Return where the option stood, the scale's direction, or the item's place, from 0."""
        match self.of:
            case "options":
                return next(place for place, shown in enumerate(row.shown) if is_same(shown, option))
            case "scale":
                return int(not is_same(row.shown[0], type_of(self.field).listing(self.field)[0]))
            case "items":
                return row.item_position - 1

    @property
    def count(self) -> int:
        """Return the number of places."""
        match self.of:
            case "options":
                return len(self.columns)
            case "scale":
                return 2
            case "items":
                return len(items_together(self.query.fields))


def order_tables(plan: Plan, rows: Sequence[Observation]) -> list[OrderEffect]:
    """Return the order effects of each measure by its options, its scale and its place among the items."""
    effects = [_effect(asked) for asked in _all_asked(plan, rows)]
    own = iter(holm([effect.p for effect in effects if effect.p is not None]))
    return [effect if effect.p is None else effect.model_copy(update={"p_corrected": next(own)}) for effect in effects]


def _all_asked(plan: Plan, rows: Sequence[Observation]) -> Iterator[_Asked]:
    queries = {query.name: query for trial in plan.trials for query in trial.queries if query.procedure != "judge"}
    by_measure: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for row in rows:
        if row.outcome == "stated":
            by_measure[row.query, row.field].append(row)
    for query in queries.values():
        orders = {order.field: order for order in query.orders}
        for field in (asked_field for asked_field in query.fields if asked_field.rating is None):
            kind, own = type_of(field), by_measure[query.name, field.name]
            if kind.ordering:
                of: Of = "options" if kind.ordering == "options" else "scale"
                shown = [row for row in own if row.shown]
                if shown or not own:  # runs of earlier versions have no order of scales
                    yield _Asked(plan, query, field, of, _pins(field, orders.get(field.name)), shown)
            if "" in orders and kind.scale is not None:
                yield _Asked(plan, query, field, "items", (), [row for row in own if row.item_position])


def _pins(field: PlannedField, order: PlannedOrder | None) -> tuple[JsonValue, ...]:
    return tuple(field.options[place] for place in order.last) if order else ()


def _effect(asked: _Asked) -> OrderEffect:
    people = {row.person for row in asked.rows}
    orders = {tuple(asked.place(row, column) for column in asked.columns) for row in asked.rows}
    blank = OrderEffect(
        measure=f"{asked.query.name}.{asked.field.name}",
        of=asked.of,
        scale="share" if len(asked.columns) > 1 and not asked.has_amounts else type_of(asked.field).scale or "share",
        people=len(people),
        orders=len(orders),
        alpha=asked.plan.inference.alpha,
    )
    if why := _why_not(len(people), len(orders)):
        return blank.model_copy(update={"why_not": why})
    # A run whose report has no test loads neither numpy nor scipy.
    from tinytroupe_cli.analysis.order_effects import OrderDraws, order_effects  # noqa: PLC0415

    inference = asked.plan.inference
    low, high = type_of(asked.field).range(asked.field)
    found = order_effects(
        _answers(asked),
        "slope" if asked.of == "items" else "last_minus_first",
        is_choice=asked.of == "options" and not asked.pins and not asked.has_amounts,
        width=1.0 if blank.scale == "share" else high - low,
        draws=OrderDraws(
            inference.permutations,
            inference.resamples,
            Stream(asked.plan.seed, "analysis", "orders").integer(),
            inference.alpha,
        ),
    )
    return blank.model_copy(update={"rows": tuple(_rows(asked, found)), "p": found.p, **_places(asked, found)})


def _why_not(people: int, orders: int) -> str:
    if not people:
        return "no answers"
    if orders == 1:
        return "everybody was shown the same order"
    return f"fewer than {MIN_UNITS} people: not tested" if people < MIN_UNITS else ""


def _answers(asked: _Asked) -> OrderedAnswers:
    """Return the answers as arrays: people, their replicates and samples, options; conditions are averaged."""
    import numpy as np  # noqa: PLC0415

    from tinytroupe_cli.analysis.order_sums import OrderedAnswers  # noqa: PLC0415

    people = list(dict.fromkeys(row.person for row in asked.rows))
    slots = list(dict.fromkeys((row.replicate, row.sample) for row in asked.rows))
    shape = (len(people), len(slots), len(asked.columns))
    sums, places, counts = np.zeros(shape), np.full(shape, -1), np.zeros(shape[:2])
    person_at = {person: at for at, person in enumerate(people)}
    slot_at = {slot: at for at, slot in enumerate(slots)}
    for row in asked.rows:
        at = person_at[row.person], slot_at[row.replicate, row.sample]
        counts[at] += 1
        for column, option in enumerate(asked.columns):
            sums[(*at, column)] += asked.value(row, option)
            places[(*at, column)] = asked.place(row, option)
    values = sums / np.maximum(counts, 1)[..., None]
    return OrderedAnswers(values, counts, places, _cells(asked, people), asked.count)


def _cells(asked: _Asked, people: Sequence[str]) -> tuple[int, ...]:
    """Return a number for each person: the same for those who are in the same conditions."""
    conditions: dict[str, set[str]] = defaultdict(set)
    for trial in asked.plan.trials:
        for member in trial.people:
            conditions[member.id].add(trial.condition)
    kinds = [frozenset(conditions[person]) for person in people]
    numbers = {kind: number for number, kind in enumerate(dict.fromkeys(kinds))}
    return tuple(numbers[kind] for kind in kinds)


def _rows(asked: _Asked, found: OrderEffects) -> Iterator[OrderRow]:
    for option, column in zip(asked.columns, found.columns, strict=True):
        yield OrderRow(
            option=option,
            first=column.by_place[0],
            middle=column.middle,
            last=column.by_place[-1],
            estimate=column.estimate,
            low=column.interval.low if column.interval else None,
            high=column.interval.high if column.interval else None,
            p=column.p,
        )


def _places(asked: _Asked, found: OrderEffects) -> dict[str, object]:
    """Return the first and last place; a position share only where the test over all rows and its own find it."""
    if asked.of != "options" or asked.has_amounts:
        return {}
    if found.first is None or found.last is None:
        return {"why_not": "some options always come last: no position share"}
    alpha = asked.plan.inference.alpha
    is_found = found.p <= alpha
    first = _place("first", found.first, asked.columns, is_told=is_found and found.first.p <= alpha)
    last = _place("last", found.last, asked.columns, is_told=is_found and found.last.p <= alpha)
    return {"places": (first, last)}


def _place(
    name: Literal["first", "last"], excess: PlaceExcess, options: Sequence[JsonValue], *, is_told: bool
) -> PlaceShare:
    blank = PlaceShare(place=name, share=excess.share, p=excess.p)
    if not is_told or excess.position_share is None or excess.interval is None or excess.position_share <= 0:
        return blank
    corrected = zip(options, excess.shares, excess.corrected, excess.corrected_intervals, strict=True)
    return blank.model_copy(
        update={
            "b": excess.position_share,
            "low": excess.interval.low,
            "high": excess.interval.high,
            "corrected": tuple(
                CorrectedShare(option=option, share=share, corrected=value, low=ends.low, high=ends.high)
                for option, share, value, ends in corrected
            ),
        }
    )
