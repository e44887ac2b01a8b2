"""How often each order of options, scales and items will be shown. The words are in templates/."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.planned_sets import pair_counts
from tinytroupe_cli.plan.types import PlannedField, PlannedQuery
from tinytroupe_cli.spec.orders import OrderRule


@dataclass(frozen=True, slots=True)
class ShownOrders:
    """The orders of one field, or of a query's items."""

    of: Literal["options", "scales", "items"]
    rule: OrderRule
    orders: int = 1
    """Different orders that are balanced."""
    people: tuple[int, ...] = ()
    """People who start with each order, as numbered in the plan; empty: it is about the whole world."""
    last: tuple[JsonValue, ...] = ()
    """Options that always come last."""


def shown_orders(query: PlannedQuery, field: PlannedField) -> ShownOrders | None:
    """Return the orders of a field's options or scale; None: it has none, or a scale that is read as written."""
    order = next((planned for planned in query.orders if planned.field == field.name), None)
    kind = type_of(field).ordering
    if not kind or query.procedure == "judge" or (order is None and kind == "scales"):
        return None
    if order is None:
        return ShownOrders(kind, "random")
    last = tuple(field.options[place] for place in order.last)
    return ShownOrders(kind, order.rule, order.count, _people(query, order.starts, order.count), last)


def item_orders(query: PlannedQuery) -> ShownOrders | None:
    """Return the orders of a query's items; None: as written."""
    order = next((planned for planned in query.orders if not planned.field), None)
    return order and ShownOrders("items", order.rule, order.count, _people(query, order.starts, order.count))


@dataclass(frozen=True, slots=True)
class SetBalance:
    """How the sets of a best-worst task are balanced."""

    times: int
    """Sets of a person that each option is in."""
    own: tuple[int, int]
    """Least and most sets of a person in which two options meet."""
    versions: int
    """Different versions of the sets."""
    all: tuple[int, int]
    """Least and most sets of all versions in which two options meet."""


def set_balance(query: PlannedQuery, field: PlannedField) -> SetBalance | None:
    """Return how often options and pairs of options are in the sets of a field; None: it has no sets."""
    planned = next((own for own in query.sets if own.field == field.name), None)
    if planned is None:
        return None
    count = len(field.options)
    own, every = pair_counts(planned.versions[:1], count), pair_counts(planned.versions, count)
    times = field.sets * field.set_size // count
    return SetBalance(times, (min(own), max(own)), len(planned.versions), (min(every), max(every)))


def _people(query: PlannedQuery, starts: dict[str, int], orders: int) -> tuple[int, ...]:
    counts = Counter(starts.values())
    return tuple(counts[number] for number in range(orders)) if query.people else ()
